//! What every service shares (the microservice-chassis pattern): configuration, telemetry, lifecycle,
//! HTTP basics, tokens.
//!
//! A service is a thin `main` over [`service::Service`], which parses the command line, starts
//! [`telemetry`], hands over an [`config::Env`] and a [`lifecycle::Shutdown`], and turns the outcome into an exit
//! code. Its public API is an axum router finished by [`http::Stack`] and served by [`http::serve`]; its
//! private port is [`private::router`]. Who is calling is said by [`auth::Caller`].
//!
//! Nothing here knows what the platform computes: a rule that holds for one service alone does not belong here.

pub mod auth;
pub mod clock;
pub mod config;
pub mod entropy;
pub mod healthcheck;
pub mod http;
pub mod lifecycle;
pub mod openapi;
pub mod private;
pub mod revision;
pub mod service;
pub mod telemetry;

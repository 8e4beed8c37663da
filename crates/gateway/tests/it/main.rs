//! The gateway against real Postgres and Redis, over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must say so")]

mod admin_dispatch;
mod admin_jobs;
mod attacks;
mod audit;
mod data;
mod devices;
mod house;
mod links;
mod mlflow;
mod passwords;
mod release_commands;
mod resumable;
mod service;
mod sessions;
mod shares;
mod sign_in;
mod streams;
mod users;
mod without_postgres;
mod workspaces;

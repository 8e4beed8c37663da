//! What chassis promises, over real sockets.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must say so")]

mod attacks;
mod auth;
mod healthcheck;
mod lifecycle;
mod problems;
mod rate;
mod server;
mod support;

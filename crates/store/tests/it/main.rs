//! The store against a real Postgres: each test has a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be is to panic")]

mod access;
mod derivations;
mod dispatch;
mod house;
mod life;
mod schema;
mod uploads;

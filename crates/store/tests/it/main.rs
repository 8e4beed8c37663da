//! The store against a real Postgres: each test has a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be is to panic")]

mod access;
mod admin;
mod claim_rules;
mod deletion;
mod derivations;
mod dispatch;
mod fairness;
mod history;
mod house;
mod life;
mod lists;
mod pauses;
mod recoveries;
mod schema;
mod uploads;

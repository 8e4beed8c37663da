//! The worker as a real process, with real signals, a real Postgres and a real Redis.
#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something must be is to panic")]

mod faults;
mod house;
mod life;

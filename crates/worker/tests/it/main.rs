//! The worker as a real process, with real signals, a real Postgres and a real Redis.

mod derivations;
mod fairness;
mod faults;
mod house;
mod life;
mod limits;
#[cfg(test)]
mod mlflow;
mod releases;

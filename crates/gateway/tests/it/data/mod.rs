//! Agents, datasets, analyses and their events.

mod all_events;
mod analyses;
mod dependents;
mod derivations;
mod events;
mod events_lost;
mod expectation;
mod foreign;
mod formats;
mod idempotency;
pub(crate) mod lab;
mod limits;
mod refused_uploads;
pub(crate) mod reproduce;
mod search;
mod sse;
mod submitting;
mod uploads;
mod without_redis;
pub(crate) mod worker;

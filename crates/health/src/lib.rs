//! One place that knows the state of everything.
//!
//! * [`part`]: what is watched, and what a check answers. Pure.
//! * [`ports`]: what is needed of the world.
//! * [`view`]: what callers are told; the shapes of the HTTP API.

pub mod part;
pub mod ports;
pub mod view;

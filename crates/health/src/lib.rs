//! The state of everything, in one place that depends on none of it.
//!
//! * [`part`]: what is watched and what stands on what. [`reading`]: what one look at a part told. Pure.
//! * [`judge`]: what is to be thought of it and who is to blame: thresholds, root causes, flapping, maintenance. Pure.
//! * [`cause`]: which release probably did it.
//! * [`board`]: how everything stands now, for readers that must never wait.

pub mod board;
pub mod cause;
pub mod judge;
pub mod part;
pub mod reading;
pub mod view;

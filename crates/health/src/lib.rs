//! The state of everything, in one place that depends on none of it.
//!
//! * [`part`]: what is watched and what stands on what. [`reading`]: what one look at a part told. Pure.
//! * [`judge`]: what is to be thought of it and who is to blame: thresholds, root causes, flapping, maintenance. Pure.
//! * [`cause`]: which release probably did it.
//! * [`keep`]: what was seen, for as long as it is worth knowing; [`uptime`]: shares of time.
//! * [`alerts`]: what people are told.
//! * [`board`]: how everything stands now, for readers that must never wait.

pub mod alerts;
pub mod board;
pub mod cause;
pub mod judge;
pub mod keep;
pub mod part;
pub mod reading;
pub mod uptime;
pub mod view;

//! The state of everything, in one place that depends on none of it.
//!
//! * [`part`]: what is watched and what stands on what. [`reading`]: what one look at a part told. Pure.
//! * [`board`]: how everything stands now, for readers that must never wait.

pub mod board;
pub mod part;
pub mod reading;
pub mod view;

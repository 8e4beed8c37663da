//! Signed webhook to live release, or back.
//!
//! * [`release`]: what is released. Pure.
//! * [`ports`]: what is needed of the world.

pub mod ports;
pub mod release;

//! Signed webhook to live release, or back.
//!
//! * [`release`]: what is released. Pure.
//! * [`machine`]: how a deployment goes, forward and back. Pure.
//! * [`journal`]: what was asked, what was done, what is live.
//! * [`ports`]: what is needed of the world.
//! * [`handle`]: the deployer as the rest of the program holds it; [`order`]: what can be asked of it; [`view`]: what it
//!   tells; [`settings`]: how it works.

mod engine;
pub mod handle;
pub mod journal;
pub mod machine;
pub mod order;
pub mod pace;
mod paths;
pub mod ports;
pub mod release;
pub mod settings;
pub mod view;

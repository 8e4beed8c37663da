//! Signed webhook to live release, or back.
//!
//! * [`adapters`]: the real ones.
//! * [`release`]: what is released. Pure.
//! * [`machine`]: how a deployment goes, forward and back. Pure.
//! * [`journal`]: what was asked, what was done, what is live; the one SQLite module.
//! * [`ports`]: what is needed of the world. `engine`: carries out what the machine says, over the ports, by the journal.
//! * [`handle`]: the deployer as the rest of the program holds it; [`order`]: what can be asked of it; [`view`]: what it
//!   tells; [`settings`]: how it works.
//!
//! `docs/deployer.md` tells how they work together, and what a kill at each step leads to.

pub mod adapters;
mod engine;
mod following;
pub mod handle;
pub mod journal;
pub mod machine;
pub mod order;
pub mod pace;
mod paths;
mod planning;
pub mod ports;
mod reading;
pub mod release;
pub mod settings;
pub mod view;

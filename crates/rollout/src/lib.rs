//! Releases on a server of its own.

pub mod github;
pub mod layer;
pub mod load;
pub mod registry;
pub mod release;
pub mod server;

//! The adapters against a real Docker engine, real compose and the platform's own nginx. What is rolled behind it is small:
//! services that are ready when they are told to be, end when they are told to, and tell their revision.
//!
//! `cargo test -p deployer --features engine-tests --test docker`, as root or whoever may use the engine's socket. Everything
//! carries the test's own name and is taken down by `Drop`.

#[cfg(test)]
mod building;
#[cfg(test)]
mod platform;
#[cfg(test)]
mod reclaiming;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod releasing;
#[cfg(test)]
mod replacing;
#[cfg(test)]
mod signals;

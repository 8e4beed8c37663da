//! The health service, whole and in parts, over real sockets and files, and what it tells people over a time that a test lets
//! go by.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must say so")]

mod api;
mod judge;
mod keep;
mod stage;
mod watching;

//! The health service, whole and in parts, over real sockets and files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must say so")]

mod api;

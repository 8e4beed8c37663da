//! What the server reaches outside, as git itself and a service meet it.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod fixture;
mod git;

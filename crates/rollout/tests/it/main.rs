//! What the server reaches outside, as git itself and a service meet it.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

mod fixture;
mod git;

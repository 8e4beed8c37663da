//! What the server reaches outside, as git itself and a service meet it.

mod fixture;
mod git;

//! The deployer over a world on paper, where each step can be made to go wrong; and its parts against real ones that need
//! no Docker engine.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on must say so")]

mod back;
#[cfg(test)]
mod git;
mod good;
mod journal;
mod later;
#[cfg(test)]
mod logged;
mod orders;
mod paper;
mod program;
mod resume;
mod rig;
mod rollback;
mod surface;
mod telling;

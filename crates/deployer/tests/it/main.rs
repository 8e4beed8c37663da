//! The deployer over a world on paper, where each step can be made to go wrong; and its parts against real ones that need
//! no Docker engine.

mod back;
#[cfg(test)]
mod git;
mod good;
mod journal;
#[cfg(test)]
mod logged;
mod orders;
mod paper;
mod resume;
mod rig;
mod rollback;
mod surface;
mod telling;

//! The deployer's parts against real ones that need no Docker engine.

mod git;
mod logged;

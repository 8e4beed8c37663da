//! Releases on a server of their own, under load and under every fault: what `make test-deploy` and `make bench-deploy` do.
//!
//! | module | what for |
//! | --- | --- |
//! | [`server`] | a machine within this one: namespaces, a disk that can be filled, a Docker engine that can be restarted |
//! | [`registry`], [`layer`], [`release`] | images made of built ones in a moment; how each goes wrong |
//! | [`github`] | the repository over smart HTTP, web hooks, and who else is told |
//! | [`platform`] | production on the server; what Docker and Postgres say of it |
//! | [`load`] | requests by clients that never try again, streams, a resumable upload |
//! | [`deployments`] | the deployer's API and log |
//! | [`rig`] | all of that together |
//! | [`case`](mod@case), [`cases`], [`judge`] | what is tried, and what has to be so each time |
//! | [`run`], [`report`], [`cli`] | one case after the other, and what came out |
//! | [`bench`](mod@bench) | seconds to live and back, beside plain compose |
//!
//! To add a case: a function in [`cases`] and its line in the table there. A way to go wrong is a [`release::Fault`] and, when
//! a program has to stand in front of the service, a word of `bin/fixture.rs`.

pub mod bench;
pub mod case;
pub mod cases;
pub mod cli;
pub mod deployments;
pub mod github;
mod images;
pub mod judge;
pub mod layer;
pub mod load;
pub mod platform;
pub mod registry;
pub mod release;
pub mod report;
pub mod rig;
pub mod run;
pub mod server;

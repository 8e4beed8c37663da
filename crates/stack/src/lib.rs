//! The platform in containers, brought up by its real compose files in each tier and looked at from outside.
//!
//! | module | what for |
//! | --- | --- |
//! | [`command`], [`engine`] | programs run to their end; the Docker engine, by its command line |
//! | [`site`] | a copy of the clone, with image names and project names of its own |
//! | [`project`] | one tier brought up; it takes itself down |
//! | [`outside`] | a network namespace: this machine as a stranger on the network sees it |
//! | [`case`](mod@case), [`cases`] | what is checked |
//! | [`run`], [`report`] | one case after the other, and what came out |
//! | [`bench`](mod@bench) | sizes, times and memory: `make bench-stack` |
//! | [`alarms`] | parts are hurt, and what health tells of it is counted: `make test-health`, `make bench-health` |
//! | [`cli`] | the command line |
//!
//! Docker is spoken to by its command line alone, as people do it. To add a check: a function in [`cases`] and its line in
//! the table there. What a run makes carries the run's name (`e2i-test-...`) and is taken down by `Drop`, after a failure
//! and after Ctrl-C too.

pub mod alarms;
pub mod bench;
pub mod case;
pub mod cases;
pub mod cli;
pub mod command;
pub mod engine;
pub mod outside;
pub mod project;
pub mod report;
pub mod run;
pub mod site;
pub mod warm;

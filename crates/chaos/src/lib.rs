//! A small Jepsen for dispatch: real processes on real servers, real signals and a fault proxy between them, and a checker
//! that judges the history they leave in Postgres.
//!
//! | module | what for |
//! | --- | --- |
//! | [`plan`] | what is asked and what goes wrong, drawn from a seed |
//! | [`proxy`] | the network between a process and a server, and what can be done to it |
//! | [`guards`] | the guards of dispatch, each of which can be taken out on the wire |
//! | [`backends`], [`fleet`] | the servers and the services of a run |
//! | [`workload`], [`nemesis`] | the clients, and who spoils their day |
//! | [`history`] | what became of every job, noted by a trigger |
//! | [`checker`] | from a history to a verdict |
//! | [`run`], [`report`], [`cli`] | all of it together: `make chaos`, `make chaos-guards`, and in short in `make test` |
//!
//! Nothing of this is in a product's program, and no product has a switch for it. To add a fault: a variant in [`plan`],
//! what it does in [`nemesis`], a row in `docs/DISPATCH.md`.

pub mod backends;
pub mod checker;
pub mod cli;
pub mod fleet;
pub mod guards;
pub mod history;
pub mod nemesis;
pub mod plan;
pub mod proxy;
pub mod report;
pub mod run;
pub mod workload;

//! `e2i`: the whole platform on this machine, and each of its services.

use std::process::ExitCode;

use chassis::config::Env;
use clap::Parser as _;
use local::cli::{Cli, Command};

/// Counts what a child holds; elsewhere it is the system's own.
#[global_allocator]
static MEMORY: worker::Counting = worker::Counting;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Service(service) => local::services::run(&service, Env::from_process()),
        command => local::run(command),
    }
}

//! `chaos`: one run of a small Jepsen against the platform's services, which this program is as well.

use std::process::ExitCode;

use chaos::cli::{Cli, Command, obey};
use chassis::config::Env;
use clap::Parser as _;

/// As in the services' own programs: counts what a child holds.
#[global_allocator]
static MEMORY: worker::Counting = worker::Counting;

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Service(service) => local::services::run(&service, Env::from_process()),
        Command::Run(arguments) => obey(arguments),
    }
}

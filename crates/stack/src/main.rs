//! `stack`: the platform in containers, tested and measured.

use std::process::ExitCode;

use clap::Parser as _;
use stack::cli::{Cli, obey};

fn main() -> ExitCode {
    obey(Cli::parse())
}

//! `rollout`: releases on a server of their own, tested and measured.

use std::process::ExitCode;

use clap::Parser as _;
use rollout::cli::{Cli, obey};

fn main() -> ExitCode {
    obey(Cli::parse())
}

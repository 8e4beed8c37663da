//! Orders by hand.

use chassis::config::Env;
use chassis::lifecycle::Shutdown;
use clap::{ArgMatches, Command};

/// The subcommands.
#[must_use]
pub fn commands() -> Vec<Command> {
    Vec::new()
}

/// Carries one out.
///
/// # Errors
/// It was refused or failed.
pub async fn run(name: &str, _arguments: &ArgMatches, _env: &Env, _shutdown: &Shutdown) -> anyhow::Result<()> {
    anyhow::bail!("there is no subcommand {name:?}")
}

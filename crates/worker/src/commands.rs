//! What the program answers without working: for the deployer, which asks in a worker's image or container.

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::Context as _;
use chassis::config::Env;
use chassis::healthcheck;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::load;

const AGENTS: &str = "agents";
const LOAD: &str = "load";

/// An agent version that this release computes.
#[derive(Serialize)]
struct AgentVersion {
    agent: &'static str,
    version: i32,
}

/// `agents`: needs nothing of the environment.
pub(crate) fn agents() -> Command {
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("As a JSON array on one line");
    Command::new(AGENTS).about("List the agent versions that this release computes").arg(json)
}

/// `load`: asks the worker that runs here.
pub(crate) fn load() -> Command {
    Command::new(LOAD).about("Tell, as JSON, what the worker that runs here has in hand, and whether it rests")
}

/// Does what `name` asks.
///
/// # Errors
/// When nobody answers, or there is no such command.
pub(crate) fn run(name: &str, arguments: &ArgMatches, env: &Env) -> anyhow::Result<()> {
    match name {
        AGENTS => list(arguments.get_flag("json")),
        LOAD => say(&healthcheck::ask(private_address(env)?, load::PATH)?),
        _ => anyhow::bail!("the worker has no subcommand `{name}`"),
    }
}

fn list(as_json: bool) -> anyhow::Result<()> {
    let versions = domain::agents::all().iter().map(|agent| AgentVersion { agent: agent.name, version: agent.version });
    if as_json {
        return say(&serde_json::to_string(&versions.collect::<Vec<_>>())?);
    }
    versions.into_iter().try_for_each(|AgentVersion { agent, version }| say(&format!("{agent} {version}")))
}

fn private_address(env: &Env) -> anyhow::Result<SocketAddr> {
    let mut read = env.reader();
    let address = read.parse_or("WORKER_PRIVATE_LISTEN", crate::config::PRIVATE_LISTEN);
    Ok(read.finish(|| Some(address))?)
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("print")
}

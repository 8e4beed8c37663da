//! Orders by hand: the same program as a client of the deployer's API.
//!
//! Without `E2I_EMAIL` it goes through the socket in the state folder (on the server, inside the deployer's container: whoever
//! can do that is root there). With `E2I_EMAIL` and `E2I_PASSWORD` (or `_FILE`) it signs in at `PUBLIC_URL`, from anywhere.
//! `deploy --first` is for a server on which no deployer runs yet: the same engine, in this process ([`first`]).
//!
//! Exit codes, the same for all: 0 done and well, 1 it failed or was taken back, 2 wrong arguments, 3 refused, 4 no deployer
//! answers, 78 wrong configuration. `--json` prints one JSON document to standard output and nothing else there.

mod arguments;
mod client;
mod first;
mod health;
mod orders;
mod print;

use chassis::config::Env;
use chassis::lifecycle::Shutdown;
use chassis::service::ExitWith;
use clap::ArgMatches;

pub use arguments::commands;

use client::Client;

/// It failed, or was taken back.
const FAILED: u8 = 1;
/// It was refused.
const REFUSED: u8 = 3;
/// No deployer answers, or nobody is signed in.
const UNREACHABLE: u8 = 4;

/// Carries one out.
///
/// # Errors
/// An [`ExitWith`] that says how it ended.
pub async fn run(name: &str, arguments: &ArgMatches, env: &Env, shutdown: &Shutdown) -> anyhow::Result<()> {
    let json = arguments.get_flag("json");
    if name == "health-check" {
        return health::check(env, json).await;
    }
    if name == "deploy" && arguments.get_flag("first") {
        return first::deploy(arguments, env, shutdown).await;
    }
    let client = Client::open(env).await?;
    match name {
        "deploy" if arguments.get_flag("dry-run") => orders::plan(&client, arguments).await,
        "deploy" => orders::deploy(&client, arguments).await,
        "rollback" => orders::rollback(&client, arguments).await,
        "cancel" => orders::cancel(&client, arguments).await,
        "plan" => orders::plan(&client, arguments).await,
        "resume" => orders::resume(&client, json).await,
        "pause" => orders::pause(&client, arguments).await,
        "status" => orders::status(&client, json).await,
        other => anyhow::bail!("there is no subcommand {other:?}"),
    }
}

/// Ends with this code and these words.
fn exit(code: u8, words: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(ExitWith { code, words: words.into() })
}

//! `deploy --first`: on a server where no deployer runs yet, the same engine in this process. It takes the state folder's lock,
//! adopts what compose has started, releases, and ends; the deployer that is started afterwards goes on from its journal.

use std::sync::Arc;

use chassis::clock::SystemClock;
use chassis::config::Env;
use chassis::lifecycle::Shutdown;
use clap::ArgMatches;
use futures::StreamExt as _;

use super::{FAILED, REFUSED, exit, print};
use crate::command_line::ports;
use crate::config::Config;
use crate::handle::Deployer;
use crate::order::{Options, OrderError};
use crate::release::DeploymentId;
use crate::view::{Followed, State};

/// Who ordered it, in the journal.
const BY: &str = "first deploy, by hand";

pub(super) async fn deploy(arguments: &ArgMatches, env: &Env, shutdown: &Shutdown) -> anyhow::Result<()> {
    let config = Config::read(env)?;
    let deployer = Deployer::open(config.settings.clone(), ports(&config)?, Arc::new(SystemClock))?;
    let stop = shutdown.soft.clone();
    let engine = tokio::spawn({
        let (deployer, stop) = (deployer.clone(), stop.clone());
        async move { deployer.run(stop).await }
    });
    let outcome = release(&deployer, arguments).await;
    // Whatever came of it stands in the journal.
    stop.cancel();
    engine.await??;
    outcome
}

async fn release(deployer: &Deployer, arguments: &ArgMatches) -> anyhow::Result<()> {
    let text = |name: &str| arguments.get_one::<String>(name).cloned().unwrap_or_default();
    let options = Options { force: arguments.get_flag("force"), note: text("note") };
    let json = arguments.get_flag("json");
    if arguments.get_flag("dry-run") {
        let plan = serde_json::to_value(deployer.plan(&text("ref")).await.map_err(refused)?)?;
        if json {
            print::json(&plan);
        } else {
            print::plan(&plan);
        }
        return Ok(());
    }
    let ordered = deployer.deploy(&text("ref"), BY, options).await.map_err(refused)?;
    follow(deployer, ordered.id, !json).await?;
    let ended = deployer.get(ordered.id).await.map_err(refused)?;
    let summary = serde_json::to_value(&ended.summary)?;
    if json {
        print::json(&summary);
    } else {
        print::line(&print::summary(&summary));
    }
    match ended.summary.state {
        State::Live | State::Replaced => Ok(()),
        State::Refused => Err(exit(REFUSED, "")),
        _ => Err(exit(FAILED, "")),
    }
}

async fn follow(deployer: &Deployer, id: DeploymentId, aloud: bool) -> anyhow::Result<()> {
    let mut followed = Box::pin(deployer.follow(id, 0).await.map_err(refused)?);
    while let Some(next) = followed.next().await {
        match next {
            Followed::Line(line) if aloud => {
                let step = line.step.map(|step| step.to_string()).unwrap_or_default();
                print::line(&format!("{step:>11} | {}", line.line));
            }
            Followed::End => break,
            _ => {}
        }
    }
    Ok(())
}

fn refused(error: OrderError) -> anyhow::Error {
    match error {
        OrderError::Internal(cause) => cause,
        refused => exit(REFUSED, refused.to_string()),
    }
}

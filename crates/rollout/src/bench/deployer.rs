//! The deployer: images that are pulled, then images that it builds itself, on one server under the same load.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::{Options, Part, builds, median};
use crate::case::{Ended, Trial};
use crate::deployments::ENDS_WITHIN;
use crate::judge::{is_live, steps};
use crate::platform::only;
use crate::release::Fault;
use crate::release::Service::{Frontend, Gateway, Worker};
use crate::rig::{Rig, RigOptions, say};

const TIMES: usize = 3;
/// After the last release nobody asks the deployer anything for so long.
const IDLE: Duration = Duration::from_secs(20);

pub(super) async fn measure(options: &Options) -> anyhow::Result<BTreeMap<&'static str, f64>> {
    let mut rig = Rig::make(&RigOptions { with_deployer: true, ..options.rig.clone() }).await.context("make a rig")?;
    let seed = options.rig.plan.seed;
    let mut figures = BTreeMap::new();
    let mut failed = 0.0;
    figures.insert("live_no_change_s", {
        let mut trial = Trial::begin(&mut rig, seed);
        let seconds = live(&mut trial, &[]).await?.seconds;
        failed += failures(&trial);
        seconds
    });
    if options.part != Part::Built {
        failed += with_pulled_images(&mut rig, seed, &mut figures).await?;
    }
    if options.part != Part::Pulled {
        let mut trial = Trial::begin(&mut rig, seed);
        figures.extend(builds::measure(&mut trial).await.context("builds")?);
        failed += failures(&trial);
    }
    figures.insert("failed_requests", failed);
    Ok(figures)
}

/// Images that are pulled; gives how many requests failed.
async fn with_pulled_images(
    rig: &mut Rig,
    seed: u64,
    figures: &mut BTreeMap<&'static str, f64>,
) -> anyhow::Result<f64> {
    let mut failed = 0.0;
    let (mut pulled, mut back, mut spans) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let mut trial = Trial::begin(rig, seed);
        let before = trial.deployments.live().await?;
        let ended = live(&mut trial, &[Gateway, Worker, Frontend].map(|service| (service, Fault::None))).await?;
        pulled.push(ended.seconds);
        spans.push(worst_ms(&trial));
        back.push(roll_back(&mut trial, &ended, before).await?);
        failed += failures(&trial);
    }
    figures.insert("live_pulled_s", median(pulled));
    figures.insert("rollback_s", median(back));
    figures.insert("release_p99_ms", median(spans));
    tokio::time::sleep(IDLE).await;
    figures.insert("deployer_idle_mib", memory_mib(rig).await?);
    Ok(failed)
}

/// Releases, and says how it went.
pub(super) async fn live(trial: &mut Trial<'_>, changes: &[(crate::release::Service, Fault)]) -> anyhow::Result<Ended> {
    let ended = trial.goes_live(changes).await?;
    say(&format!("live after {:.1} s: {}", ended.seconds, steps(&ended.deployment)));
    Ok(ended)
}

fn failures(trial: &Trial<'_>) -> f64 {
    let account = trial.rig.load.ledger.account();
    let count = account.failures().count();
    if count > 0 {
        say(&format!("{count} of {} failed:\n{}", account.records.len(), account.told(5)));
    }
    count as f64
}

fn worst_ms(trial: &Trial<'_>) -> f64 {
    trial.rig.load.ledger.account().percentile_ms(99)
}

/// From the order until the last request was begun that the newer release answered.
async fn roll_back(trial: &mut Trial<'_>, newer: &Ended, to: i64) -> anyhow::Result<f64> {
    let ordered = Instant::now();
    let id = trial.deployments.roll_back(to, false).await?;
    let deployment = trial.deployments.ended_by_number(id, ENDS_WITHIN).await?;
    ensure!(deployment["state"] == "live", "the rollback is {}: {}", deployment["state"], deployment["reason"]);
    let account = trial.rig.load.ledger.account();
    let last =
        account.last_begun_with(&newer.release.revisions["gateway"]).context("the newer release answered nothing")?;
    trial.rig.live = trial.before.clone();
    is_live(trial.rig, &trial.before.commit, &trial.before.revisions).await?;
    let seconds = last.saturating_duration_since(ordered).as_secs_f64();
    say(&format!("back after {seconds:.2} s: {}", steps(&deployment)));
    Ok(seconds)
}

async fn memory_mib(rig: &Rig) -> anyhow::Result<f64> {
    let deployer = only(&rig.server, "deployer").await?.id;
    let text = rig.server.docker(&["stats", "--no-stream", "--format", "{{.MemUsage}}", &deployer]).await?;
    stack::engine::mebibytes(text.split('/').next().unwrap_or_default().trim())
}

//! What dies: the deployer at each of its steps, a gateway, the engine, the server.

use std::time::Duration;

use anyhow::{Context, ensure};
use rand::RngExt as _;
use stack::case::Figures;
use stack::command::until;

use crate::case::{Ended, Trial};
use crate::deployments::{ENDS_WITHIN, kill_at};
use crate::judge::{self, steps};
use crate::platform::{only, running};
use crate::release::Fault;
use crate::release::Service::{self, Frontend, Gateway, Health, Worker};
use crate::rig::now;

const FORWARD: [&str; 11] =
    ["preflight", "images", "migrate", "configure", "workers", "web", "switch", "soak", "canary", "drain", "verify"];
const BACK: [&str; 5] = ["restore", "switch_back", "wake", "retire", "verify_back"];
const ALL: [(Service, Fault); 4] =
    [(Gateway, Fault::None), (Worker, Fault::None), (Health, Fault::None), (Frontend, Fault::None)];

/// Kills the deployer when `step` begins; the release then goes on or is taken back, and either is wholly so.
async fn killed_at(trial: &mut Trial<'_>, changes: &[(Service, Fault)], step: &str) -> anyhow::Result<String> {
    trial.before = trial.rig.live.clone();
    let (release, sent) = trial.push(changes).await?;
    let id = until("there is a deployment", Duration::from_secs(20), async || {
        let all = trial.deployments.of_commit(&release.commit).await?;
        Ok(all.first().and_then(|one| one["id"].as_i64()))
    })
    .await?;
    let was_killed = kill_at(&trial.rig.server, &trial.deployments, id, step).await?;
    let ended = trial.ended(&release, sent).await?;
    ensure!(was_killed, "step {step} was never begun: {}", steps(&ended.deployment));
    let outcome = settled(trial, &ended).await.with_context(|| format!("killed at {step}"))?;
    judge::no_failed_request(&trial.rig.load.ledger.account()).with_context(|| format!("killed at {step}"))?;
    crate::rig::say(&format!("killed at {step}: {outcome} after {:.1} s", ended.seconds));
    Ok(format!("{step}: {outcome} after {:.1} s", ended.seconds))
}

/// Live, or back: what is claimed is what runs.
async fn settled(trial: &mut Trial<'_>, ended: &Ended) -> anyhow::Result<String> {
    if ended.state() == "live" {
        trial.has_gone_live(ended).await?;
    } else {
        trial.has_gone_back(ended, &["taken_back", "failed"]).await?;
    }
    Ok(ended.state().to_owned())
}

pub(super) async fn at_two_steps(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let first = trial.random.random_range(0..5);
    let second = trial.random.random_range(5..FORWARD.len());
    let mut told = Vec::new();
    for at in [first, second] {
        told.push(killed_at(trial, &ALL, FORWARD[at]).await?);
    }
    Ok(trial.unnoticed().await?.note(told.join("; ")))
}

pub(super) async fn at_each_step(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let mut told = Vec::new();
    for step in FORWARD {
        told.push(killed_at(trial, &ALL, step).await?);
    }
    Ok(trial.unnoticed().await?.note(told.join("; ")))
}

/// A release that is not ready any more in its soak, so that all of taking back has to be done.
pub(super) async fn at_each_step_back(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let mut told = Vec::new();
    for step in BACK {
        let changes = [(Gateway, Fault::UnreadyLater), (Worker, Fault::None)];
        told.push(killed_at(trial, &changes, step).await?);
    }
    Ok(trial.unnoticed().await?.note(told.join("; ")))
}

pub(super) async fn killed_gateway(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let gateway = only(&trial.rig.server, "gateway").await?;
    trial.rig.server.crash(&gateway.id).await?;
    judge::is_live(trial.rig, &trial.before.commit, &trial.before.revisions).await?;
    trial.recovered().await
}

/// A release in its soak: two gateways run, and nginx knows both.
async fn in_the_middle(trial: &mut Trial<'_>) -> anyhow::Result<(crate::rig::Release, chrono::DateTime<chrono::Utc>)> {
    let (release, sent) = trial.push(&ALL).await?;
    until("the release soaks", Duration::from_mins(2), async || {
        let all = trial.deployments.of_commit(&release.commit).await?;
        Ok(all.first().filter(|one| one["step"] == "soak").map(drop))
    })
    .await?;
    ensure!(running(&trial.rig.server, "gateway").await?.len() == 2, "no two gateways run");
    trial.rig.load.go_on(Duration::from_secs(3)).await;
    Ok((release, sent))
}

async fn comes_back(
    trial: &mut Trial<'_>,
    release: &crate::rig::Release,
    sent: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<Figures> {
    let deployment = trial.deployments.ended(&release.commit, ENDS_WITHIN * 2).await?;
    let ended = Ended { release: release.clone(), deployment, seconds: (now() - sent).as_seconds_f64() };
    let outcome = settled(trial, &ended).await?;
    Ok(trial.recovered().await?.note(outcome).note(steps(&ended.deployment)))
}

pub(super) async fn engine_restart(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let (release, sent) = in_the_middle(trial).await?;
    let seconds = trial.rig.server.restart_engine().await?;
    Ok(comes_back(trial, &release, sent).await?.with("the engine was away", seconds, "s"))
}

pub(super) async fn reboot(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let (release, sent) = in_the_middle(trial).await?;
    trial.rig.server.cut_power().await?;
    trial.rig.server.boot().await?;
    comes_back(trial, &release, sent).await
}

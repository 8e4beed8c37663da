//! What the deployer stands on is away, or full.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use stack::case::Figures;

use crate::case::Trial;
use crate::judge::steps;
use crate::release::Fault;
use crate::release::Service::{Gateway, Worker};

/// Of the disk, when it is full: far less than a tenth.
const LEFT_MIB: u64 = 200;

pub(super) async fn registry_away(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Gateway, Fault::None)]).await?;
    trial.rig.registry.switch_off().await?;
    trial.rig.repository.push().await?;
    let sent = chrono::Utc::now();
    trial.rig.hook.push(&trial.rig.repository, &release.commit).await?;
    let failed = trial.ended(&release, sent).await;
    trial.rig.registry.switch_on().await?;
    let failed = failed?;
    trial.has_gone_back(&failed, &["failed", "refused"]).await?;
    // What failed is not tried again by itself: a person orders it.
    let id = trial.deployments.deploy(&release.commit).await.context("order it by hand")?;
    let deployment = trial.deployments.ended_by_number(id, crate::deployments::ENDS_WITHIN).await?;
    let ended = crate::case::Ended { release, deployment, seconds: 0.0 };
    trial.has_gone_live(&ended).await?;
    Ok(trial.unnoticed().await?.with("said after", failed.seconds, "s").note(steps(&ended.deployment)))
}

pub(super) async fn git_away(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Worker, Fault::None)]).await?;
    trial.rig.repository.push().await?;
    trial.rig.git.switch_off();
    let sent = chrono::Utc::now();
    let answer = trial.rig.hook.push(&trial.rig.repository, &release.commit).await?;
    ensure!(answer.status == 202, "the web hook was answered {}: {}", answer.status, answer.body);
    trial.rig.load.go_on(Duration::from_secs(20)).await;
    let running = trial.deployments.overview().await?;
    ensure!(running["live"]["commit"]["id"] == trial.before.commit.as_str(), "live is {}", running["live"]);
    trial.rig.git.switch_on()?;
    let mut ended = trial.ended(&release, sent).await?;
    if ended.state() != "live" {
        trial.has_gone_back(&ended, &["failed", "refused"]).await?;
        trial.deployments.post("/resume", &json!({})).await.context("resume")?;
        let id = trial.deployments.deploy(&release.commit).await.context("order it by hand")?;
        ended.deployment = trial.deployments.ended_by_number(id, crate::deployments::ENDS_WITHIN).await?;
    }
    trial.has_gone_live(&ended).await?;
    Ok(trial.unnoticed().await?.note(steps(&ended.deployment)))
}

pub(super) async fn disk_full(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Gateway, Fault::None)]).await?;
    trial.rig.repository.push().await?;
    trial.rig.server.fill_disk(LEFT_MIB).await?;
    let sent = chrono::Utc::now();
    trial.rig.hook.push(&trial.rig.repository, &release.commit).await?;
    let refused = trial.ended(&release, sent).await;
    trial.rig.server.empty_disk().await?;
    let refused = refused?;
    trial.has_gone_back(&refused, &["refused", "failed"]).await?;
    let reason = refused.deployment["reason"].as_str().unwrap_or_default().to_owned();
    ensure!(reason.to_lowercase().contains("disk"), "the reason says nothing of a disk: {reason}");
    let id = trial.deployments.deploy(&release.commit).await.context("order it with room")?;
    let deployment = trial.deployments.ended_by_number(id, crate::deployments::ENDS_WITHIN).await?;
    let ended = crate::case::Ended { release, deployment, seconds: 0.0 };
    trial.has_gone_live(&ended).await?;
    Ok(trial.unnoticed().await?.with("said after", refused.seconds, "s").note(format!("“{reason}”")))
}

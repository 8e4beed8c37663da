//! What the deployer stands on is away, or full.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use stack::case::Figures;

use crate::case::Trial;
use crate::github::Touch;
use crate::judge::steps;
use crate::release::Fault;
use crate::release::Service::{Gateway, Worker};
use crate::rig::now;

/// Of the disk, when it is full: far less than a tenth.
const LEFT_MIB: u64 = 200;
/// The smallest image of ours, and what it stands on.
const RECIPE: &str = "docker/init/Dockerfile";
const BASE: &str = "debian:trixie-slim";

/// Images are built from the checkout for a while.
pub(super) async fn builds(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    // What a case before left wrong is mended first: nothing is to be compiled here.
    let ready = trial.goes_live(&[(Worker, Fault::None)]).await?;
    trial.before = ready.release;
    trial.rig.server.bring_images(&[BASE.to_owned()]).await.context("bring what images stand on")?;
    image_source(trial, "build").await?;
    let outcome = building(trial).await;
    trial.rig.pull_again();
    image_source(trial, "registry").await?;
    outcome
}

/// The change is one line of a small image.
async fn building(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let recipe = trial.rig.repository.file(RECIPE)?;
    let broken = format!("{recipe}RUN echo 'this cannot be built' && exit 7\n");
    trial.rig.touch_next(Touch { path: RECIPE.to_owned(), content: broken });
    let failed = trial.goes_back(&[], &["failed"]).await?;
    let reason = failed.deployment["reason"].as_str().unwrap_or_default().to_owned();
    ensure!(reason.contains("init"), "the reason does not name what could not be built: {reason}");
    let mended = format!("{recipe}LABEL e2i.of-a-test=mended\n");
    trial.rig.touch_next(Touch { path: RECIPE.to_owned(), content: mended });
    let ended = trial.goes_live(&[]).await?;
    Ok(trial.unnoticed().await?.with("said after", failed.seconds, "s").with("live after", ended.seconds, "s"))
}

/// An operator changes it in `.env.prod`, and starts the deployer anew.
async fn image_source(trial: &Trial<'_>, source: &str) -> anyhow::Result<()> {
    trial.rig.platform.set("IMAGE_SOURCE", source)?;
    let up = ["up", "--detach", "--no-build", "--no-deps", "deployer"];
    trial.rig.platform.compose(&trial.rig.server, &up).await.context("start the deployer anew")?;
    trial.deployer_answers().await
}

pub(super) async fn registry_away(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Gateway, Fault::None)]).await?;
    trial.rig.registry.switch_off().await?;
    trial.rig.repository.push().await?;
    let sent = now();
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
    let sent = now();
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
    let sent = now();
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

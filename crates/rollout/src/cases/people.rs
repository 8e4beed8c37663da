//! What people do: back by hand, by hand beside the deployer, a newer deployer.

use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::json;
use stack::case::Figures;
use stack::command::until;

use super::hooks::stays_back;
use crate::case::Trial;
use crate::deployments::{ENDS_WITHIN, claims};
use crate::judge::{self, steps};
use crate::platform::{Container, ask_postgres, containers, only, running};
use crate::release::Fault;
use crate::release::Service::{Deployer, Frontend, Gateway, Worker};

/// From the order until every new request reaches the old release.
const AIM_S: f64 = 5.0;

/// Goes back to what was live when the trial began; gives the seconds from the order until the last request was begun that
/// the newer release answered.
async fn back_by_hand(
    trial: &mut Trial<'_>,
    from: &crate::rig::Release,
    to: i64,
) -> anyhow::Result<(f64, serde_json::Value)> {
    let ordered = Instant::now();
    let id = trial.deployments.roll_back(to, false).await.context("order the rollback")?;
    let deployment = trial.deployments.ended_by_number(id, ENDS_WITHIN).await?;
    ensure!(deployment["state"] == "live", "the rollback is {}: {}", deployment["state"], deployment["reason"]);
    let account = trial.rig.load.ledger.account();
    let last = account.last_begun_with(&from.revisions["gateway"]).context("the newer release answered nothing")?;
    trial.rig.live = trial.before.clone();
    judge::is_live(trial.rig, &trial.before.commit, &trial.before.revisions).await?;
    Ok((last.saturating_duration_since(ordered).as_secs_f64(), deployment))
}

pub(super) async fn rollback(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = trial.deployments.live().await?;
    let newer = trial.goes_live(&[(Gateway, Fault::None), (Worker, Fault::None), (Frontend, Fault::None)]).await?;
    let (seconds, deployment) = back_by_hand(trial, &newer.release, before).await?;
    let overview = trial.deployments.overview().await?;
    ensure!(overview["pin"].is_object(), "the rollback pins nothing: {}", overview["pin"]);
    let next = trial.goes_live(&[(Gateway, Fault::None)]).await.context("a newer commit")?;
    let overview = trial.deployments.overview().await?;
    ensure!(overview["pin"].is_null(), "a newer commit is live and the pin still there: {}", overview["pin"]);
    ensure!(seconds < AIM_S * trial.rig.patience, "back after {seconds:.1} s; {}", steps(&deployment));
    let figures = trial.unnoticed().await?.with("every new request met the old release after", seconds, "s");
    Ok(figures.with("the next live after", next.seconds, "s").note(steps(&deployment)))
}

pub(super) async fn pin_holds(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = trial.deployments.live().await?;
    let newer = trial.goes_live(&[(Gateway, Fault::None)]).await?;
    back_by_hand(trial, &newer.release, before).await?;
    stays_back(trial, &newer.release.commit).await?;
    trial.deployments.post("/resume", &json!({})).await.context("resume")?;
    let overview = trial.deployments.overview().await?;
    ensure!(overview["pin"].is_null(), "resume leaves the pin: {}", overview["pin"]);
    let next = trial.goes_live(&[(Gateway, Fault::None)]).await?;
    Ok(trial.unnoticed().await?.with("the next live after", next.seconds, "s"))
}

/// A schema that no release so far can read, as a contracting migration of a later one would leave it.
pub(super) async fn schema_newer(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = trial.deployments.live().await?;
    trial.goes_live(&[(Gateway, Fault::None)]).await?;
    let (newest, server) = (29_991_231_235_959_i64, &trial.rig.server);
    ask_postgres(server, &format!("INSERT INTO e2i.schema_releases VALUES ({newest}, {newest})")).await?;
    let refusal = trial.deployments.roll_back(before, false).await;
    ask_postgres(server, &format!("DELETE FROM e2i.schema_releases WHERE version = {newest}")).await?;
    let Err(refusal) = refusal else { bail!("the rollback was taken although the schema is newer") };
    let words = format!("{refusal:#}");
    ensure!(words.contains("409") && words.contains("schema"), "it was refused with other words: {words}");
    judge::is_live(trial.rig, &trial.rig.live.commit, &trial.rig.live.revisions).await?;
    Ok(trial.unnoticed().await?.note(format!("“{words}”")))
}

pub(super) async fn stray(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let up = ["up", "--detach", "--no-build", "--no-deps", "gateway"];
    trial.rig.platform.compose(&trial.rig.server, &up).await.context("start a gateway by hand")?;
    let found = running(&trial.rig.server, "gateway").await?;
    ensure!(found.len() == 2, "by hand nothing was started beside the release: {} gateways", found.len());
    until("the stray is stopped", Duration::from_mins(3), async || {
        Ok((running(&trial.rig.server, "gateway").await?.len() == 1).then_some(()))
    })
    .await?;
    judge::is_live(trial.rig, &trial.before.commit, &trial.before.revisions).await?;
    trial.unnoticed().await
}

pub(super) async fn self_update(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let mut seconds = Vec::new();
    for nth in 1..=2 {
        let before = only(&trial.rig.server, "deployer").await?.id;
        let ended = trial.goes_live(&[(Deployer, Fault::None), (Worker, Fault::None)]).await?;
        let begin = Instant::now();
        let revision = &ended.release.revisions["deployer"];
        until(&format!("update {nth}: the deployer is the new one"), Duration::from_mins(3), async || {
            let now = only(&trial.rig.server, "deployer").await?;
            ensure!(now.id != before && now.revision() == revision, "it is {} of {}", now.name, now.revision());
            claims(&trial.rig.server).await?;
            Ok(Some(()))
        })
        .await?;
        seconds.push(begin.elapsed().as_secs_f64());
        judge::is_live(trial.rig, &ended.release.commit, &ended.release.revisions).await?;
    }
    let last = trial.goes_live(&[(Worker, Fault::None)]).await.context("a release by the new deployer")?;
    let figures = trial.unnoticed().await?.with("replaced after", seconds[0], "s").with("and", seconds[1], "s");
    Ok(figures.with("the next live after", last.seconds, "s"))
}

pub(super) async fn housekeeping(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let server = &trial.rig.server;
    let others = server.docker(&["create", "--name", "of-somebody-else", "redis:8.0-bookworm"]).await?;
    for _ in 0..5 {
        trial.goes_live(&[(Worker, Fault::None)]).await?;
    }
    let overview = trial.deployments.overview().await?;
    let kept: Vec<i64> =
        overview["kept"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect();
    ensure!(kept.len() >= 3, "kept are {kept:?} only");
    let all = containers(&trial.rig.server).await?;
    // What compose started before the first release carries no deployment's label: it is nobody's to remove.
    let of_a_release = |one: &&Container| one.about["Config"]["Labels"]["e2i.deployment"].is_string();
    let workers = all.iter().filter(|one| one.service == "worker").filter(of_a_release);
    let workers: Vec<&str> = workers.map(|one| one.name.as_str()).collect();
    // Those that are kept, the live one, and the one before that could not be removed yet when the last release began.
    ensure!(workers.len() <= kept.len() + 2, "of the worker {workers:?} are left, kept are {kept:?}");
    let workers = workers.len();
    trial.rig.server.inspect(&[others.trim(), "redis:8.0-bookworm"]).await.context("somebody else's was removed")?;
    trial.rig.server.docker(&["rm", others.trim()]).await?;
    let oldest = kept.iter().min().copied().context("none is kept")?;
    let id = trial.deployments.roll_back(oldest, false).await.context("back to the oldest that is kept")?;
    let deployment = trial.deployments.ended_by_number(id, ENDS_WITHIN).await?;
    ensure!(deployment["state"] == "live", "back to {oldest}: {}: {}", deployment["state"], deployment["reason"]);
    trial.goes_live(&[(Worker, Fault::None), (Gateway, Fault::None)]).await?;
    Ok(trial.unnoticed().await?.note(format!("kept {kept:?}, {workers} containers of the worker")))
}

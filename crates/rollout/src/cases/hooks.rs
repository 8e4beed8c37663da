//! What GitHub tells, and what it does not.

use std::time::Duration;

use anyhow::{Context, ensure};
use chrono::Utc;
use serde_json::json;
use stack::case::Figures;
use stack::command::until;

use crate::case::Trial;
use crate::deployments::{ENDS_WITHIN, claims};
use crate::github::{new_delivery, push_body};
use crate::judge;
use crate::platform::only;
use crate::release::Fault;
use crate::release::Service::{Gateway, Worker};
use crate::rig::now;

/// Two ticks of the reconciler, which comes every minute here, and a little more.
const TWO_TICKS: Duration = Duration::from_secs(130);

pub(super) async fn signature(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Worker, Fault::None)]).await?;
    trial.rig.repository.push().await?;
    let (hook, repository) = (trial.rig.hook.clone(), &trial.rig.repository);
    let wrong = hook.signed_with("another-secret").push(repository, &release.commit).await?;
    ensure!(wrong.status == 401, "a wrong signature was answered {}: {}", wrong.status, wrong.body);
    let ping = hook.send("ping", &new_delivery()?, &json!({"zen": "Keep it logically awesome.", "hook_id": 1})).await?;
    ensure!((200..300).contains(&ping.status), "ping was answered {}: {}", ping.status, ping.body);
    let mut other = push_body(repository, &release.commit);
    other["ref"] = json!("refs/heads/feature");
    let mut deleted = push_body(repository, &"0".repeat(40));
    deleted["deleted"] = json!(true);
    for body in [&other, &deleted] {
        let answer = hook.send("push", &new_delivery()?, body).await?;
        ensure!((200..300).contains(&answer.status), "answered {}: {}", answer.status, answer.body);
    }
    let failed = hook.workflow_run(repository, &release.commit, "failure").await?;
    ensure!((200..300).contains(&failed.status), "a failed workflow was answered {}: {}", failed.status, failed.body);
    let (delivery, body, sent) = (new_delivery()?, push_body(repository, &release.commit), now());
    for _ in 0..3 {
        let answer = hook.send("push", &delivery, &body).await?;
        ensure!(answer.status == 202, "delivered again it was answered {}: {}", answer.status, answer.body);
    }
    let ended = trial.ended(&release, sent).await?;
    let again = trial.rig.hook.send("push", &delivery, &body).await?;
    ensure!(again.status == 202, "delivered again later it was answered {}: {}", again.status, again.body);
    trial.has_gone_live(&ended).await?;
    let all = trial.deployments.of_commit(&release.commit).await?;
    ensure!(all.len() == 1, "one delivery made {} deployments", all.len());
    trial.unnoticed().await
}

pub(super) async fn three_ways(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let (release, sent) = trial.push(&[(Worker, Fault::None)]).await?;
    let answer = trial.rig.hook.workflow_run(&trial.rig.repository, &release.commit, "success").await?;
    ensure!(answer.status == 202, "answered {}: {}", answer.status, answer.body);
    let ended = trial.ended(&release, sent).await?;
    trial.has_gone_live(&ended).await?;
    trial.rig.hook.push(&trial.rig.repository, &release.commit).await?;
    trial.rig.load.go_on(TWO_TICKS / 2).await;
    let all = trial.deployments.of_commit(&release.commit).await?;
    ensure!(all.len() == 1, "one commit made {} deployments: {all:?}", all.len());
    trial.unnoticed().await
}

/// The first begins; the others come while it runs.
pub(super) async fn pushes<const COUNT: usize>(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let mut releases = Vec::new();
    let mut slowest: f64 = 0.0;
    let sent = now();
    for _ in 0..COUNT {
        let release = trial.rig.release(&[(Worker, Fault::None)]).await?;
        trial.rig.repository.push().await?;
        let answer = trial.rig.hook.push(&trial.rig.repository, &release.commit).await?;
        ensure!(answer.status == 202, "answered {}: {}", answer.status, answer.body);
        slowest = slowest.max(answer.seconds);
        releases.push(release);
    }
    ensure!(slowest < trial.rig.patience, "a web hook was answered after {slowest:.2} s");
    let newest = releases.last().context("some were pushed")?.clone();
    let ended = trial.ended(&newest, sent).await?;
    trial.has_gone_live(&ended).await?;
    let (mut ran, mut spans) = (0, Vec::new());
    for release in &releases {
        for one in trial.deployments.of_commit(&release.commit).await? {
            let time = |name: &str| one[name].as_str().and_then(|text| text.parse::<chrono::DateTime<Utc>>().ok());
            if let (Some(from), Some(to)) = (time("started_at"), time("ended_at")) {
                ran += 1;
                spans.push((from, to));
            }
        }
    }
    spans.sort_unstable();
    ensure!(spans.windows(2).all(|two| two[0].1 <= two[1].0), "two deployments ran at once: {spans:?}");
    ensure!(ran <= 2, "{ran} of {COUNT} deployments ran; one and the newest were enough");
    let figures = trial.unnoticed().await?.with("the newest live after", ended.seconds, "s");
    Ok(figures.note(format!("{ran} of {COUNT} ran")).with("slowest answer", slowest * 1000.0, "ms"))
}

pub(super) async fn missed(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let release = trial.rig.release(&[(Gateway, Fault::None)]).await?;
    trial.rig.repository.push().await?;
    let sent = now();
    let ended = trial.ended(&release, sent).await?;
    trial.has_gone_live(&ended).await?;
    ensure!(ended.deployment["source"] == "reconcile", "its source is {}", ended.deployment["source"]);
    Ok(trial.unnoticed().await?.with("live after", ended.seconds, "s"))
}

pub(super) async fn reconcile_after_back(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let ended = trial.goes_back(&[(Gateway, Fault::ExitsAtOnce)], &["taken_back"]).await?;
    stays_back(trial, &ended.release.commit).await?;
    let overview = trial.deployments.overview().await?;
    let quarantine = overview["quarantine"].as_array().context("no quarantine is told")?;
    ensure!(
        quarantine.iter().any(|one| one["commit"]["id"] == ended.release.commit.as_str()),
        "{} is not told to be in quarantine: {quarantine:?}",
        ended.release.commit
    );
    trial.unnoticed().await
}

/// Two ticks, a restart of the deployer, and another push of the same commit: what was live stays live.
pub(super) async fn stays_back(trial: &Trial<'_>, commit: &str) -> anyhow::Result<()> {
    let count = trial.deployments.of_commit(commit).await?.len();
    trial.rig.load.go_on(TWO_TICKS / 2).await;
    let deployer = only(&trial.rig.server, "deployer").await?.id;
    trial.rig.server.crash(&deployer).await?;
    until("the deployer answers again", ENDS_WITHIN, async || Ok(claims(&trial.rig.server).await.ok().map(drop)))
        .await?;
    trial.rig.load.go_on(TWO_TICKS / 2).await;
    let now = trial.deployments.of_commit(commit).await?.len();
    ensure!(now == count, "what was back was deployed again: {count} deployments before, {now} now");
    judge::is_live(trial.rig, &trial.rig.live.commit, &trial.rig.live.revisions).await
}

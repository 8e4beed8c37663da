//! Releases as they should be.

use anyhow::{Context, ensure};
use serde_json::json;
use stack::case::Figures;
use uuid::Uuid;

use crate::case::Trial;
use crate::judge::steps;
use crate::platform::{ROLLED, ask_postgres, running};
use crate::release::Fault;
use crate::release::Service::{Frontend, Gateway, Health, Nginx, Worker};

/// The longest that a canary may work.
const LONG_JOB_MS: u32 = 600_000;
const RELEASES: u32 = 10;
const UPLOAD_MIB: usize = 24;

pub(super) async fn all_services(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let changes = [Gateway, Worker, Health, Frontend, Nginx].map(|service| (service, Fault::None));
    let ended = trial.goes_live(&changes).await?;
    Ok(trial.unnoticed().await?.with("live after", ended.seconds, "s").note(steps(&ended.deployment)))
}

pub(super) async fn ten(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let admin = trial.rig.access.admin().await?;
    let job = admin.submit("canary", None, &json!({ "work_ms": LONG_JOB_MS })).await?;
    let job: Uuid = job["id"].as_str().and_then(|id| id.parse().ok()).context("the long job has no id")?;
    let mut upload = Some(trial.rig.load.upload("spans-two-releases", UPLOAD_MIB).await?);
    let (mut seconds, mut spanned, mut pieces) = (Vec::new(), 0, 0);
    for nth in 1..=RELEASES {
        let changes: &[_] = match nth % 3 {
            0 => &[(Gateway, Fault::None)],
            1 => &[(Gateway, Fault::None), (Worker, Fault::None)],
            _ => &[(Gateway, Fault::None), (Worker, Fault::None), (Frontend, Fault::None)],
        };
        let ended = trial.goes_live(changes).await.with_context(|| format!("release {nth} of {RELEASES}"))?;
        crate::rig::say(&format!("release {nth} of {RELEASES}: {:.1} s; {}", ended.seconds, steps(&ended.deployment)));
        seconds.push(ended.seconds);
        spanned += u32::from(state_of(trial, job).await?.0 == "running");
        if let Some(upload) = upload.take_if(|_| nth == 2) {
            pieces = upload.finish().await.context("the upload that spans two releases")?;
        }
    }
    let row = stack::command::until("the long job ends", std::time::Duration::from_mins(11), async || {
        let row = state_of(trial, job).await?;
        Ok((row.0 != "running" && row.0 != "queued").then_some(row))
    })
    .await?;
    ensure!(row == ("succeeded".to_owned(), 1, 0), "the long job is {row:?} (state, attempt, crashes)");
    ensure!(spanned >= 3, "the long job went through {spanned} releases only");
    seconds.sort_by(f64::total_cmp);
    let figures = trial.unnoticed().await?;
    Ok(figures
        .with("live after (median)", seconds[seconds.len() / 2], "s")
        .with("at most", seconds[seconds.len() - 1], "s")
        .note(format!("the long job went through {spanned} releases, attempt 1; the upload took {pieces} pieces")))
}

/// State, attempt and crashes of a job.
async fn state_of(trial: &Trial<'_>, job: Uuid) -> anyhow::Result<(String, u32, u32)> {
    let question = format!("SELECT state, attempt, crash_count FROM e2i.jobs WHERE id = '{job}'");
    let rows = ask_postgres(&trial.rig.server, &question).await?;
    let fields: Vec<&str> = rows.first().context("the job is gone")?.split('|').collect();
    Ok((fields[0].to_owned(), fields[1].parse()?, fields[2].parse()?))
}

/// The running containers of the rolled services.
async fn container_ids(trial: &Trial<'_>) -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut all = Vec::new();
    for service in ROLLED {
        all.extend(running(&trial.rig.server, service).await?.into_iter().map(|one| (service, one.id)));
    }
    Ok(all)
}

pub(super) async fn one_service(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = container_ids(trial).await?;
    let ended = trial.goes_live(&[(Worker, Fault::None)]).await?;
    let after = container_ids(trial).await?;
    for (service, id) in before.iter().filter(|(service, _)| *service != "worker") {
        ensure!(after.contains(&(*service, id.clone())), "{service} was replaced although only the worker changed");
    }
    Ok(trial.unnoticed().await?.with("live after", ended.seconds, "s").note(steps(&ended.deployment)))
}

pub(super) async fn no_service(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = container_ids(trial).await?;
    let ended = trial.goes_live(&[]).await?;
    ensure!(container_ids(trial).await? == before, "a container was replaced although nothing changed");
    Ok(trial.unnoticed().await?.with("live after", ended.seconds, "s").note(steps(&ended.deployment)))
}

pub(super) async fn configuration(trial: &mut Trial<'_>) -> anyhow::Result<Figures> {
    let before = container_ids(trial).await?;
    let ended = trial.goes_live(&[(Nginx, Fault::None)]).await?;
    ensure!(
        container_ids(trial).await? == before,
        "a container was replaced although only nginx's configuration changed"
    );
    Ok(trial.unnoticed().await?.with("live after", ended.seconds, "s").note(steps(&ended.deployment)))
}

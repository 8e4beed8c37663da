//! What survives: crashes, and `down` and `up`.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use local::client::text;
use serde_json::json;

use super::main_way::nsw;
use crate::case::{Figures, Room};
use crate::command::until;
use crate::engine;
use crate::project::Project;

/// Docker waits a little longer before each start; Postgres reads its log.
const BACK_WITHIN: Duration = Duration::from_mins(2);

pub(super) async fn crashes(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let mut figures = Figures::none();
    let services: Vec<String> = {
        let all = project.containers().await?;
        all.into_iter().filter(|one| !one.is_one_shot()).map(|one| one.service).collect()
    };
    ensure!(services.len() >= 6, "only {services:?} run");
    for service in services {
        let before = project.container(&service).await?;
        engine::crash(&before.id).await?;
        let begin = Instant::now();
        until(&format!("{service} is back"), BACK_WITHIN, async || {
            let now = project.container(&service).await?;
            Ok((now.restarts() > before.restarts() && now.is_well()).then_some(()))
        })
        .await?;
        serves(project).await.with_context(|| format!("after {service} was killed"))?;
        figures.add(&service, begin.elapsed().as_secs_f64(), "s");
    }
    Ok(figures)
}

/// A page, a sign-in, and a canary through all parts.
async fn serves(project: &Project) -> anyhow::Result<()> {
    until("the platform serves", BACK_WITHIN, async || {
        let client = project.signed_in().await?;
        client.send(client.request(reqwest::Method::GET, "/")).await?;
        let job = client.submit("canary", None, &json!({})).await?;
        let ended = client.wait(text(&job, "id")?).await?;
        Ok((ended["state"] == "succeeded").then_some(()))
    })
    .await
}

pub(super) async fn down_and_up(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let client = project.signed_in().await?;
    let (analysis, result, _) = nsw(&client, room).await?;
    let (email, password) = project.admin().await?;
    let certificate = project.certificate().await?;
    let datasets = client.get("/api/v1/datasets").await?;
    let begin = Instant::now();
    project.down(false).await?;
    let down_s = begin.elapsed().as_secs_f64();
    ensure!(project.containers().await?.is_empty(), "containers are left after `down`");
    let up_s = project.up(&[]).await?;
    ensure!(project.certificate().await? == certificate, "the certificate is another one");
    ensure!(project.admin().await? == (email, password), "the secrets are others");
    // The token of before: keys are kept too.
    let id = text(&analysis, "id")?;
    let kept = client.result(id).await.context("the result, with the token of before")?;
    ensure!(kept == result, "the result is another one: {kept}");
    let client = project.signed_in().await.context("sign in again")?;
    let now = client.get("/api/v1/datasets").await?;
    ensure!(now == datasets, "the datasets are others: {now} instead of {datasets}");
    // Of the file that was uploaded before.
    let dataset = text(&analysis, "dataset_id").or_else(|_| text(&analysis["dataset"], "id"))?;
    let again = client.submit("causal_impact", Some(dataset), &local::main_job::nsw_question()).await?;
    let ended = client.wait(text(&again, "id")?).await?;
    ensure!(ended["state"] == "succeeded", "a new analysis of the old file is {ended}");
    Ok(Figures::none().with("down", down_s, "s").with("up", up_s, "s"))
}

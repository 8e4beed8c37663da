//! Memory: what is greedy is ended, and nobody else.

use std::time::Duration;

use anyhow::{Context, ensure};
use local::client::text;
use serde_json::json;

use crate::case::{Figures, Room, Tier};
use crate::command::until;
use crate::engine;
use crate::project::Project;

/// Far more than any container here may have.
const GREEDY_MIB: u32 = 16_384;
/// What the large job beside another stack holds: more than a small place, less than the worker's container has.
const LARGE_MIB: u32 = 1_500;
/// It is still at work when the second stack is up.
const LARGE_MS: u32 = 60_000;

async fn worker_lives(room: &Room<'_>, before: &crate::project::Container) -> anyhow::Result<()> {
    let project = room.project()?;
    let after = project.container("worker").await?;
    ensure!(after.id == before.id && after.restarts() == before.restarts(), "the worker was started again");
    let client = project.signed_in().await?;
    super::main_way::nsw(&client, room).await.context("an analysis afterwards")?;
    Ok(())
}

pub(super) async fn greedy(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let before = project.container("worker").await?;
    let client = project.signed_in().await?;
    // A job that asks for more than its place has.
    let job = client.submit("canary", None, &json!({"hold_mib": GREEDY_MIB, "work_ms": 1000})).await?;
    let ended = client.wait(text(&job, "id")?).await?;
    ensure!(ended["state"] == "failed" && ended["failure"]["reason"] == "oom", "the greedy job is {ended}");
    worker_lives(room, &before).await?;
    // A program that nothing watches but the kernel: `tail` keeps what has no line break.
    let kills = engine::out_of_memory_kills(&before.id).await?;
    let greedy = "head -c 8G /dev/zero | tail > /dev/null; exit ${PIPESTATUS[1]}";
    let said = engine::exec(&before.id, &["bash", "-c", greedy]).await?;
    ensure!(!said.success, "8 GiB were to be had in the worker's container");
    let killed = engine::out_of_memory_kills(&before.id).await? - kills;
    ensure!(killed >= 1, "the kernel killed nothing: {}", said.all());
    worker_lives(room, &before).await?;
    Ok(Figures::none()
        .note(ended["failure"]["detail"].as_str().unwrap_or_default())
        .note("and the kernel's limit holds"))
}

pub(super) async fn two_stacks(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let client = project.signed_in().await?;
    let kills_before = kills(project).await?;
    let job = client.submit("canary", None, &json!({"hold_mib": LARGE_MIB, "work_ms": LARGE_MS})).await?;
    let id = text(&job, "id")?;
    until("the large job runs", Duration::from_mins(1), async || {
        let job = client.get(&format!("/api/v1/analyses/{id}")).await?;
        Ok((job["state"] == "running").then_some(()))
    })
    .await?;
    let second = Project::new(room.site, Tier::Base, "second")?;
    let seconds = second.up(&[]).await.context("bring up the second stack")?;
    let meanwhile = client.get(&format!("/api/v1/analyses/{id}")).await?;
    let ended = client.wait(id).await?;
    ensure!(ended["state"] == "succeeded", "the large job is {ended}");
    ensure!(kills(project).await? == kills_before, "the kernel killed in the first stack");
    ensure!(kills(&second).await? == 0, "the kernel killed in the second stack");
    Ok(Figures::none()
        .with("the second is healthy after", seconds, "s")
        .note(format!("the job of {LARGE_MIB} MiB was {} then", meanwhile["state"])))
}

/// How often the kernel killed in any container of a project.
async fn kills(project: &Project) -> anyhow::Result<u64> {
    let mut sum = 0;
    for container in project.containers().await? {
        ensure!(container.about["State"]["OOMKilled"] != true, "{} was killed for memory", container.service);
        if container.status() == "running" {
            sum += engine::out_of_memory_kills(&container.id).await?;
        }
    }
    Ok(sum)
}

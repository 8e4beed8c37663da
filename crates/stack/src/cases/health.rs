//! What `health` says through nginx: that all is well, that a part is down and which, that it is back.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use local::client::Client;
use reqwest::Method;
use serde_json::Value;

use crate::case::{Figures, Room};
use crate::command::until;
use crate::engine::docker;

/// A cold start is excused for two minutes; everything else was up before.
const SETTLED_WITHIN: Duration = Duration::from_mins(4);
/// An interval, three looks, and what the kill itself takes.
const SEEN_WITHIN: Duration = Duration::from_secs(40);
/// The container starts, and two looks have to be well.
const BACK_WITHIN: Duration = Duration::from_mins(2);
/// Without it nothing is computed, and the API answers on.
const PART: &str = "worker";

pub(super) async fn notices(room: &Room<'_>) -> anyhow::Result<Figures> {
    let project = room.project()?;
    let stranger = Client::pinned(&project.https_url(), project.certificate().await?.as_bytes())?;
    until("all is well, and the start is over", SETTLED_WITHIN, async || {
        let status = stranger.get("/api/v1/status").await?;
        let (code, body) = health(&stranger).await?;
        ensure!(code == 200 && status["settling_until"].is_null(), "/health is {code}: {body}");
        Ok(Some(()))
    })
    .await?;
    let before = newest_incident(&stranger).await?;
    let container = project.container(PART).await?.id;
    docker(&["kill", &container]).await?;
    let begin = Instant::now();
    let seen = until("it is said to be down", SEEN_WITHIN, async || {
        let (code, body) = health(&stranger).await?;
        ensure!(code == 503 && body["status"] == "fail", "/health is {code}: {body}");
        Ok(Some(begin.elapsed().as_secs_f64()))
    })
    .await;
    docker(&["start", &container]).await?;
    let (seen, begin) = (seen?, Instant::now());
    let back = until("it is said to be back", BACK_WITHIN, async || {
        let (code, body) = health(&stranger).await?;
        let incidents = incidents_since(&stranger, before).await?;
        ensure!(code == 200, "/health is {code}: {body}");
        ensure!(incidents.iter().all(|incident| !incident["ended_at"].is_null()), "not over: {incidents:?}");
        Ok(Some(begin.elapsed().as_secs_f64()))
    })
    .await?;
    let incidents = incidents_since(&stranger, before).await?;
    let [incident] = incidents.as_slice() else { anyhow::bail!("incidents instead of one: {incidents:?}") };
    ensure!(incident["part"] == PART, "to blame is {}: {incident}", incident["part"]);
    tells_nobody_more(&stranger).await?;
    Ok(Figures::none().with("noticed after", seen, "s").with("back after", back, "s"))
}

/// Whatever its code is: 503 is an answer.
async fn health(client: &Client) -> anyhow::Result<(u16, Value)> {
    let answer = client.request(Method::GET, "/health").send().await.context("ask for /health")?;
    let code = answer.status().as_u16();
    let body = answer.text().await.context("read /health")?;
    Ok((code, serde_json::from_str(&body).with_context(|| format!("/health is {code} and no JSON: {body}"))?))
}

async fn incidents(client: &Client) -> anyhow::Result<Vec<Value>> {
    let page = client.get("/api/v1/status/incidents").await?;
    page["items"].as_array().cloned().with_context(|| format!("no incidents in {page}"))
}

async fn newest_incident(client: &Client) -> anyhow::Result<i64> {
    Ok(incidents(client).await?.iter().filter_map(|incident| incident["id"].as_i64()).max().unwrap_or_default())
}

async fn incidents_since(client: &Client, newest: i64) -> anyhow::Result<Vec<Value>> {
    let mut all = incidents(client).await?;
    all.retain(|incident| incident["id"].as_i64().is_some_and(|id| id > newest));
    Ok(all)
}

/// Neither a container's name nor a word of an error is for everybody.
async fn tells_nobody_more(client: &Client) -> anyhow::Result<()> {
    let told = [health(client).await?.1, client.get("/api/v1/status").await?].map(|body| body.to_string()).concat();
    for private in [":9010", ":5432", "http://", "onnection"] {
        ensure!(!told.contains(private), "anybody is told {private}: {told}");
    }
    Ok(())
}

//! The same number of no-op jobs through other queues, on the same two servers.
//!
//! Each is a script in `scripts/bench/dispatch/` that prints one JSON line. A user of BullMQ who wants the promise that ours
//! makes adds a record in Postgres, an INSERT before and an UPDATE after each job: that is `record`.

use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::process::Command;

use super::rig::Rig;
use crate::cli::BenchDispatchArguments;
use crate::console::say;

/// Name in the figures, and what `run.sh` is told.
const PEERS: [(&str, &str); 4] =
    [("bullmq", "bullmq"), ("bullmq_record", "bullmq-record"), ("graphile_tuned", "graphile"), ("celery", "celery")];

/// Figures of all peers, and ours as a multiple of theirs.
pub(super) async fn measure(
    rig: &Rig,
    arguments: &BenchDispatchArguments,
    drain: f64,
    claim_p99: f64,
) -> anyhow::Result<Vec<(String, f64)>> {
    let mut figures = Vec::new();
    for (name, peer) in PEERS {
        let told = run(rig, arguments, name, peer).await?;
        let figure = |key: &str| told[key].as_f64().with_context(|| format!("{peer} told no {key}: {told}"));
        let (their_drain, their_p99) = (figure("drain_jobs_per_s")?, figure("claim_p99_ms")?);
        figures.push((format!("{name}_drain_jobs_per_s"), their_drain));
        figures.push((format!("{name}_claim_p50_ms"), figure("claim_p50_ms")?));
        figures.push((format!("{name}_claim_p99_ms"), their_p99));
        figures.push((format!("drain_ratio_{name}"), drain / their_drain));
        figures.push((format!("claim_p99_ratio_{name}"), claim_p99 / their_p99));
    }
    Ok(figures)
}

async fn run(rig: &Rig, arguments: &BenchDispatchArguments, name: &str, peer: &str) -> anyhow::Result<Value> {
    say(&format!("{peer} ..."));
    let database = format!("peer_{name}");
    rig.postgres.create_database(&database).await?;
    rig.redis.flushall().await?;
    let script = Path::new("scripts/bench/dispatch/run.sh");
    let output = Command::new(script)
        .arg(peer)
        .env("JOBS", arguments.jobs.to_string())
        .env("CONCURRENCY", arguments.concurrency.to_string())
        .env("REDIS_URL", rig.redis.url())
        .env("DATABASE_URL", rig.postgres.url(&database))
        .stderr(std::process::Stdio::inherit())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("run {} (from the top of the clone)", script.display()))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{peer} ended with {}: {printed}", output.status);
    let last = printed.lines().last().unwrap_or_default();
    serde_json::from_str(last).with_context(|| format!("{peer} printed `{last}`"))
}

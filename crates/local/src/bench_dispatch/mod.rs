//! `make bench-dispatch`: what the way of a job costs, on a platform of its own with `fsync` on.
//!
//! Nothing is switched off: every job goes by HTTP into Postgres, over Redis to the worker, to a child process and back, with
//! its events, its result and its record. Measured in this order: commands on Redis and Postgres while nothing happens; POST
//! to claimed, one job at a time; submitting many while their class is paused, then draining them; the time from
//! `kill -9` of the worker until its job runs again. With `PEERS=1` others do the same number of no-op jobs on the same two
//! servers in the same run ([`peers`]).

mod peers;
mod rig;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Map, Value, json};

use self::rig::Rig;
use crate::cli::BenchDispatchArguments;
use crate::console::say;

/// Requests under way at once while many jobs are submitted.
const SUBMITTERS: usize = 64;
/// Jobs that are submitted alone, one after the other.
const SINGLES: usize = 300;
const WARM_UP: usize = 50;
const IDLE: Duration = Duration::from_secs(10);
const SETTLED: Duration = Duration::from_secs(12);
/// Longest drain, and longest recovery.
const PATIENCE: Duration = Duration::from_mins(10);

/// Runs the bench with `program` (an `e2i`) and prints its figures, as JSON in the last line.
///
/// # Errors
/// When the platform or a peer does not do what it should.
pub async fn dispatch(program: PathBuf, arguments: &BenchDispatchArguments) -> anyhow::Result<()> {
    let rig = Rig::start(program, arguments.concurrency).await?;
    let mut figures = Map::new();
    figures.insert("bench".to_owned(), "dispatch".into());
    figures.insert("profile".to_owned(), if cfg!(debug_assertions) { "dev" } else { "release" }.into());
    figures.insert("jobs".to_owned(), arguments.jobs.into());
    figures.insert("concurrency".to_owned(), arguments.concurrency.into());
    let outcome = measure(&rig, arguments, &mut figures).await;
    rig.platform.stop().await;
    outcome?;
    say(&Value::Object(figures).to_string());
    Ok(())
}

async fn measure(
    rig: &Rig,
    arguments: &BenchDispatchArguments,
    figures: &mut Map<String, Value>,
) -> anyhow::Result<()> {
    let mut tell = |key: &str, value: f64| {
        say(&format!("{key:<34} {value:.3}"));
        figures.insert(key.to_owned(), rounded(value).into());
    };
    for _ in 0..WARM_UP {
        rig.claimed_within().await?;
    }
    let (redis, postgres) = idle(rig).await?;
    tell("idle_redis_commands_per_s", redis);
    tell("idle_postgres_transactions_per_s", postgres);
    let mut claims = Vec::with_capacity(SINGLES);
    for _ in 0..SINGLES {
        claims.push(rig.claimed_within().await?.as_secs_f64() * 1000.0);
    }
    claims.sort_by(f64::total_cmp);
    let (claim_p50, claim_p99) = (quantile(&claims, 0.5), quantile(&claims, 0.99));
    tell("claim_p50_ms", claim_p50);
    tell("claim_p99_ms", claim_p99);
    rig.listen_no_more();
    let (submit, drain) = many(rig, arguments.jobs).await?;
    rig.listen()?;
    tell("submit_jobs_per_s", submit);
    tell("drain_jobs_per_s", drain);
    tell("worker_peak_mib", rig.worker_peak_mib()?);
    if !arguments.no_recovery {
        tell("recovery_s", recovery(rig).await?.as_secs_f64());
    }
    if arguments.peers {
        rig.platform.stop().await;
        for (key, value) in peers::measure(rig, arguments, drain, claim_p99).await? {
            tell(&key, value);
        }
    }
    Ok(())
}

/// Commands a second on Redis, transactions a second on Postgres, while nothing happens.
async fn idle(rig: &Rig) -> anyhow::Result<(f64, f64)> {
    // Postgres counts a transaction up to ten seconds after it.
    tokio::time::sleep(SETTLED).await;
    let count = async || anyhow::Ok((rig.redis.commands().await?, rig.number(TRANSACTIONS).await?));
    let before = count().await?;
    tokio::time::sleep(IDLE).await;
    let after = count().await?;
    let per_second = |before: f64, after: f64| (after - before) / IDLE.as_secs_f64();
    Ok((per_second(before.0 as f64, after.0 as f64), per_second(before.1, after.1)))
}

const TRANSACTIONS: &str = "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = 'e2i'";

/// Submits many while their class is paused, then lets it go on: jobs a second of both, the latter from the first claim to the
/// last ending.
async fn many(rig: &Rig, jobs: usize) -> anyhow::Result<(f64, f64)> {
    let dispatch = async |what: &str| {
        let reason = json!({ "reason": "a bench submits first and drains then" });
        rig.client.post(&format!("/api/v1/admin/dispatch/small/{what}"), &reason).await
    };
    dispatch("pause").await.context("pause the class")?;
    let begin = Instant::now();
    let submitting = stream::iter(0..jobs).map(|_| rig.submit(0)).buffer_unordered(SUBMITTERS);
    submitting.try_for_each(|_| std::future::ready(Ok(()))).await?;
    let submit_s = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    dispatch("resume").await.context("let the class go on")?;
    while rig.number(LEFT).await? > 0.0 {
        ensure!(begin.elapsed() < PATIENCE, "the jobs are not drained after {} s", PATIENCE.as_secs());
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let wrong = rig.number("SELECT count(*) FROM e2i.jobs WHERE state <> 'succeeded' OR attempt <> 1").await?;
    ensure!(wrong == 0.0, "{wrong} jobs did not succeed in their first attempt");
    let drain_s = rig
        .number(&format!(
            "SELECT extract(epoch FROM max(finished_at) - min(started_at)) FROM
             (SELECT * FROM e2i.jobs ORDER BY created_at DESC LIMIT {jobs}) AS j"
        ))
        .await?;
    Ok((jobs as f64 / submit_s, jobs as f64 / drain_s))
}

/// Whether any job has not ended: by the indexes of what waits, what is on Redis and what runs.
const LEFT: &str = "SELECT (EXISTS (SELECT FROM e2i.jobs WHERE state = 'queued' AND dispatched_at IS NULL)
    OR EXISTS (SELECT FROM e2i.jobs WHERE state = 'queued' AND dispatched_at IS NOT NULL)
    OR EXISTS (SELECT FROM e2i.jobs WHERE state = 'running'))::int";

/// From `kill -9` of the worker until the job it had runs again, in the worker that is started in its place.
async fn recovery(rig: &Rig) -> anyhow::Result<Duration> {
    let job = rig.submit(300_000).await?;
    rig.running(&job, 1).await?;
    let begin = Instant::now();
    kill_process(rig.worker_pid()?, Signal::KILL).context("kill the worker")?;
    rig.running(&job, 2).await?;
    let took = begin.elapsed();
    rig.client.post(&format!("/api/v1/analyses/{job}/cancel"), &json!({})).await?;
    Ok(took)
}

pub(crate) fn pid(id: Option<i32>) -> anyhow::Result<Pid> {
    id.and_then(Pid::from_raw).context("the process does not run")
}

/// Of sorted values.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
    let place = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1));
    sorted.get(place - 1).copied().unwrap_or(f64::NAN)
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!((quantile(&values, 0.5) - 50.0).abs() < f64::EPSILON);
        assert!((quantile(&values, 0.99) - 99.0).abs() < f64::EPSILON);
        assert!((quantile(&values[..1], 0.99) - 1.0).abs() < f64::EPSILON);
        assert!(quantile(&[], 0.5).is_nan());
    }
}

//! What ends a child and its attempt, and nothing else: memory, silence, a panic, an abort.

use domain::job::{JobClass, JobState, Reason};
use serde_json::json;

use crate::house::{CANARY, House};

/// A job that goes well shows that the worker lives.
async fn the_worker_lives(house: &House) -> anyhow::Result<()> {
    let next = house.canary(0).await?;
    house.reaches(next, JobState::Succeeded).await?;
    Ok(())
}

async fn class(house: &House, job: domain::ids::JobId) -> anyhow::Result<String> {
    let class = sqlx::query_scalar("SELECT class FROM e2i.jobs WHERE id = $1").bind(job.0);
    Ok(class.fetch_one(house.store.pool()).await?)
}

#[tokio::test]
async fn a_job_over_its_memory_gets_a_large_place_and_over_that_fails_with_its_peak() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker_with(&[("WORKER_SMALL_MEMORY_MIB", "100"), ("WORKER_LARGE_MEMORY_MIB", "300")])?;
    let fits = house.submit(&CANARY, json!({"hold_mib": 60})).await?;
    let larger = house.submit(&CANARY, json!({"hold_mib": 150})).await?;
    let too_large = house.submit(&CANARY, json!({"hold_mib": 700})).await?;
    assert_eq!(house.reaches(fits, JobState::Succeeded).await?.attempt, 1);
    let moved = house.reaches(larger, JobState::Succeeded).await?;
    assert_eq!((moved.attempt, moved.crash_count), (2, 0), "no crash is counted");
    assert_eq!(class(&house, larger).await?, JobClass::Large.as_str());
    let failed = house.reaches(too_large, JobState::Failed).await?;
    let failure = failed.failure.unwrap();
    assert_eq!((failed.attempt, failure.reason), (2, Reason::Oom), "{}", failure.detail);
    assert!(failure.detail.contains("300 are allowed"), "{}", failure.detail);
    let why: serde_json::Value =
        sqlx::query_scalar("SELECT failure FROM e2i.attempts WHERE job_id = $1 AND attempt = 1")
            .bind(too_large.0)
            .fetch_one(house.store.pool())
            .await?;
    assert_eq!(why["reason"], "oom", "the first attempt's reason is kept");
    assert!(why["detail"].as_str().unwrap().contains("100 are allowed"), "{why}");
    the_worker_lives(&house).await
}

#[tokio::test]
async fn alive_but_silent_is_stuck() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker_with(&[("WORKER_STUCK_AFTER", "300ms")])?;
    let job = house.submit(&CANARY, json!({"fault": "stuck"})).await?;
    let retried = house.until(job, |job| job.crash_count == 1).await?;
    assert_eq!(retried.failure.unwrap().reason, Reason::Stuck);
    // One that works for longer than that, but says so, is not.
    let working = house.canary(1500).await?;
    assert_eq!(house.reaches(working, JobState::Succeeded).await?.attempt, 1);
    let dead = house.reaches(job, JobState::Failed).await?;
    assert_eq!((dead.attempt, dead.failure.unwrap().reason), (3, Reason::Stuck));
    Ok(())
}

#[tokio::test]
async fn a_panic_and_an_abort_end_their_own_attempt_and_are_told() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker()?;
    for (fault, told) in [("panic", "the canary was told to panic"), ("abort", "aborted (signal 6)")] {
        let job = house.submit(&CANARY, json!({"fault": fault})).await?;
        let retried = house.until(job, |job| job.crash_count == 1).await?;
        let failure = retried.failure.unwrap();
        assert_eq!(failure.reason, Reason::Crash);
        assert!(failure.detail.contains(told), "{}", failure.detail);
        the_worker_lives(&house).await?;
    }
    Ok(())
}

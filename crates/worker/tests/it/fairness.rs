//! Whose job is next, with a real worker at work.

use std::time::Duration;

use domain::ids::{JobId, UserId};
use domain::job::{JobClass, JobState};
use rustix::process::Signal;
use store::counters::Count;
use store::jobs::{NewJob, Submitted};
use store::people::Actor;

use crate::house::{CANARY, House};

async fn submit_as(house: &House, owner: UserId, work_ms: u32) -> anyhow::Result<JobId> {
    let job = NewJob {
        workspace: house.workspace,
        owner,
        agent: &CANARY,
        dataset: None,
        memory_mib: 64,
        parameters: serde_json::json!({ "work_ms": work_ms }),
        traceparent: None,
        idempotency: None,
        request_id: None,
        run_at: None,
    };
    match house.store.submit(&job).await? {
        Submitted::New { id, .. } => Ok(id),
        other => anyhow::bail!("{other:?}"),
    }
}

async fn another_member(house: &House) -> anyhow::Result<UserId> {
    let user: uuid::Uuid = sqlx::query_scalar(
        "INSERT INTO e2i.workspace_members (workspace_id, user_id, role) VALUES ($1, gen_random_uuid(), 'analyst')
         RETURNING user_id",
    )
    .bind(house.workspace.0)
    .fetch_one(house.store.pool())
    .await?;
    Ok(user.into())
}

async fn total(house: &House, wanted: Count) -> anyhow::Result<u64> {
    let totals = house.store.counters().await?;
    Ok(totals.into_iter().find(|(count, _)| *count == wanted).map_or(0, |(_, total)| total))
}

async fn until_total(house: &House, wanted: Count, reaches: u64) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    loop {
        let total = total(house, wanted).await?;
        if total >= reaches {
            return Ok(());
        }
        anyhow::ensure!(tokio::time::Instant::now() < deadline, "{} is {total}", wanted.name());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn with_a_long_queue_of_one_owner_anothers_job_begins_within_one_jobs_time() -> anyhow::Result<()> {
    let house = House::build().await?;
    let first = submit_as(&house, house.user, 700).await?;
    for _ in 1..200 {
        submit_as(&house, house.user, 700).await?;
    }
    let worker = house.worker_with(&[("WORKER_CONCURRENCY", "1")])?;
    house.computing(&worker, first).await?;
    let other = another_member(&house).await?;
    for _ in 0..2 {
        let job = submit_as(&house, other, 0).await?;
        house.until(job, |job| job.started_at.is_some()).await?;
        // The one that ran may end before the relay has looked, and one more begin.
        let before: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM e2i.jobs a, e2i.jobs b
             WHERE b.id = $1 AND a.owner <> b.owner AND a.started_at > b.created_at AND a.started_at < b.started_at",
        )
        .bind(job.0)
        .fetch_one(house.store.pool())
        .await?;
        assert!(before <= 1, "{before} of the other owner's began first");
    }
    until_total(&house, Count::Recalled, 1).await
}

#[tokio::test]
async fn a_single_owners_backlog_keeps_a_worker_busy_however_small_its_first_share() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut last = None;
    for _ in 0..300 {
        last = Some(submit_as(&house, house.user, 0).await?);
    }
    let _worker = house.worker()?;
    house.reaches(last.unwrap(), JobState::Succeeded).await?;
    until_total(&house, Count::Claimed, 300).await?;
    assert_eq!(house.results().await?, 300);
    assert_eq!(total(&house, Count::FencedWritesRefused).await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_job_of_a_killed_worker_is_counted_as_recovered_with_its_seconds() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut first = house.worker()?;
    // A job that is dispatched before Redis is known to be new is lost and found once more.
    while !house.queue.epoch_is_current().await? {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let job = house.canary(2000).await?;
    house.computing(&first, job).await?;
    first.signal(Signal::KILL)?;
    first.ended().await?;
    let _second = house.worker()?;
    house.reaches(job, JobState::Succeeded).await?;
    until_total(&house, Count::Recovered, 1).await?;
    until_total(&house, Count::LeaseExpiries, 1).await?;
    let times = house.store.recovery_times().await?;
    assert_eq!((times.count, times.open), (1, 0));
    // Found by the reaper of a worker with leases of 2 s, claimed at once.
    assert!(times.max_s.unwrap() < 20.0, "{times:?}");
    let seen = house.store.overview().await?.workers;
    assert!(seen.iter().any(|worker| worker.small_places == 2), "{seen:?}");
    Ok(())
}

#[tokio::test]
async fn what_is_paused_while_a_worker_has_room_begins_only_after_the_pause() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker()?;
    let warm = house.canary(0).await?;
    house.reaches(warm, JobState::Succeeded).await?;
    house.store.pause(&Actor::platform(), house.user, JobClass::Small, "maintenance").await?;
    let waiting = house.canary(0).await?;
    // Long enough for two idle rounds of the relay; there is no condition to wait for, as nothing is to happen.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(house.job(waiting).await?.state, JobState::Queued);
    house.store.resume(&Actor::platform(), JobClass::Small, None).await?;
    house.reaches(waiting, JobState::Succeeded).await?;
    Ok(())
}

#[tokio::test]
async fn long_jobs_claimed_ahead_after_short_ones_are_left_to_another_worker() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _busy = house.worker_with(&[("WORKER_CONCURRENCY", "1")])?;
    let mut last = None;
    for _ in 0..40 {
        last = Some(submit_as(&house, house.user, 0).await?);
    }
    house.reaches(last.unwrap(), JobState::Succeeded).await?;
    // It has learnt that attempts are short, and claims all of these.
    let mut long = Vec::new();
    for _ in 0..4 {
        long.push(submit_as(&house, house.user, 4000).await?);
    }
    house.reaches(long[0], JobState::Running).await?;
    let _idle = house.worker_with(&[("WORKER_CONCURRENCY", "1")])?;
    for job in &long {
        assert_eq!(house.reaches(*job, JobState::Succeeded).await?.crash_count, 0, "waiting counts nothing");
    }
    let workers: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT a.worker) FROM e2i.attempts a JOIN e2i.jobs j ON j.id = a.job_id AND j.attempt = a.attempt
         WHERE (j.parameters->>'work_ms')::int = 4000",
    )
    .fetch_one(house.store.pool())
    .await?;
    assert_eq!(workers, 2);
    Ok(())
}

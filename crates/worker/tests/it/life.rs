//! What a worker does on a good day.

use domain::job::{JobState, Reason};
use domain::progress::JobEvent;
use rustix::process::Signal;
use serde_json::json;
use store::jobs::Cancelled;

use crate::house::{CANARY, CAUSAL, House};

#[tokio::test]
async fn a_job_is_computed_in_a_child_and_told_of_in_order() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker()?;
    let job = house.canary(300).await?;
    house.reaches(job, JobState::Succeeded).await?;
    let result = house.store.job_result(house.access(), job).await?.unwrap();
    assert_eq!(result, json!({"estimate": 3.0, "expected": 3.0, "correct": true}));
    // The last event is told right after the result is written.
    let mut told = Vec::new();
    for _ in 0..500 {
        told = house.queue.replay(job, None).await?.events;
        if matches!(told.last().map(|last| &last.event), Some(JobEvent::State { state: JobState::Succeeded, .. })) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(matches!(told.first().unwrap().event, JobEvent::State { state: JobState::Running, .. }));
    assert!(matches!(told.last().unwrap().event, JobEvent::State { state: JobState::Succeeded, .. }));
    assert!(told.iter().any(|envelope| matches!(&envelope.event, JobEvent::Progress(_))));
    let ids: Vec<_> = told.iter().map(|envelope| (envelope.attempt, envelope.seq)).collect();
    let expected: Vec<_> = (1..=told.len() as u64).map(|seq| (1, seq)).collect();
    assert_eq!(ids, expected, "no gap, no double");
    Ok(())
}

#[tokio::test]
async fn many_jobs_and_two_workers_give_each_job_one_result() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut jobs = Vec::new();
    for _ in 0..30 {
        jobs.push(house.canary(0).await?);
    }
    let _workers = (house.worker()?, house.worker()?);
    for job in &jobs {
        let ended = house.reaches(*job, JobState::Succeeded).await?;
        assert_eq!(ended.attempt, 1);
    }
    assert_eq!(house.results().await?, 30);
    Ok(())
}

#[tokio::test]
async fn a_users_error_is_told_and_not_tried_again() -> anyhow::Result<()> {
    let house = House::build().await?;
    let _worker = house.worker()?;
    let job = house.submit(&CAUSAL, json!({"outcome": "y", "treatment": "t"})).await?;
    let failed = house.reaches(job, JobState::Failed).await?;
    let failure = failed.failure.unwrap();
    assert_eq!((failed.attempt, failure.reason), (1, Reason::UserError), "{}", failure.detail);
    assert!(failure.detail.contains("give dataset_id"), "{}", failure.detail);
    Ok(())
}

#[tokio::test]
async fn a_running_job_is_cancelled_and_its_child_is_gone() -> anyhow::Result<()> {
    let house = House::build().await?;
    let worker = house.worker_with(&[("WORKER_LEASE", "60s")])?;
    let job = house.canary(600_000).await?;
    house.computing(&worker, job).await?;
    assert_eq!(house.store.cancel(house.access(), job, None).await?, Some(Cancelled::Requested));
    house.queue.hurry_cancel(job).await?;
    // With a lease of a minute the next heartbeat is 20 s away: only the hurry makes this pass soon.
    let cancelled = house.reaches(job, JobState::Cancelled).await?;
    assert_eq!(cancelled.failure.unwrap().reason, Reason::Cancelled);
    assert!(worker.children()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn without_redis_to_hurry_it_the_heartbeat_learns_of_the_cancel() -> anyhow::Result<()> {
    let house = House::build().await?;
    let worker = house.worker()?;
    let job = house.canary(600_000).await?;
    house.computing(&worker, job).await?;
    house.store.cancel(house.access(), job, None).await?;
    house.reaches(job, JobState::Cancelled).await?;
    Ok(())
}

#[tokio::test]
async fn a_job_that_takes_too_long_ends_with_timeout() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.canary(600_000).await?;
    house.execute("UPDATE e2i.jobs SET timeout_s = 1").await?;
    let _worker = house.worker()?;
    let failed = house.reaches(job, JobState::Failed).await?;
    assert_eq!((failed.attempt, failed.failure.unwrap().reason), (1, Reason::Timeout));
    Ok(())
}

#[tokio::test]
async fn a_soft_end_lets_the_running_job_finish_and_takes_no_other() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut worker = house.worker_with(&[("WORKER_CONCURRENCY", "1")])?;
    let running = house.canary(1500).await?;
    house.computing(&worker, running).await?;
    let waiting = house.canary(0).await?;
    worker.signal(Signal::TERM)?;
    assert_eq!(worker.ended().await?, Some(0));
    assert_eq!(house.job(running).await?.state, JobState::Succeeded);
    let left = house.job(waiting).await?;
    assert_eq!((left.state, left.attempt), (JobState::Queued, 0));
    Ok(())
}

#[tokio::test]
async fn at_the_drain_deadline_the_job_goes_to_another_worker_and_nothing_is_counted() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut first = house.worker_with(&[("WORKER_DRAIN_MAX", "1s")])?;
    let job = house.canary(4000).await?;
    house.computing(&first, job).await?;
    first.signal(Signal::TERM)?;
    first.ended().await?;
    let queued = house.job(job).await?;
    assert_eq!((queued.state, queued.crash_count), (JobState::Queued, 0));
    let _second = house.worker()?;
    let done = house.reaches(job, JobState::Succeeded).await?;
    assert_eq!((done.attempt, done.crash_count), (2, 0));
    Ok(())
}

#[tokio::test]
async fn a_small_job_uses_the_child_of_the_one_before() -> anyhow::Result<()> {
    let house = House::build().await?;
    let worker = house.worker()?;
    let mut children = Vec::new();
    for _ in 0..3 {
        let job = house.canary(200).await?;
        children.push(house.computing(&worker, job).await?);
        house.reaches(job, JobState::Succeeded).await?;
    }
    assert_eq!(children[0], children[1]);
    assert_eq!(children[0], children[2]);
    // A child that held much is not kept: its memory goes back to the machine.
    let heavy = house.submit(&CANARY, json!({"work_ms": 200, "hold_mib": 100})).await?;
    assert_eq!(house.computing(&worker, heavy).await?, children[0]);
    house.reaches(heavy, JobState::Succeeded).await?;
    let after = house.canary(200).await?;
    assert_ne!(house.computing(&worker, after).await?, children[0]);
    Ok(())
}

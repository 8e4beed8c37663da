//! What a worker does on a bad day.

use domain::job::{JobState, Reason};
use rustix::process::{Signal, kill_process};
use servers::{Postgres, Redis};

use crate::house::House;

#[tokio::test]
async fn a_worker_killed_in_the_middle_leaves_its_job_to_the_next_attempt() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut first = house.worker()?;
    let job = house.canary(4000).await?;
    let child = house.computing(&first, job).await?;
    first.signal(Signal::KILL)?;
    assert_eq!(first.ended().await?, None);
    let _second = house.worker()?;
    let done = house.reaches(job, JobState::Succeeded).await?;
    assert_eq!((done.attempt, done.crash_count, house.results().await?), (2, 0, 1));
    assert!(kill_process(child, Signal::KILL).is_err(), "the first child ended with its worker");
    Ok(())
}

#[tokio::test]
async fn a_killed_child_costs_one_attempt_and_three_fail_the_job() -> anyhow::Result<()> {
    let house = House::build().await?;
    let worker = house.worker()?;
    let job = house.canary(600_000).await?;
    for killed in 1..=3 {
        house.until(job, |job| job.state == JobState::Running && job.attempt == killed).await?;
        kill_process(house.computing(&worker, job).await?, Signal::KILL)?;
        house.until(job, |job| job.crash_count == i32::try_from(killed).unwrap()).await?;
    }
    let dead = house.reaches(job, JobState::Failed).await?;
    let failure = dead.failure.unwrap();
    assert_eq!((dead.attempt, failure.reason), (3, Reason::Crash));
    assert!(failure.detail.contains("signal 9"), "{}", failure.detail);
    let other = house.canary(0).await?;
    house.reaches(other, JobState::Succeeded).await?;
    Ok(())
}

#[tokio::test]
async fn a_zombie_that_comes_back_writes_nothing() -> anyhow::Result<()> {
    let house = House::build().await?;
    let zombie = house.worker()?;
    let job = house.canary(4000).await?;
    house.computing(&zombie, job).await?;
    zombie.signal(Signal::STOP)?;
    let _heir = house.worker()?;
    house.until(job, |job| job.attempt == 2).await?;
    zombie.signal(Signal::CONT)?;
    let done = house.reaches(job, JobState::Succeeded).await?;
    assert_eq!((done.attempt, house.results().await?), (2, 1));
    let stored: i32 = sqlx::query_scalar("SELECT attempt FROM e2i.results").fetch_one(house.store.pool()).await?;
    assert_eq!(stored, 2);
    Ok(())
}

#[tokio::test]
async fn a_wiped_redis_loses_no_job() -> anyhow::Result<()> {
    let servers = servers::fresh().await?;
    let redis = Redis::for_test().await?;
    let house = House::on(&servers.database_url, &redis.url(), "e2i:").await?;
    let worker = house.worker_with(&[("WORKER_CONCURRENCY", "1")])?;
    let running = house.canary(1500).await?;
    house.computing(&worker, running).await?;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        waiting.push(house.canary(0).await?);
    }
    // All five stand on Redis when it is wiped: the relay has emptied the outbox.
    loop {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.outbox").fetch_one(house.store.pool()).await?;
        if left == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    redis.flushall().await?;
    for job in waiting {
        assert_eq!(house.reaches(job, JobState::Succeeded).await?.attempt, 1);
    }
    assert_eq!(house.reaches(running, JobState::Succeeded).await?.attempt, 1);
    Ok(())
}

#[tokio::test]
async fn a_result_is_delivered_when_postgres_is_back() -> anyhow::Result<()> {
    let servers = servers::fresh().await?;
    let postgres = Postgres::for_test().await?;
    postgres.create_database("e2i").await?;
    let house = House::on(&postgres.url("e2i"), &servers.redis_url, &servers.key_prefix).await?;
    let worker = house.worker()?;
    let job = house.canary(1500).await?;
    house.computing(&worker, job).await?;
    postgres.restart().await?;
    let done = house.reaches(job, JobState::Succeeded).await?;
    assert_eq!((done.attempt, house.results().await?), (1, 1));
    let next = house.canary(0).await?;
    house.reaches(next, JobState::Succeeded).await?;
    Ok(())
}

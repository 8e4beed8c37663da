//! What a release does to workers: rest, wake, several that drain at once, agent versions that only one side has.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::ensure;
use domain::ids::JobId;
use domain::job::{JobClass, JobState, Priority};
use queue::Reader;
use rustix::process::Signal;
use serde_json::Value;
use store::attempts::Claimant;
use tokio::time::{Instant, sleep};

use crate::house::{House, Worker};

const PATIENCE: Duration = Duration::from_mins(1);

/// A worker whose private port is known.
struct Told {
    process: Worker,
    address: SocketAddr,
}

impl Told {
    async fn start(house: &House, more: &[(&str, &str)]) -> anyhow::Result<Self> {
        let port = servers::free_port(&servers::operating_system_random())?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let listen = address.to_string();
        let mut env = vec![("WORKER_PRIVATE_LISTEN", listen.as_str())];
        env.extend_from_slice(more);
        let worker = Self { process: house.worker_with(&env)?, address };
        worker.until("/readyz", |_| true).await?;
        Ok(worker)
    }

    async fn ask(&self, path: &'static str) -> anyhow::Result<String> {
        let address = self.address;
        tokio::task::spawn_blocking(move || chassis::healthcheck::ask(address, path)).await?
    }

    /// Asks until the answer is JSON of which `holds` is true.
    async fn until(&self, path: &'static str, holds: impl Fn(&Value) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(path).await;
            match answer.as_deref().map(serde_json::from_str) {
                Ok(Ok(answer)) if holds(&answer) => return Ok(()),
                _ => ensure!(Instant::now() < deadline, "{path} still answers {answer:?}"),
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    async fn rests(&self) -> anyhow::Result<()> {
        self.process.signal(Signal::USR1)?;
        self.until("/readyz", |ready| ready["resting"] == true && ready["draining"] == false).await
    }

    async fn wakes(&self) -> anyhow::Result<()> {
        self.process.signal(Signal::USR2)?;
        self.until("/readyz", |ready| ready["resting"] == false).await
    }
}

/// Who has or had the job's newest attempt.
async fn worker_of(house: &House, job: JobId) -> anyhow::Result<String> {
    let worker = sqlx::query_scalar("SELECT worker FROM e2i.attempts WHERE job_id = $1 ORDER BY attempt DESC LIMIT 1");
    Ok(worker.bind(job.0).fetch_one(house.store.pool()).await?)
}

/// Waits until the workers that say they are there have so many places.
async fn until_places(house: &House, wanted: i64) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let places = sqlx::query_scalar("SELECT coalesce(sum(small_places + large_places), 0) FROM e2i.workers");
        let places: i64 = places.fetch_one(house.store.pool()).await?;
        if places == wanted {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "{places} places, not {wanted}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_resting_worker_finishes_what_it_has_and_takes_nothing_until_it_is_woken() -> anyhow::Result<()> {
    let house = House::build().await?;
    let old = Told::start(&house, &[]).await?;
    let begun = house.canary(2500).await?;
    house.reaches(begun, JobState::Running).await?;
    let old_name = worker_of(&house, begun).await?;
    old.rests().await?;
    let metrics = old.ask("/metrics").await?;
    assert!(metrics.contains("e2i_worker_resting 1"), "{metrics}");

    let mut new = Told::start(&house, &[]).await?;
    for _ in 0..6 {
        let job = house.canary(0).await?;
        house.reaches(job, JobState::Succeeded).await?;
        assert_ne!(worker_of(&house, job).await?, old_name, "the one that rests took a job");
    }
    let done = house.reaches(begun, JobState::Succeeded).await?;
    assert_eq!((done.attempt, done.crash_count), (1, 0));
    // Two small ones and a large one: nobody counts on those of one that rests.
    until_places(&house, 3).await?;

    // The release is taken back.
    old.wakes().await?;
    new.process.signal(Signal::TERM)?;
    assert_eq!(new.process.ended().await?, Some(0));
    let next = house.canary(0).await?;
    house.reaches(next, JobState::Succeeded).await?;
    assert_eq!(worker_of(&house, next).await?, old_name);
    Ok(())
}

#[tokio::test]
async fn a_worker_told_to_rest_and_forgotten_wakes_by_itself_unless_another_one_is_at_work() -> anyhow::Result<()> {
    let house = House::build().await?;
    let forgotten = Told::start(&house, &[("WORKER_REST_ALONE", "1s")]).await?;
    let first = house.canary(0).await?;
    house.reaches(first, JobState::Succeeded).await?;
    let name = worker_of(&house, first).await?;
    let mut other = Told::start(&house, &[]).await?;
    until_places(&house, 6).await?;
    forgotten.rests().await?;
    // Longer than it may be alone.
    let job = house.canary(3000).await?;
    house.reaches(job, JobState::Succeeded).await?;
    assert_ne!(worker_of(&house, job).await?, name);
    forgotten.until("/readyz", |ready| ready["resting"] == true).await?;

    until_places(&house, 3).await?;
    other.process.signal(Signal::KILL)?;
    other.process.ended().await?;
    // As if half a minute had passed: until then it may still be there.
    house.execute("UPDATE e2i.workers SET seen_at = now() - interval '40 s' WHERE small_places > 0").await?;
    let waiting = house.canary(0).await?;
    house.reaches(waiting, JobState::Succeeded).await?;
    assert_eq!(worker_of(&house, waiting).await?, name);
    forgotten.until("/readyz", |ready| ready["resting"] == false).await
}

#[tokio::test]
async fn a_long_job_outlives_three_releases_and_nothing_is_counted() -> anyhow::Result<()> {
    let house = House::build().await?;
    let mut first = Told::start(&house, &[]).await?;
    let long = house.canary(20_000).await?;
    house.reaches(long, JobState::Running).await?;
    let mut ended = Vec::new();
    let mut live: Option<Told> = None;
    for _ in 0..3 {
        let next = Told::start(&house, &[]).await?;
        let old = live.as_ref().unwrap_or(&first);
        old.rests().await?;
        let short = house.canary(0).await?;
        assert_eq!(house.reaches(short, JobState::Succeeded).await?.attempt, 1);
        old.process.signal(Signal::TERM)?;
        ended.extend(live.replace(next));
    }
    for worker in &mut ended {
        assert_eq!(worker.process.ended().await?, Some(0), "nothing to finish");
    }
    assert_eq!(house.job(long).await?.state, JobState::Running, "it was too short to show anything");
    first.until("/load", |load| load["draining"] == true && load["small"]["running"] == 1).await?;
    let done = house.reaches(long, JobState::Succeeded).await?;
    assert_eq!((done.attempt, done.crash_count), (1, 0));
    assert_eq!(first.process.ended().await?, Some(0));
    let expiries: i64 =
        sqlx::query_scalar("SELECT sum(lease_expiries) FROM e2i.jobs").fetch_one(house.store.pool()).await?;
    assert_eq!(expiries, 0);
    Ok(())
}

#[tokio::test]
async fn a_version_that_only_another_worker_has_waits_for_it_be_it_newer_or_older() -> anyhow::Result<()> {
    let house = House::build().await?;
    let (newer, older) = (house.canary(0).await?, house.canary(0).await?);
    for (job, version) in [(newer, 99), (older, 0)] {
        let change = sqlx::query("UPDATE e2i.jobs SET agent_version = $2 WHERE id = $1").bind(job.0).bind(version);
        change.execute(house.store.pool()).await?;
    }
    let _worker = house.worker()?;
    for job in [newer, older] {
        let offered = house.until_offered_again(job).await?;
        assert_eq!((offered.state, offered.attempt, offered.crash_count), (JobState::Queued, 0, 0));
    }
    // The other release's worker comes: what it would ask of Redis and Postgres.
    for (job, version) in [(newer, 99), (older, 0)] {
        assert_eq!(claimed_by_a_worker_of(&house, job, version).await?, 1, "the first attempt");
        assert_eq!(house.job(job).await?.crash_count, 0);
    }
    Ok(())
}

/// Reads, claims and hands on like a worker that has this canary alone; gives the attempt once it has the job.
async fn claimed_by_a_worker_of(house: &House, job: JobId, version: i32) -> anyhow::Result<u32> {
    let name = format!("release-{version}");
    let mut reader = Reader::new(&house.queue, &name);
    let agents = [("canary", version)];
    let deadline = Instant::now() + PATIENCE;
    loop {
        let deliveries = reader.read(JobClass::Small, Priority::High, 1).await?;
        if deliveries.is_empty() {
            // As a worker waits: who polls instead is always later than the worker that is woken, and gets nothing.
            reader.wait(JobClass::Small, Duration::from_secs(1)).await?;
        }
        let wanted: Vec<_> = deliveries
            .iter()
            .filter_map(|read| read.entry.as_ref())
            .map(|entry| (entry.job, entry.dispatch_seq))
            .collect();
        let lease = Duration::from_mins(1);
        let claimant = Claimant { worker: &name, lease, agents: &agents, free_mib: 1024, idle: true };
        let claimed = house.store.claim(&wanted, claimant).await?;
        if claimed.is_empty() {
            house.store.hand_on(&wanted, Duration::ZERO).await?;
        }
        house.queue.settle(&deliveries).await?;
        if let Some(claimed) = claimed.first() {
            ensure!(claimed.job == job, "another one's job");
            return Ok(claimed.attempt);
        }
        ensure!(Instant::now() < deadline, "never offered to the worker that has it");
    }
}

#[tokio::test]
async fn whether_a_large_job_runs_is_told() -> anyhow::Result<()> {
    let house = House::build().await?;
    let job = house.canary(1500).await?;
    house.execute("UPDATE e2i.jobs SET class = 'large'").await?;
    let worker = Told::start(&house, &[]).await?;
    worker.until("/load", |load| load["large"]["running"] == 1 && load["small"]["running"] == 0).await?;
    let metrics = worker.ask("/metrics").await?;
    assert!(metrics.contains(r#"e2i_jobs_running{class="large"} 1"#), "{metrics}");
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_e2i-worker"))
        .env_clear()
        .env("WORKER_PRIVATE_LISTEN", worker.address.to_string())
        .arg("load")
        .output()?;
    let told: Value = serde_json::from_slice(&command.stdout)?;
    assert_eq!((&told["large"]["places"], &told["resting"]), (&1.into(), &false.into()));
    house.reaches(job, JobState::Succeeded).await?;
    worker.until("/load", |load| load["large"]["running"] == 0).await?;
    assert!(worker.ask("/metrics").await?.contains(r#"e2i_jobs_running{class="large"} 0"#));
    Ok(())
}

#[test]
fn the_program_lists_its_agent_versions_without_any_configuration() {
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_e2i-worker")).env_clear().args(["agents", "--json"]).output();
    let listed: Vec<Value> = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let own = domain::agents::all();
    assert_eq!(listed.len(), own.len());
    for agent in own {
        assert!(listed.contains(&serde_json::json!({"agent": agent.name, "version": agent.version})), "{}", agent.name);
    }
}

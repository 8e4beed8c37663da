//! Real servers: well, paused, killed.

use std::time::Duration;

use chassis::clock::MonotonicClock;
use chassis::config::Secret;
use health::probes::Probe;
use health::probes::clock::{MachineClock, Other};
use health::probes::http::Asker;
use health::probes::place::Place;
use health::probes::postgres::Postgres;
use health::probes::redis::Redis;
use health::probes::worker::Worker;
use health::reading::{Reading, Verdict};
use rustix::process::{Pid, Signal, kill_process};
use store::schema::Patience;
use store::{Options, Store};

use super::rig::time;
use super::street::House;

/// A look that is given up as the watching does it.
async fn look(probe: &impl Probe) -> Option<Reading> {
    tokio::time::timeout(Duration::from_secs(2), probe.look()).await.ok()
}

fn figure(reading: &Reading, name: &str) -> f64 {
    let found = reading.figures.iter().find(|figure| figure.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {reading:?}")).value
}

fn pause(pid: Option<i32>, signal: Signal) {
    kill_process(Pid::from_raw(pid.unwrap()).unwrap(), signal).unwrap();
}

#[tokio::test]
async fn redis_is_seen_well_paused_and_killed() -> anyhow::Result<()> {
    let redis = servers::Redis::for_test().await?;
    let probe = Redis::at(Secret::new(redis.url()));
    let well = look(&probe).await.unwrap();
    assert_eq!(well.verdict, Verdict::Pass, "{well:?}");
    assert!(figure(&well, "memory") > 0.0);
    pause(redis.pid(), Signal::STOP);
    assert_eq!(look(&probe).await, None, "it takes the connection and says nothing");
    pause(redis.pid(), Signal::CONT);
    assert_eq!(look(&probe).await.unwrap().verdict, Verdict::Pass);
    redis.kill9().await?;
    let dead = look(&probe).await.unwrap();
    assert_eq!(dead.verdict, Verdict::Fail);
    assert!(dead.words.contains("refused"), "{dead:?}");
    Ok(())
}

#[tokio::test]
async fn postgres_is_seen_well_old_paused_and_killed_and_no_clock_is_wrong_because_of_it() -> anyhow::Result<()> {
    let postgres = servers::Postgres::for_test().await?;
    postgres.create_database("e2i").await?;
    let url = Secret::new(postgres.url("e2i"));
    let (probe, time) = (Postgres::at(url.clone()), time());
    let clock = MachineClock::compared_with(time.clock, time.monotonic, vec![Other::Database(url.clone())]);
    let empty = look(&probe).await.unwrap();
    assert_eq!(empty.verdict, Verdict::Warn);
    assert!(empty.words.contains("migrate"), "{empty:?}");
    store::schema::migrate(url.expose(), &Patience::default()).await?;
    let well = look(&probe).await.unwrap();
    assert_eq!(well.verdict, Verdict::Pass, "{well:?}");
    assert!(figure(&well, "schema version") > 2e13 && figure(&well, "connections") >= 1.0);
    let right = look(&clock).await.unwrap();
    assert_eq!((right.verdict, right.words.as_str()), (Verdict::Pass, ""));
    pause(postgres.pid(), Signal::STOP);
    assert_eq!(look(&probe).await, None);
    let unknown = tokio::time::timeout(Duration::from_secs(3), clock.look()).await?;
    assert_eq!((unknown.verdict, unknown.words.as_str()), (Verdict::Pass, "no other clock answered"));
    pause(postgres.pid(), Signal::CONT);
    postgres.kill9().await?;
    assert_eq!(look(&probe).await.unwrap().verdict, Verdict::Fail);
    Ok(())
}

#[tokio::test]
async fn a_worker_is_one_that_is_ready_and_heard_of() -> anyhow::Result<()> {
    let url = servers::fresh_database().await?;
    store::schema::migrate(&url, &Patience::default()).await?;
    let house = House::build().await;
    house.says("/readyz", 200, r#"{"status":"pass","revision":"a"}"#);
    let place = Place::at(Asker::inside()?, house.url(""));
    let probe = Worker::at(place, Secret::new(url.clone()), MonotonicClock::start());
    let silent = look(&probe).await.unwrap();
    assert_eq!(silent.verdict, Verdict::Fail);
    assert!(silent.words.contains("never"), "{silent:?}");
    let options =
        Options { application_name: "test".into(), max_connections: 1, acquire_timeout: Duration::from_secs(9) };
    let store = Store::connect(&url, &options).await?;
    store.worker_is_here("one", 2, 1).await?;
    let well = look(&probe).await.unwrap();
    assert_eq!(well.verdict, Verdict::Pass, "{well:?}");
    assert!(figure(&well, "workers") > 0.5 && figure(&well, "waiting jobs") < 0.5);
    assert!(figure(&well, "dead letters of a day") < 0.5);
    store.worker_is_here("one", 0, 0).await?;
    assert_eq!(look(&probe).await.unwrap().verdict, Verdict::Fail, "one without places takes no jobs");
    Ok(())
}

#[tokio::test]
async fn an_operator_s_question_may_change_nothing() -> anyhow::Result<()> {
    let url = servers::fresh_database().await?;
    let ask = async |statement: &str| store::glance::ask(&url, statement).await;
    assert_eq!(ask("SELECT 40 + 2, 'x'").await?.as_deref(), Some("42"));
    assert_eq!(ask("SELECT true").await?.as_deref(), Some("t"));
    assert_eq!(ask("SELECT null").await?, None);
    assert_eq!(ask("SELECT 1 WHERE false").await?, None);
    let refused = ask("CREATE TABLE x (y int)").await.unwrap_err().to_string();
    assert!(refused.contains("read-only"), "{refused}");
    Ok(())
}

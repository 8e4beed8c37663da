//! A worker, or the child that computes, killed in the middle of a job: the next attempt finishes it, once.

use std::time::Duration;

use local::client::{Client, Event};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::house::{admin, children, eventually, id, is_running, platform};

/// Leases run out soon, so that the test need not wait for half a minute; no child waits for work, so that what child there is
/// computes.
const SHORT_LEASE: &[(&str, &str)] = &[("WORKER_LEASE", "2s"), ("WORKER_WARM_CHILDREN", "0")];

/// Submits a job that works for a while; gives it once it does.
async fn start_long_job(client: &Client) -> String {
    let accepted = client.submit("canary", None, &json!({ "work_ms": 3000 })).await.unwrap();
    let job = id(&accepted).to_owned();
    eventually("the job runs", async || (state(client, &job).await["state"] == "running").then_some(())).await;
    job
}

/// The one child that computes.
async fn the_child(worker: i32) -> i32 {
    eventually("one child computes", async || match children(worker)[..] {
        [child] => Some(child),
        _ => None,
    })
    .await
}

async fn state(client: &Client, job: &str) -> Value {
    client.get(&format!("/api/v1/analyses/{job}")).await.unwrap()
}

/// Follows the job to its end: how it ended, and every event from its first.
async fn to_the_end(client: &Client, job: &str) -> (Value, Vec<Event>) {
    let mut events = Vec::new();
    let ended = tokio::time::timeout(Duration::from_mins(1), client.follow(job, |event| events.push(event.clone())));
    (ended.await.expect("the job did not end within 60 s").unwrap(), events)
}

fn attempt_of(event: &Event) -> u32 {
    event.id.split('-').next().unwrap().parse().unwrap()
}

fn assert_finished_once(ended: &Value, events: &[Event]) {
    assert_eq!(ended["state"], "succeeded", "{ended}");
    assert_eq!(ended["attempt"], 2, "{ended}");
    let successes = events.iter().filter(|event| event.data.contains("succeeded")).count();
    assert_eq!(successes, 1, "{events:?}");
    let attempts: Vec<u32> = events.iter().map(attempt_of).collect();
    assert!(attempts.is_sorted(), "an event of an earlier attempt came late: {events:?}");
    assert_eq!(attempts.last(), Some(&2));
}

#[tokio::test]
async fn a_job_outlives_its_worker() {
    let platform = platform(SHORT_LEASE).await;
    let client = admin(&platform).await;
    let job = start_long_job(&client).await;
    let worker = platform.workers()[0].pid().unwrap();
    let computing = the_child(worker).await;
    platform.workers()[0].kill9().await.unwrap();
    eventually("the child ended with its worker", async || (!is_running(computing)).then_some(())).await;

    let (ended, events) = to_the_end(&client, &job).await;
    assert_finished_once(&ended, &events);
    assert_eq!(ended["crash_count"], 0, "a vanished worker is no crash of the job");
    assert_eq!(client.result(&job).await.unwrap()["correct"], true);
    assert_ne!(platform.workers()[0].pid().unwrap(), worker, "the worker was started again");
    platform.stop().await;
}

#[tokio::test]
async fn a_killed_child_is_a_crash_and_the_job_is_tried_again() {
    let platform = platform(SHORT_LEASE).await;
    let client = admin(&platform).await;
    let job = start_long_job(&client).await;
    let worker = platform.workers()[0].pid().unwrap();
    let computing = the_child(worker).await;
    kill_process(Pid::from_raw(computing).unwrap(), Signal::KILL).unwrap();

    let (ended, events) = to_the_end(&client, &job).await;
    assert_finished_once(&ended, &events);
    assert_eq!(ended["crash_count"], 1, "{ended}");
    assert_eq!(platform.workers()[0].pid().unwrap(), worker, "the worker itself lives on");
    platform.stop().await;
}

#[tokio::test]
async fn a_worker_that_is_stopped_hands_its_job_to_another() {
    let platform = local::platform::Platform::for_test(crate::house::E2I, 2, &SHORT_LEASE[1..]).await.unwrap();
    let client = admin(&platform).await;
    // Longer than a stopping worker lets it run.
    let accepted = client.submit("canary", None, &json!({ "work_ms": 9000 })).await.unwrap();
    let job = id(&accepted).to_owned();
    let busy = eventually("a worker runs it", async || {
        platform.workers().iter().position(|worker| worker.pid().is_some_and(|pid| !children(pid).is_empty()))
    })
    .await;
    platform.workers()[busy].stop().await;
    let (ended, _) = to_the_end(&client, &job).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    assert_eq!(ended["attempt"], 2, "{ended}");
    assert_eq!(ended["crash_count"], 0, "{ended}");
    platform.stop().await;
}

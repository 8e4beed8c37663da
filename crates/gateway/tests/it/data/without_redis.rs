//! Redis is away: work is still accepted, kept and followed.

use std::time::{Duration, Instant};

use serde_json::json;

use super::lab::Lab;
use crate::house::body;

#[tokio::test]
async fn after_a_restart_of_redis_the_next_submission_is_dispatched_at_once() {
    let redis = servers::Redis::for_test().await.unwrap();
    let url = redis.url();
    let lab = Lab::build_with(|env| env.with("REDIS_URL", &url)).await;
    let dataset = lab.dataset(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    redis.restart().await.unwrap();
    // No worker and no relay runs here: only the gateway itself can put it there.
    body(lab.submit(&lab.ann, &dataset).await, 202).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
}

#[tokio::test]
async fn work_is_accepted_at_once_kept_in_the_outbox_and_followed_from_postgres() {
    let nobody = servers::free_port(&servers::operating_system_random()).unwrap();
    let url = format!("redis://127.0.0.1:{nobody}");
    let lab = Lab::build_with(|env| env.with("REDIS_URL", &url).with("EVENTS_HEARTBEAT", "300ms")).await;
    let dataset = lab.dataset(&lab.ann).await;
    let private = lab.house.private_address;
    let ready = tokio::task::spawn_blocking(move || chassis::healthcheck::ask(private, "/readyz")).await.unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready.unwrap()).unwrap();
    assert_eq!((&ready["status"], &ready["degraded"]), (&json!("warn"), &json!(["redis"])), "serving, and saying so");
    let mut slowest = Duration::ZERO;
    let mut analyses = Vec::new();
    for _ in 0..20 {
        let started = Instant::now();
        let accepted = lab.submit(&lab.ann, &dataset).await;
        slowest = slowest.max(started.elapsed());
        analyses.push(super::lab::id(&body(accepted, 202).await));
    }
    assert!(slowest < Duration::from_secs(1), "the slowest took {slowest:?}");
    assert_eq!(lab.count("SELECT count(*) FROM e2i.outbox").await, 21, "all of them and the profile");

    let mut events = lab.follow_analysis(&lab.ann, &analyses[0], None).await;
    assert_eq!(events.expect("snapshot").await.data["state"], "queued");
    body(lab.house.post(&format!("/api/v1/analyses/{}/cancel", analyses[0]), &lab.ann, json!({})).await, 200).await;
    assert_eq!(events.expect("snapshot").await.data["state"], "cancelled");
    assert!(events.next().await.is_none());
    let mut all = lab.follow("/api/v1/events", &lab.ann, None).await;
    assert_eq!(all.expect("snapshot").await.data["analyses"].as_array().unwrap().len(), 19);
    // Errands that wait for Redis do not hold up the end.
    drop(all);
    lab.house.shutdown.begin(Duration::from_secs(20));
    tokio::time::timeout(Duration::from_secs(12), lab.house.running).await.unwrap().unwrap().unwrap();
}

//! Events that are lost on the way leave nobody hanging: gaps, snapshots, heartbeats.

use std::time::Duration;

use domain::progress::{JobEvent, Progress};
use serde_json::json;
use servers::Redis;
use store::attempts::Ending;

use super::lab::Lab;
use super::sse::names;
use crate::house::body;

/// A gateway on a Redis of its own, and an impatient heartbeat.
async fn lab_on(redis: &Redis) -> Lab {
    let url = redis.url();
    Lab::build_with(|env| env.with("REDIS_URL", &url).with("EVENTS_HEARTBEAT", "300ms")).await
}

#[tokio::test]
async fn where_history_is_gone_there_is_a_gap_and_a_snapshot() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    for seq in 2..=1200 {
        lab.worker.progress(&claimed, seq, 0.5).await;
    }
    for after in [None, Some("1-5")] {
        let mut events = lab.follow_analysis(&lab.ann, &analysis, after).await;
        events.expect("gap").await;
        assert_eq!(events.expect("snapshot").await.data["state"], "running");
        assert_eq!(events.expect("progress").await.id.as_deref(), Some("1-201"), "what is kept follows");
    }
    lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    lab.worker.queue.forget_progress(claimed.job).await.unwrap();
    let expired = lab.follow_analysis(&lab.ann, &analysis, Some("1-1200")).await.rest().await;
    assert_eq!(names(&expired), ["gap", "snapshot:succeeded"]);
    let fresh = lab.follow_analysis(&lab.ann, &analysis, None).await.rest().await;
    assert_eq!(names(&fresh), ["snapshot:succeeded"]);
}

#[tokio::test]
async fn an_id_from_the_future_is_a_gap_and_what_comes_is_told() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, Some("9-9")).await;
    events.expect("gap").await;
    events.expect("snapshot").await;
    lab.worker.progress(&claimed, 2, 0.5).await;
    assert_eq!(events.expect("progress").await.id.as_deref(), Some("1-2"));
}

#[tokio::test]
async fn an_end_that_nobody_told_is_found_in_postgres() {
    let lab = Lab::build_with(|env| env.with("EVENTS_HEARTBEAT", "300ms")).await;
    let analysis = lab.analysis(&lab.ann).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    events.next().await.unwrap();
    let claimed = lab.worker.claim(&analysis).await;
    while events.next().await.unwrap().data["state"] != "running" {}
    lab.worker.end_silently(&claimed, &Ending::Succeeded(json!({}))).await;
    let last = events.expect("snapshot").await;
    assert_eq!(last.data["state"], "succeeded");
    assert!(events.comments > 0);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn redis_wiped_and_restarted_under_a_reader() {
    let redis = Redis::for_test().await.unwrap();
    let lab = lab_on(&redis).await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    while events.next().await.unwrap().data["state"] != "running" {}
    redis.restart().await.unwrap();
    // Nothing was kept over the restart: told so, with how things stand.
    let gap = tokio::time::timeout(Duration::from_secs(10), events.expect("gap")).await.unwrap();
    assert!(gap.id.is_none());
    assert_eq!(events.expect("snapshot").await.data["state"], "running");
    for _ in 0..100 {
        if lab.worker.queue.ping().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    lab.worker.progress(&claimed, 2, 0.5).await;
    assert_eq!(events.expect("progress").await.id.as_deref(), Some("1-2"));
    lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    assert_eq!(names(&events.rest().await).last().unwrap(), "state:succeeded");
}

#[tokio::test]
async fn what_was_said_while_the_subscription_was_broken_is_replayed() {
    let redis = Redis::for_test().await.unwrap();
    let lab = lab_on(&redis).await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let mut events = lab.follow_analysis(&lab.ann, &analysis, None).await;
    while events.next().await.unwrap().data["state"] != "running" {}
    let client = redis::Client::open(redis.url()).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let killed: i64 =
        redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("pubsub").query_async(&mut connection).await.unwrap();
    assert!(killed >= 1);
    for seq in 2..=6 {
        lab.worker.progress(&claimed, seq, 0.5).await;
    }
    for seq in 2..=6 {
        assert_eq!(events.expect("progress").await.id, Some(format!("1-{seq}")));
    }
}

/// A client that does not read fills its connection, then falls behind the gateway's subscription: it holds up nobody,
/// costs no memory, and is told of the gap when it reads on.
#[tokio::test]
async fn a_reader_who_sleeps_holds_up_nobody_and_is_told_of_the_gap() {
    const EVENTS: u64 = 8000;
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&analysis).await;
    let mut sleeper = lab.follow_analysis(&lab.ann, &analysis, None).await;
    let mut awake = lab.follow_analysis(&lab.ann, &analysis, None).await;
    while awake.next().await.unwrap().data["state"] != "running" {}
    for seq in 2..=EVENTS {
        let event = JobEvent::Progress(Progress { fraction: 0.5, step: "x".repeat(4096), remaining_s: None });
        lab.worker.tell(&claimed, seq, event).await;
        assert_eq!(awake.expect("progress").await.id, Some(format!("1-{seq}")));
    }
    lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    awake.expect("state").await;
    let (mut last, mut gaps) = (0, 0);
    loop {
        let told = sleeper.next().await.unwrap();
        gaps += u32::from(told.event == "gap");
        if told.data["state"] == "succeeded" {
            break;
        }
        if told.event == "progress" {
            let seq = told.data["seq"].as_u64().unwrap();
            assert!(seq > last && (seq == last + 1 || last < 2 || gaps > 0), "{last} then {seq} without a gap");
            last = seq;
        }
    }
    assert!(gaps > 0, "it slept through {EVENTS} events of 4 KiB");
    assert!(sleeper.next().await.is_none());
}

#[tokio::test]
async fn a_deleted_analysis_and_an_ended_session_end_the_stream() {
    let lab = Lab::build_with(|env| env.with("EVENTS_HEARTBEAT", "300ms")).await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}/events");
    let (one, all) = (lab.follow(&path, &lab.ann, None).await, lab.follow("/api/v1/events", &lab.ann, None).await);
    let user = format!("/api/v1/admin/users/{}", lab.ann.id);
    body(lab.house.patch(&user, &lab.admin, json!({"disabled": true})).await, 200).await;
    for stream in [one, all] {
        let last = stream.rest().await.pop().unwrap();
        assert_eq!((last.event.as_str(), &last.data["reason"]), ("end", &json!("session_ended")));
    }
    body(lab.house.patch(&user, &lab.admin, json!({"disabled": false})).await, 200).await;
    let ann = lab.house.sign_in("ann@example.org").await;
    let stream = lab.follow(&path, &ann, None).await;
    lab.house.execute("DELETE FROM e2i.jobs").await;
    let last = stream.rest().await.pop().unwrap();
    assert_eq!((last.event.as_str(), &last.data["reason"]), ("end", &json!("gone")));
}

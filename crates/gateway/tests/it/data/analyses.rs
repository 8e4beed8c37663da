//! Reading, listing, cancelling, trying again, deleting.

use serde_json::{Value, json};
use store::attempts::Ending;

use super::lab::{Lab, id};
use super::worker::failed;
use crate::house::{body, problem};

fn ids(list: &Value) -> Vec<String> {
    list["analyses"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn the_result_comes_when_there_is_one_and_else_the_reason() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let result = format!("/api/v1/analyses/{analysis}/result");
    let waiting = problem(lab.house.get(&result, &lab.ann).await, 409, "result-not-ready").await;
    assert_eq!(waiting["state"], "queued");
    let claimed = lab.worker.begin(&analysis).await;
    assert_eq!(problem(lab.house.get(&result, &lab.ann).await, 409, "result-not-ready").await["state"], "running");
    lab.worker.end(&claimed, &Ending::Succeeded(json!({"estimate": 1.625}))).await;
    assert_eq!(lab.get(&result, &lab.ann).await, json!({"estimate": 1.625}));

    let other = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&other).await;
    lab.worker.end(&claimed, &failed("the column t is constant")).await;
    let refused = lab.house.get(&format!("/api/v1/analyses/{other}/result"), &lab.ann).await;
    let refused = problem(refused, 409, "no-result").await;
    assert!(refused["detail"].as_str().unwrap().contains("the column t is constant"), "{refused}");
    assert_eq!(refused["failure"]["reason"], "user_error");
}

#[tokio::test]
async fn a_queued_analysis_is_cancelled_at_once_and_a_running_one_by_its_worker() {
    let lab = Lab::build().await;
    let queued = lab.analysis(&lab.ann).await;
    let cancel = |analysis: &str| format!("/api/v1/analyses/{analysis}/cancel");
    let cancelled = body(lab.house.post(&cancel(&queued), &lab.ann, json!({})).await, 200).await;
    assert_eq!((&cancelled["state"], &cancelled["failure"]["reason"]), (&json!("cancelled"), &json!("cancelled")));
    body(lab.house.post(&cancel(&queued), &lab.ann, json!({})).await, 200).await;

    let running = lab.analysis(&lab.ann).await;
    let claimed = lab.worker.begin(&running).await;
    let (heard, mut cancels) = tokio::sync::broadcast::channel(64);
    let listening = tokio::spawn(queue::listen(lab.worker.queue.clone(), queue::Channel::Cancels, heard));
    assert!(matches!(cancels.recv().await.unwrap(), queue::Heard::Begun));
    let asked = body(lab.house.post(&cancel(&running), &lab.ann, json!({})).await, 202).await;
    assert_eq!((&asked["state"], &asked["cancel_requested"]), (&json!("running"), &json!(true)));
    loop {
        if let queue::Heard::Cancel(job) = cancels.recv().await.unwrap() {
            assert_eq!(job, claimed.job);
            break;
        }
    }
    listening.abort();
    lab.worker.end(&claimed, &Ending::Cancelled).await;

    let done = lab.analysis(&lab.ann).await;
    lab.worker.run(&done, json!({})).await;
    let late = problem(lab.house.post(&cancel(&done), &lab.ann, json!({})).await, 409, "conflict").await;
    assert_eq!(late["state"], "succeeded");
}

#[tokio::test]
async fn what_failed_or_was_cancelled_is_tried_again_with_the_next_attempt() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}");
    let retry = format!("{path}/retry");
    problem(lab.house.post(&retry, &lab.ann, json!({})).await, 409, "conflict").await;
    let claimed = lab.worker.begin(&analysis).await;
    lab.worker.end(&claimed, &failed("once")).await;
    let queued = lab.house.post(&retry, &lab.ann, json!({})).await;
    assert_eq!(queued.headers()["location"], path.as_str());
    let queued = body(queued, 202).await;
    assert_eq!((&queued["state"], &queued["failure"], &queued["attempt"]), (&json!("queued"), &json!(null), &json!(1)));
    // The profile of the analysis' own dataset may still wait there too.
    let waiting = "SELECT count(*) FROM e2i.outbox JOIN e2i.jobs ON id = job_id WHERE listed AND due_at <= now()";
    assert_eq!(lab.count(waiting).await, 1, "for the relay");
    assert_eq!(lab.worker.begin(&analysis).await.attempt, 2);
}

#[tokio::test]
async fn only_what_has_ended_is_deleted() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let path = format!("/api/v1/analyses/{analysis}");
    let refused = problem(lab.house.delete(&path, &lab.ann).await, 409, "conflict").await;
    assert!(refused["detail"].as_str().unwrap().contains("cancel it first"), "{refused}");
    lab.worker.run(&analysis, json!({})).await;
    assert_eq!(lab.house.delete(&path, &lab.ann).await.status(), 204);
    problem(lab.house.get(&path, &lab.ann).await, 404, "not-found").await;
    problem(lab.house.delete(&path, &lab.ann).await, 404, "not-found").await;
    let job = analysis.parse().unwrap();
    for _ in 0..200 {
        if lab.worker.queue.replay(job, None).await.unwrap().events.is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("its events are still there");
}

#[tokio::test]
async fn lists_are_filtered_and_paged_without_loss_or_doubles() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let mut submitted = Vec::new();
    for _ in 0..7 {
        submitted.push(id(&body(lab.submit(&lab.ann, &dataset).await, 202).await));
    }
    lab.worker.run(&submitted[0], json!({})).await;
    submitted.reverse();

    let mut seen = Vec::new();
    let mut path = "/api/v1/analyses?limit=3".to_owned();
    loop {
        let page = lab.get(&path, &lab.ann).await;
        seen.extend(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/analyses?limit=3&cursor={cursor}");
    }
    assert_eq!(seen, submitted);

    let other = lab.analysis(&lab.ann).await;
    let list = async |filter: &str| ids(&lab.get(&format!("/api/v1/analyses?{filter}"), &lab.ann).await);
    assert_eq!(list("state=succeeded").await, [submitted[6].clone()]);
    assert_eq!(list(&format!("dataset_id={dataset}")).await, submitted);
    assert_eq!(list("agent=causal_impact&limit=1").await, [other]);
    assert!(list("agent=profile").await.is_empty(), "profiles are not listed");
    assert!(list(&format!("workspace_id={}", uuid::Uuid::from_u128(1))).await.is_empty());
    assert!(ids(&lab.get("/api/v1/analyses", &lab.bob).await).is_empty());
}

#[tokio::test]
async fn filters_limits_and_cursors_that_cannot_be_are_refused() {
    let lab = Lab::build().await;
    for _ in 0..2 {
        lab.analysis(&lab.ann).await;
    }
    let page = lab.get("/api/v1/analyses?limit=1", &lab.ann).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let tampered = format!("{}{}", if cursor.starts_with('A') { "B" } else { "A" }, &cursor[1..]);
    let datasets = format!("/api/v1/datasets?cursor={cursor}");
    problem(lab.house.get(&datasets, &lab.ann).await, 400, "bad-request").await;
    for query in [
        format!("cursor={tampered}"),
        "cursor=x".into(),
        "limit=0".into(),
        "limit=201".into(),
        "limit=ten".into(),
        "state=stuck".into(),
        "dataset_id=7".into(),
    ] {
        problem(lab.house.get(&format!("/api/v1/analyses?{query}"), &lab.ann).await, 400, "bad-request").await;
    }
}

//! Following everything over one connection.

use serde_json::{Value, json};
use store::attempts::Ending;

use super::lab::{Lab, id};
use super::sse::Told;
use crate::house::body;

fn ids(snapshot: &Told) -> Vec<String> {
    assert_eq!(snapshot.event, "snapshot");
    snapshot.data["analyses"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn it_begins_with_what_has_not_ended_and_goes_on_live() {
    let lab = Lab::build().await;
    let (ended, waiting) = (lab.analysis(&lab.ann).await, lab.analysis(&lab.ann).await);
    lab.worker.run(&ended, json!({})).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    let mut events = lab.follow("/api/v1/events", &lab.ann, None).await;
    let snapshot = events.expect("snapshot").await;
    assert_eq!((&snapshot.data["complete"], ids(&snapshot)), (&json!(true), vec![waiting.clone()]));
    let claimed = lab.worker.begin(&waiting).await;
    let told = events.expect("state").await;
    assert_eq!(told.id, Some(format!("{waiting}:1-1")));
    assert_eq!((&told.data["job"], &told.data["state"]), (&json!(waiting), &json!("running")));
    lab.worker.progress(&claimed, 2, 0.5).await;
    assert_eq!(events.expect("progress").await.id, Some(format!("{waiting}:1-2")));

    // A new one is told of before its first event; its dataset's profile is not told of at all.
    let new = lab.analysis(&lab.ann).await;
    let profile: uuid::Uuid = sqlx::query_scalar(
        "SELECT p.id FROM e2i.jobs p JOIN e2i.jobs j USING (dataset_id) WHERE p.agent = 'profile' AND j.id = $1::text::uuid",
    )
    .bind(&new)
    .fetch_one(&lab.house.database)
    .await
    .unwrap();
    let snapshot = events.expect("snapshot").await;
    assert_eq!((&snapshot.data["complete"], ids(&snapshot)), (&json!(false), vec![new.clone()]));
    assert_eq!(events.expect("state").await.data["state"], "queued");
    lab.worker.run(&profile.to_string(), json!({"rows": 4, "columns": [], "warnings": []})).await;
    lab.worker.end(&claimed, &Ending::Succeeded(json!({}))).await;
    let last = events.expect("state").await;
    assert_eq!((&last.data["job"], &last.data["state"]), (&json!(waiting), &json!("succeeded")));
}

#[tokio::test]
async fn each_hears_of_their_own_workspaces_alone() {
    let lab = Lab::build_with(|env| env.with("EVENTS_HEARTBEAT", "200ms")).await;
    let shared = lab.shared_workspace().await;
    let mut bobs = lab.follow("/api/v1/events", &lab.bob, None).await;
    bobs.expect("snapshot").await;
    let anns_own = lab.analysis(&lab.ann).await;
    lab.worker.run(&anns_own, json!({})).await;
    let path = format!("/api/v1/datasets?name=t&workspace_id={shared}");
    let upload = lab.request(http::Method::POST, &path, &lab.ann).header("content-type", "text/csv");
    let dataset = id(&body(upload.body(super::lab::CSV).send().await.unwrap(), 201).await);
    let in_shared = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
    // Bob reads in the shared workspace: this is the first that he hears of.
    assert_eq!(ids(&bobs.expect("snapshot").await), std::slice::from_ref(&in_shared));
    assert_eq!(bobs.expect("state").await.data["job"], in_shared);

    // A membership that ends is noticed.
    let member = format!("/api/v1/workspaces/{shared}/members/{}", lab.bob.id);
    assert!(lab.house.delete(&member, &lab.ann).await.status().is_success());
    let emptied = bobs.expect("snapshot").await;
    assert_eq!((&emptied.data["complete"], ids(&emptied)), (&json!(true), Vec::new()));
    lab.worker.run(&in_shared, json!({})).await;
    let bobs_own = lab.analysis(&lab.bob).await;
    assert_eq!(ids(&bobs.expect("snapshot").await), [bobs_own]);
}

#[tokio::test]
async fn who_comes_back_is_told_of_a_gap_and_everything_anew() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let mut events = lab.follow("/api/v1/events", &lab.ann, Some(&format!("{analysis}:1-1"))).await;
    events.expect("gap").await;
    assert_eq!(ids(&events.expect("snapshot").await), [analysis]);
}

#[tokio::test]
async fn what_nobody_told_is_found_in_postgres() {
    let lab = Lab::build_with(|env| env.with("EVENTS_HEARTBEAT", "200ms")).await;
    let analysis = lab.analysis(&lab.ann).await;
    let mut events = lab.follow("/api/v1/events", &lab.ann, None).await;
    let first = events.expect("snapshot").await;
    assert_eq!(ids(&first), std::slice::from_ref(&analysis));
    let claimed = lab.worker.claim(&analysis).await;
    lab.worker.end_silently(&claimed, &Ending::Succeeded(json!({}))).await;
    let mut told: Value = Value::Null;
    while told != json!({"complete": true, "analyses": []}) {
        told = events.next().await.unwrap().data;
    }
}

//! How much there is.

use serde_json::json;

use super::lab::{CSV, Lab, id};
use super::worker::failed;
use crate::house::body;

#[tokio::test]
async fn ones_own_analyses_are_counted_by_state_and_datasets_by_name() {
    let lab = Lab::build().await;
    let counts = |queued, running, succeeded, failed, cancelled, datasets| {
        let analyses = json!({
            "queued": queued, "running": running, "succeeded": succeeded, "failed": failed, "cancelled": cancelled,
        });
        json!({"analyses": analyses, "is_capped": false, "datasets": datasets})
    };
    assert_eq!(lab.get("/api/v1/overview", &lab.ann).await, counts(0, 0, 0, 0, 0, 0));
    let dataset = lab.dataset(&lab.ann).await;
    body(lab.upload(&lab.ann, "table", CSV).await, 201).await;
    body(lab.upload(&lab.ann, "other", CSV).await, 201).await;
    let mut analyses = Vec::new();
    for _ in 0..5 {
        analyses.push(id(&body(lab.submit(&lab.ann, &dataset).await, 202).await));
    }
    lab.worker.run(&analyses[0], json!({})).await;
    lab.worker.begin(&analyses[1]).await;
    let claimed = lab.worker.begin(&analyses[2]).await;
    lab.worker.end(&claimed, &failed("constant")).await;
    let cancel = format!("/api/v1/analyses/{}/cancel", analyses[3]);
    body(lab.house.post(&cancel, &lab.ann, json!({})).await, 200).await;
    assert_eq!(lab.get("/api/v1/overview", &lab.ann).await, counts(1, 1, 1, 1, 1, 2));
    assert_eq!(lab.get("/api/v1/overview", &lab.bob).await, counts(0, 0, 0, 0, 0, 0));

    let shared = lab.shared_workspace().await;
    assert_eq!(lab.get(&format!("/api/v1/overview?workspace_id={shared}"), &lab.ann).await, counts(0, 0, 0, 0, 0, 0));
    let own = id(&lab.get("/api/v1/account", &lab.ann).await["workspaces"][0]);
    let own = format!("/api/v1/overview?workspace_id={own}");
    assert_eq!(lab.get(&own, &lab.ann).await, counts(1, 1, 1, 1, 1, 2));
    assert_eq!(lab.get(&own, &lab.bob).await, counts(0, 0, 0, 0, 0, 0), "another's workspace is not there");
}

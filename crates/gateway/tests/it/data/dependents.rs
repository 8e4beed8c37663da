//! What hangs on a dataset, told before it is deleted.

use serde_json::json;

use super::lab::{Lab, id};
use crate::house::body;

#[tokio::test]
async fn analyses_links_and_derived_versions_are_told_and_go_or_stay_as_told() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let path = format!("/api/v1/datasets/{dataset}/dependents");
    let nothing = json!({"analyses": 0, "analyses_active": 0, "shares": 0, "derived_versions": []});
    assert_eq!(lab.get(&path, &lab.ann).await, nothing);

    let done = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
    body(lab.submit(&lab.ann, &dataset).await, 202).await;
    lab.worker.run(&done, json!({})).await;
    let mut links = Vec::new();
    for _ in 0..3 {
        let made = lab.house.post(&format!("/api/v1/analyses/{done}/shares"), &lab.ann, json!({})).await;
        links.push(id(&body(made, 201).await["share"]));
    }
    let revoked = format!("/api/v1/analyses/{done}/shares/{}", links[0]);
    assert_eq!(lab.house.delete(&revoked, &lab.ann).await.status(), 204);
    let recipe = json!({"steps": [{"step": "keep", "columns": ["y"]}]});
    let derived = lab.house.post(&format!("/api/v1/datasets/{dataset}/versions"), &lab.ann, recipe).await;
    let derived = id(&body(derived, 202).await);
    let told = json!({
        "analyses": 2, "analyses_active": 1, "shares": 2,
        "derived_versions": [{"id": derived, "version": 2, "state": "uploading"}],
    });
    assert_eq!(lab.get(&path, &lab.ann).await, told);

    let path = format!("/api/v1/datasets/{dataset}?cascade=true");
    assert_eq!(lab.house.delete(&path, &lab.ann).await.status(), 204);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.shares").await, 0);
    assert_eq!(lab.get("/api/v1/analyses", &lab.ann).await["analyses"], json!([]));
    assert_eq!(lab.get(&format!("/api/v1/datasets/{derived}"), &lab.ann).await["state"], "failed");
}

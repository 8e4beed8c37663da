//! Jobs of all workspaces, dead letters, and trying them again.

use std::time::Duration;

use domain::job::{Failure, Reason};
use http::Method;
use serde_json::{Value, json};
use store::attempts::Ending;

use crate::data::lab::{Lab, id};
use crate::house::{body, problem};

async fn crash_thrice(lab: &Lab, job: &str) {
    for crash in 1..=3 {
        let claimed = lab.worker.claim(job).await;
        let failure = Failure { reason: Reason::Crash, detail: format!("signal {crash}") };
        lab.worker.end_silently(&claimed, &Ending::Retry { failure, after: Duration::ZERO }).await;
    }
}

fn ids(list: &Value) -> Vec<String> {
    list["jobs"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn a_dead_letter_is_found_understood_and_tried_again_by_an_admin_of_no_workspace_of_its() {
    let lab = Lab::build().await;
    let (dead, alive) = (lab.analysis(&lab.ann).await, lab.analysis(&lab.bob).await);
    crash_thrice(&lab, &dead).await;
    assert_eq!(ids(&lab.get("/api/v1/admin/dead-letters", &lab.admin).await), std::slice::from_ref(&dead));
    assert_eq!(
        ids(&lab.get("/api/v1/admin/jobs?state=failed&reason=crash", &lab.admin).await),
        std::slice::from_ref(&dead)
    );
    let of_bob = format!("/api/v1/admin/jobs?owner={}&agent=causal_impact", lab.bob.id);
    assert_eq!(ids(&lab.get(&of_bob, &lab.admin).await), std::slice::from_ref(&alive));
    // Two analyses and two profiles, page by page.
    let mut seen = Vec::new();
    let mut path = "/api/v1/admin/jobs?limit=3".to_owned();
    for _ in 0..2 {
        let page = lab.get(&path, &lab.admin).await;
        seen.extend(ids(&page));
        path = format!("/api/v1/admin/jobs?limit=3&cursor={}", page["next_cursor"].as_str().unwrap_or(""));
    }
    assert_eq!(seen.len(), 4);
    let told = lab.get(&format!("/api/v1/admin/jobs/{dead}"), &lab.admin).await;
    assert_eq!(told["attempts"][0]["failure"]["detail"], "signal 3", "{told}");
    assert_eq!((&told["created_by"], &told["class"]), (&json!(lab.ann.id), &json!("small")));
    let own = lab.get(&format!("/api/v1/analyses/{dead}/attempts"), &lab.ann).await;
    assert_eq!(own["attempts"].as_array().unwrap().len(), 3);
    problem(lab.house.get(&format!("/api/v1/analyses/{dead}/attempts"), &lab.bob).await, 404, "not-found").await;

    let retry = format!("/api/v1/admin/jobs/{dead}/retry");
    problem(lab.house.ask(Method::POST, &retry, Some(&lab.ann), None).await, 403, "forbidden").await;
    let queued = body(lab.house.ask(Method::POST, &retry, Some(&lab.admin), None).await, 202).await;
    assert_eq!(
        (&queued["state"], &queued["crash_count"], &queued["attempt"]),
        (&json!("queued"), &json!(0), &json!(3))
    );
    problem(lab.house.ask(Method::POST, &retry, Some(&lab.admin), None).await, 409, "conflict").await;
    let cancel = format!("/api/v1/admin/jobs/{alive}/cancel");
    let cancelled = body(lab.house.ask(Method::POST, &cancel, Some(&lab.admin), None).await, 200).await;
    assert_eq!(cancelled["state"], "cancelled");
    let nobody = "/api/v1/admin/jobs/00000000-0000-4000-8000-000000000000";
    problem(lab.house.get(nobody, &lab.admin).await, 404, "not-found").await;
    assert_eq!((lab.house.audited("analysis.retry").await, lab.house.audited("analysis.cancel").await), (1, 1));
}

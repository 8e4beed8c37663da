//! Pausing a class, and what admins are told of dispatch.

use std::time::Duration;

use http::Method;
use serde_json::json;

use crate::data::lab::{Lab, id};
use crate::house::{body, problem};

#[tokio::test]
async fn a_paused_class_still_takes_submissions_says_so_and_goes_on_when_resumed() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    let pause = "/api/v1/admin/dispatch/small/pause";
    problem(lab.house.post(pause, &lab.admin, json!({"reason": "  "})).await, 422, "unprocessable-content").await;
    let paused = body(lab.house.post(pause, &lab.admin, json!({"reason": "moving disks"})).await, 200).await;
    assert_eq!((&paused["class"], &paused["reason"]), (&json!("small"), &json!("moving disks")));
    let accepted = body(lab.submit(&lab.ann, &dataset).await, 202).await;
    assert_eq!(accepted["paused"], "moving disks");
    let path = format!("/api/v1/analyses/{}", id(&accepted));
    assert_eq!(lab.get(&path, &lab.ann).await["paused"], "moving disks");
    // A profile does not begin either.
    body(lab.upload(&lab.bob, "own", crate::data::lab::CSV).await, 201).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The first profile stood on Redis and was taken back; none of the three is claimable.
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE dispatched_at IS NOT NULL").await, 0);
    let told = lab.get("/api/v1/admin/dispatch", &lab.admin).await;
    assert_eq!(told["paused"][0]["reason"], "moving disks");
    assert!(told["oldest_waiting"].is_string(), "{told}");
    let resume = "/api/v1/admin/dispatch/small/resume";
    assert_eq!(lab.house.post(resume, &lab.admin, json!({})).await.status(), 204);
    problem(lab.house.post(resume, &lab.admin, json!({})).await, 409, "conflict").await;
    assert_eq!(lab.get(&path, &lab.ann).await["paused"], json!(null));
    assert_eq!((lab.house.audited("dispatch.pause").await, lab.house.audited("dispatch.resume").await), (1, 1));
}

#[tokio::test]
async fn counters_are_kept_over_gateways_and_read_by_admins_alone() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    for _ in 0..3 {
        body(lab.submit(&lab.ann, &dataset).await, 202).await;
    }
    lab.until("SELECT coalesce(sum(total), 0)::bigint FROM e2i.dispatch_counters WHERE name = 'submitted'", 3).await;
    lab.until("SELECT coalesce(sum(total), 0)::bigint FROM e2i.dispatch_counters WHERE name = 'dispatched'", 4).await;
    let told = lab.get("/api/v1/admin/dispatch", &lab.admin).await;
    assert_eq!((&told["counters"]["submitted"], &told["counters"]["claimed"]), (&json!(3), &json!(0)));
    let on_redis: u64 = told["streams"].as_array().unwrap().iter().map(|s| s["on_redis"].as_u64().unwrap()).sum();
    assert_eq!(on_redis, 4, "{told}");
    for (method, path) in [
        (Method::GET, "/api/v1/admin/dispatch"),
        (Method::GET, "/api/v1/admin/jobs"),
        (Method::GET, "/api/v1/admin/dead-letters"),
        (Method::POST, "/api/v1/admin/dispatch/small/pause"),
        (Method::POST, "/api/v1/admin/dispatch/small/resume"),
    ] {
        let body = (method == Method::POST).then(|| json!({"reason": "why"}));
        problem(lab.house.ask(method.clone(), path, Some(&lab.ann), body.clone()).await, 403, "forbidden").await;
        assert_eq!(lab.house.ask(method, path, None, body).await.status(), 401);
    }
}

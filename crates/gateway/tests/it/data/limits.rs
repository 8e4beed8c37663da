//! How much one person may have queued, and analyses for later.

use serde_json::{Value, json};

use super::lab::{Lab, id};
use crate::house::{Person, body, problem};

async fn ask(lab: &Lab, who: &Person, dataset: &str, more: Value, key: Option<&str>) -> reqwest::Response {
    let mut asked =
        json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": {"outcome": "y", "treatment": "t"}});
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let request = lab.request(http::Method::POST, "/api/v1/analyses", who).json(&asked);
    let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    request.send().await.unwrap()
}

#[tokio::test]
async fn beyond_the_limit_a_submission_is_told_to_wait_and_a_replay_is_not_held_against_it() {
    let lab = Lab::build_with(|env| env.with("JOBS_QUEUED_PER_OWNER", "2")).await;
    let dataset = lab.dataset(&lab.ann).await;
    let first = id(&body(ask(&lab, &lab.ann, &dataset, json!({}), Some("first")).await, 202).await);
    let second = id(&body(ask(&lab, &lab.ann, &dataset, json!({}), Some("second")).await, 202).await);
    let refused = ask(&lab, &lab.ann, &dataset, json!({}), Some("third")).await;
    assert!(refused.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    let refused = problem(refused, 429, "too-many-requests").await;
    assert!(refused["detail"].as_str().unwrap().contains("2 analyses queued"), "{refused}");
    assert_eq!(id(&body(ask(&lab, &lab.ann, &dataset, json!({}), Some("first")).await, 202).await), first);
    let later = json!({"run_at": "2000-01-01T00:00:00Z"});
    problem(ask(&lab, &lab.ann, &dataset, later, Some("first")).await, 422, "idempotency-key-reused").await;
    // Neither uploads with their profiles nor other people are held up.
    let other = id(&body(lab.upload(&lab.bob, "own", super::lab::CSV).await, 201).await);
    body(lab.upload(&lab.ann, "another", super::lab::CSV).await, 201).await;
    body(ask(&lab, &lab.bob, &other, json!({}), None).await, 202).await;
    // One that is taken up makes room at once.
    lab.worker.claim(&second).await;
    body(ask(&lab, &lab.ann, &dataset, json!({}), Some("third")).await, 202).await;
}

#[tokio::test]
async fn an_analysis_for_later_is_shown_with_its_time_not_dispatched_and_can_be_cancelled() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    let now: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("SELECT now()").fetch_one(&lab.house.database).await.unwrap();
    let ahead = |hours: i64| json!({"run_at": now + chrono::Duration::hours(hours)});
    let later = body(ask(&lab, &lab.ann, &dataset, ahead(2), None).await, 202).await;
    assert!(later["run_at"].is_string(), "{later}");
    assert_eq!(lab.get("/api/v1/admin/dispatch", &lab.admin).await["delayed"], 1);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.outbox WHERE due_at > now() + interval '1 h'").await, 1);
    let refused = problem(ask(&lab, &lab.ann, &dataset, ahead(24 * 40), None).await, 422, "invalid-parameters").await;
    assert!(refused.to_string().contains("/run_at"), "{refused}");
    let odd = ask(&lab, &lab.ann, &dataset, json!({"run_at": "tomorrow"}), None).await;
    assert!(odd.status().is_client_error());
    let now = body(ask(&lab, &lab.ann, &dataset, ahead(-1), None).await, 202).await;
    assert_eq!(now["run_at"], json!(null), "past is now");
    let cancel = format!("/api/v1/analyses/{}/cancel", id(&later));
    assert_eq!(body(lab.house.post(&cancel, &lab.ann, json!({})).await, 200).await["state"], "cancelled");
}

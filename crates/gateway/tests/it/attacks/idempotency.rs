//! One `Idempotency-Key`, many requests.

use std::time::Duration;

use futures::future::join_all;
use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::data::lab::{Lab, id};
use crate::house::{body, problem};

/// Submissions that wait for a lock.
const SUBMITTING: &str = "SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%WITH given AS MATERIALIZED%'";

async fn ask(lab: &Lab, address: std::net::SocketAddr, key: &str, question: &Value) -> Response {
    let request = lab.client.post(format!("http://{address}/api/v1/analyses")).bearer_auth(&lab.ann.access_token);
    request.header("idempotency-key", key).json(question).send().await.unwrap()
}

async fn question(lab: &Lab) -> Value {
    let dataset = lab.dataset(&lab.ann).await;
    json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": {"outcome": "y", "treatment": "t"}})
}

#[tokio::test]
async fn a_concurrent_duplicate_is_409_and_never_a_second_job() {
    let lab = Lab::build().await;
    let question = question(&lab).await;
    // Somebody holds the table that a submit writes to: the first request is in flight for as long.
    let mut lock = lab.house.database.begin().await.unwrap();
    sqlx::query("LOCK TABLE e2i.outbox IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.unwrap();
    let first = ask(&lab, lab.house.address, "same", &question);
    let others = async {
        lab.until(SUBMITTING, 1).await;
        let others = join_all((0..8).map(|_| ask(&lab, lab.house.address, "same", &question))).await;
        lock.rollback().await.unwrap();
        others
    };
    let (first, others) = tokio::join!(first, others);
    for other in others {
        assert_eq!(other.headers()["retry-after"], "1");
        problem(other, 409, "idempotency-key-in-use").await;
    }
    let first = id(&body(first, 202).await);
    let again = ask(&lab, lab.house.address, "same", &question).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(id(&body(again, 202).await), first);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 1);
}

#[tokio::test]
async fn duplicates_over_two_gateways_are_one_job() {
    let lab = Lab::build().await;
    let question = question(&lab).await;
    let (second, shutdown) = lab.house.second().await;
    lab.house.until_serving(second).await;
    let answers = join_all((0..20).map(|number| {
        let address = if number % 2 == 0 { lab.house.address } else { second };
        ask(&lab, address, "same", &question)
    }));
    let mut ids = Vec::new();
    for answer in answers.await {
        match answer.status().as_u16() {
            202 => ids.push(id(&body(answer, 202).await)),
            _ => drop(problem(answer, 409, "idempotency-key-in-use").await),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 1);
    shutdown.begin(Duration::from_secs(5));
}

#[tokio::test]
async fn a_replay_is_not_held_against_what_has_changed_since() {
    let lab = Lab::build().await;
    let question = question(&lab).await;
    let first = id(&body(ask(&lab, lab.house.address, "same", &question).await, 202).await);
    // The dataset can be used no more; the question that was accepted is still answered.
    lab.house
        .execute(
            "UPDATE e2i.datasets SET state = 'failed', failure = '{\"reason\": \"user_error\", \"detail\": \"x\"}'",
        )
        .await;
    let other = ask(&lab, lab.house.address, "new", &question).await;
    problem(other, 409, "conflict").await;
    let again = ask(&lab, lab.house.address, "same", &question).await;
    assert_eq!(id(&body(again, 202).await), first);
}

#[tokio::test]
async fn the_same_key_with_another_body_is_422() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let path = format!("/api/v1/datasets/{dataset}/versions");
    let derive = async |steps: Value| {
        let request = lab.request(Method::POST, &path, &lab.ann).header("idempotency-key", "same");
        request.json(&json!({"steps": steps})).send().await.unwrap()
    };
    let made = body(derive(json!([{"step": "keep", "columns": ["t", "y"]}])).await, 202).await;
    let again = derive(json!([{"step": "keep", "columns": ["t", "y"]}])).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(id(&body(again, 202).await), id(&made));
    problem(derive(json!([{"step": "keep", "columns": ["y"]}])).await, 422, "idempotency-key-reused").await;
}

//! `Idempotency-Key`: sent again is not asked again.

use futures::future::join_all;
use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use super::lab::{Lab, id};
use crate::house::{Person, body, problem};

async fn ask(lab: &Lab, who: &Person, key: &str, text: String) -> Response {
    let request = lab.request(Method::POST, "/api/v1/analyses", who).header("idempotency-key", key);
    request.header("content-type", "application/json").body(text).send().await.unwrap()
}

fn question(dataset: &str, parameters: &Value) -> String {
    json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": parameters}).to_string()
}

#[tokio::test]
async fn the_same_request_gives_the_same_analysis_and_another_is_refused() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let good = question(&dataset, &json!({"outcome": "y", "treatment": "t"}));
    let first = ask(&lab, &lab.ann, "key-1", good.clone()).await;
    let location = first.headers()["location"].clone();
    let first = body(first, 202).await;
    // Written in another order, it is the same request.
    let again = format!(
        r#"{{"parameters": {{"treatment":"t", "outcome":"y"}}, "dataset_id":"{dataset}", "agent":"causal_impact"}}"#
    );
    let again = ask(&lab, &lab.ann, "key-1", again).await;
    assert_eq!(
        (&again.headers()["idempotency-replayed"], &again.headers()["location"]),
        (&"true".parse().unwrap(), &location)
    );
    assert_eq!(id(&body(again, 202).await), id(&first));
    let other = question(&dataset, &json!({"outcome": "t", "treatment": "y"}));
    problem(ask(&lab, &lab.ann, "key-1", other).await, 422, "idempotency-key-reused").await;
    assert_ne!(id(&body(ask(&lab, &lab.ann, "key-2", good).await, 202).await), id(&first));
}

#[tokio::test]
async fn sent_many_times_at_once_it_is_one_analysis() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let good = question(&dataset, &json!({"outcome": "y", "treatment": "t"}));
    let answers = join_all((0..12).map(|_| ask(&lab, &lab.ann, "same", good.clone()))).await;
    let mut ids = Vec::new();
    for answer in answers {
        // Who comes while the first is being worked on is told so, who comes later gets its answer.
        match answer.status().as_u16() {
            202 => ids.push(id(&body(answer, 202).await)),
            _ => drop(problem(answer, 409, "idempotency-key-in-use").await),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 1);
}

#[tokio::test]
async fn keys_of_two_people_do_not_meet_and_a_key_must_be_one() {
    let lab = Lab::build().await;
    let good = json!({"outcome": "y", "treatment": "t"});
    let (anns, bobs) = (lab.dataset(&lab.ann).await, lab.dataset(&lab.bob).await);
    body(ask(&lab, &lab.ann, "same", question(&anns, &good)).await, 202).await;
    body(ask(&lab, &lab.bob, "same", question(&bobs, &good)).await, 202).await;
    for odd in ["", "with space", &"x".repeat(256)] {
        problem(ask(&lab, &lab.ann, odd, question(&anns, &good)).await, 400, "bad-request").await;
    }
}

//! GitHub's webhook.

use std::time::{Duration, Instant};

use deployer::machine::State;
use deployer::release::{Commit, Service};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::house::{House, PREVIOUS_SECRET, SECRET, slug, told};

fn push(commit: &Commit) -> Value {
    json!({
        "ref": "refs/heads/main", "before": "b".repeat(40), "after": commit.as_str(), "forced": false, "deleted": false,
        "created": false, "commits": [{"id": commit.as_str(), "modified": ["crates/gateway/src/lib.rs"]}],
        "repository": {"id": 7, "full_name": "e2i/platform"},
    })
}

fn run(commit: &Commit, head_repository: &Value) -> Value {
    json!({
        "action": "completed", "repository": {"id": 7, "full_name": "e2i/platform"},
        "workflow_run": {
            "name": "ci", "event": "push", "conclusion": "success", "head_branch": "main", "head_sha": commit.as_str(),
            "head_repository": head_repository,
        },
    })
}

#[tokio::test]
async fn a_push_goes_live_once_however_often_it_is_told() {
    let house = House::new().await;
    let commit = house.rig.world.commit("Say hello", &Service::ROLLED);
    let (status, answer) = house.deliver("d-1", "push", &push(&commit)).await;
    assert_eq!((status, answer), (StatusCode::ACCEPTED, json!({"delivery": "d-1", "outcome": "accepted"})));
    let (status, answer) = house.deliver("d-1", "push", &push(&commit)).await;
    assert_eq!((status, &answer["outcome"]), (StatusCode::ACCEPTED, &json!("duplicate")));
    assert_eq!(house.rig.until_ended(2).await, State::Live);
    // The same commit by another delivery and by CI.
    house.deliver("d-2", "push", &push(&commit)).await;
    let (status, _) =
        house.deliver("d-3", "workflow_run", &run(&commit, &json!({"id": 7, "full_name": "e2i/platform"}))).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    house.rig.pass(chrono::TimeDelta::minutes(11)).await;
    assert_eq!(house.rig.state_of(3), None, "one commit is one release");
    house.rig.assert_sound(2);
}

#[tokio::test]
async fn a_run_of_a_fork_begins_nothing() {
    let house = House::new().await;
    let commit = house.rig.world.commit("Say hello", &Service::ROLLED);
    let fork = json!({"id": 8, "full_name": "mallory/platform"});
    let (status, answer) = house.deliver("d-1", "workflow_run", &run(&commit, &fork)).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert!(answer["outcome"].as_str().unwrap().starts_with("ignored: "), "{answer}");
}

#[tokio::test]
async fn the_answer_comes_at_once_whatever_runs() {
    let house = House::new().await;
    house.rig.world.commit("Say hello", &Service::ROLLED);
    house.post("/api/v1/deployments", &json!({"ref": "main"})).await;
    // Time on paper stands still: the deployment is under way for as long as this test lasts.
    let commit = house.rig.world.commit("Say more", &Service::ROLLED);
    let begun = Instant::now();
    for number in 0..20 {
        let (status, _) = house.deliver(&format!("d-{number}"), "push", &push(&commit)).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "20 answers took {:?}", begun.elapsed());
    assert_eq!(house.get("/api/v1/deployments/overview").await["live"]["id"], 1);
}

#[tokio::test]
async fn both_secrets_sign_and_no_other() {
    let house = House::new().await;
    let body = br#"{"zen": "x"}"#;
    for secret in [SECRET, PREVIOUS_SECRET] {
        let (status, answer) =
            told(house.delivery(secret, secret.split(", ").last().unwrap(), "ping", body).send().await.unwrap()).await;
        assert_eq!((status, &answer["outcome"]), (StatusCode::ACCEPTED, &json!("pong")));
    }
    let wrong = house.delivery("another secret, long enough", "d", "ping", body);
    let (status, problem) = told(wrong.send().await.unwrap()).await;
    assert_eq!((status, slug(&problem)), (StatusCode::UNAUTHORIZED, "wrong-signature"));
    // One byte more than was signed.
    let changed = house.delivery(SECRET, "d", "ping", body).body([body.as_slice(), b" "].concat());
    assert_eq!(changed.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let unsigned = house.ask(reqwest::Method::POST, "/hooks/github").header("x-github-event", "ping").body("{}");
    assert_eq!(unsigned.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn who_guesses_is_slowed_down_and_counted_and_github_is_not() {
    let house = House::with(&[("RATE_LIMIT_WRONG_SIGNATURES_PER_MINUTE", "3"), ("TRUSTED_PROXIES", "127.0.0.1")]).await;
    let guess = async || {
        let wrong = house.delivery("another secret, long enough", "d", "ping", b"{}");
        wrong.header("x-forwarded-for", "192.0.2.1").send().await.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(guess().await.status(), StatusCode::UNAUTHORIZED);
    }
    let limited = guess().await;
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    let right = house.delivery(SECRET, "d", "ping", b"{}").header("x-forwarded-for", "192.0.2.2");
    assert_eq!(right.send().await.unwrap().status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_form_is_read_as_github_sends_it() {
    let house = House::new().await;
    let commit = house.rig.world.commit("Say hello", &Service::ROLLED);
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &push(&commit).to_string())
        .finish();
    let key = deployer::webhook::Key::new(&chassis::config::Secret::new(SECRET.to_owned()));
    let request = house
        .ask(reqwest::Method::POST, "/hooks/github")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-github-event", "push")
        .header("x-github-delivery", "d-1")
        .header("x-hub-signature-256", deployer::webhook::signature::sign(&key, form.as_bytes()))
        .body(form);
    let (status, answer) = told(request.send().await.unwrap()).await;
    assert_eq!((status, &answer["outcome"]), (StatusCode::ACCEPTED, &json!("accepted")));
}

#[tokio::test]
async fn what_is_too_large_broken_or_nameless_is_refused() {
    let house = House::new().await;
    let large = vec![b' '; 25_000_001];
    let answer = house.delivery(SECRET, "d", "push", &large).send().await;
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let padded = [br#"{"zen": "x"}"#.as_slice(), &vec![b' '; 24_000_000]].concat();
    let answer = house.delivery(SECRET, "large", "ping", &padded).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED, "as much as GitHub sends");
    for (id, event, body) in [("d", "push", "{"), ("d", "push", "{}"), ("a b", "ping", "{}")] {
        let answer = house.delivery(SECRET, id, event, body.as_bytes()).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{id} {event} {body}");
    }
}

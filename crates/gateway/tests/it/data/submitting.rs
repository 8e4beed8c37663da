//! What is accepted, what is refused and in which words, and what is put on Redis at once.

use domain::job::{JobClass, Priority};
use http::Method;
use queue::Reader;
use serde_json::{Value, json};

use super::lab::{CSV, Lab, id};
use super::worker::failed;
use crate::house::{Person, body, problem};

async fn ask(lab: &Lab, who: &Person, asked: Value) -> reqwest::Response {
    lab.house.post("/api/v1/analyses", who, asked).await
}

fn question(dataset: &str, parameters: &Value) -> Value {
    json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": parameters})
}

fn pointers(problem: &Value) -> Vec<&str> {
    let mut pointers: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    pointers
}

#[tokio::test]
async fn agents_are_listed_with_their_schemas_for_those_who_may_run_them() {
    let lab = Lab::build().await;
    let canary = lab.house.user_with_role(&lab.admin, "canary@example.org", "canary").await;
    let names = async |who: &Person| -> Vec<String> {
        let list = lab.get("/api/v1/agents", who).await;
        list["agents"].as_array().unwrap().iter().map(|agent| agent["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&lab.ann).await, ["causal_impact"]);
    assert_eq!(names(&lab.admin).await, ["causal_impact", "canary"]);
    assert_eq!(names(&canary).await, ["canary"]);
    let agent = lab.get("/api/v1/agents/causal_impact", &lab.ann).await;
    assert_eq!(agent["parameters_schema"]["properties"]["outcome"]["x-role"], "outcome");
    assert_eq!((&agent["result_schema"]["type"], &agent["needs_dataset"]), (&json!("object"), &json!(true)));
    problem(lab.house.get("/api/v1/agents/canary", &lab.ann).await, 404, "not-found").await;
    problem(lab.house.get("/api/v1/agents/profile", &lab.admin).await, 404, "not-found").await;
}

#[tokio::test]
async fn an_analysis_is_accepted_told_and_put_on_redis() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let asked = json!({"agent": "causal_impact", "dataset_id": dataset, "params": {"outcome": "y", "treatment": "t"}});
    let response = ask(&lab, &lab.ann, asked).await;
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert!(response.headers().get("idempotency-replayed").is_none());
    let analysis = body(response, 202).await;
    assert_eq!(location, format!("/api/v1/analyses/{}", id(&analysis)));
    assert_eq!((&analysis["state"], &analysis["attempt"]), (&json!("queued"), &json!(0)));
    assert_eq!(analysis["created_by"], lab.ann.id);
    assert_eq!(analysis["parameters"]["outcome"], "y");
    assert!(analysis["parameters"].as_object().unwrap().len() > 2, "complete with defaults: {analysis}");
    // It begins at once: what it can expect is told to those who ask later.
    let known = |mut analysis: serde_json::Value| {
        for name in ["queue_position", "expected_start", "expected_s"] {
            analysis.as_object_mut().unwrap().remove(name);
        }
        analysis
    };
    assert_eq!(known(lab.get(&location, &lab.ann).await), known(analysis.clone()));

    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    let mut reader = Reader::new(&lab.worker.queue, "test");
    let deliveries = reader.read(JobClass::Small, Priority::Normal, 10).await.unwrap();
    let entries: Vec<_> = deliveries.iter().map(|delivery| delivery.entry.clone().unwrap()).collect();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].job.to_string(), entries[0].dispatch_seq), (id(&analysis), 1));
}

#[tokio::test]
async fn everything_wrong_with_parameters_is_told_at_once() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let refused = |parameters: Value| {
        let asked = question(&dataset, &parameters);
        let lab = &lab;
        async move { problem(ask(lab, &lab.ann, asked).await, 422, "invalid-parameters").await }
    };
    let by_schema = refused(json!({"outcome": 7, "treatment": 8, "colour": "blue"})).await;
    assert_eq!(pointers(&by_schema), ["/parameters/colour", "/parameters/outcome", "/parameters/treatment"]);
    let by_columns = refused(json!({"outcome": "nope", "treatment": "neither"})).await;
    assert_eq!(pointers(&by_columns), ["/parameters/outcome", "/parameters/treatment"], "{by_columns}");
    assert!(by_columns["errors"][0]["detail"].as_str().unwrap().contains("nope"), "{by_columns}");
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 0);
}

#[tokio::test]
async fn wrong_requests_are_refused_with_the_place() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let good = json!({"outcome": "y", "treatment": "t"});
    let ann = &lab.ann;
    let unknown = problem(ask(&lab, ann, json!({"agent": "oracle"})).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&unknown), ["/agent"]);
    let none = problem(ask(&lab, ann, json!({"agent": "causal_impact"})).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&none), ["/dataset_id"]);
    let needless = json!({"agent": "canary", "dataset_id": dataset});
    let needless = problem(ask(&lab, &lab.admin, needless).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&needless), ["/dataset_id"]);
    let mut elsewhere = question(&dataset, &good);
    elsewhere["workspace_id"] = json!(uuid::Uuid::from_u128(1));
    let elsewhere = problem(ask(&lab, ann, elsewhere).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&elsewhere), ["/workspace_id"]);
    problem(ask(&lab, &lab.bob, question(&dataset, &good)).await, 404, "not-found").await;
    problem(ask(&lab, ann, question(&uuid::Uuid::from_u128(1).to_string(), &good)).await, 404, "not-found").await;
    problem(ask(&lab, ann, json!({"agent": "causal_impact", "urgent": true})).await, 422, "unprocessable-content")
        .await;
    let odd = lab.request(Method::POST, "/api/v1/analyses", ann).header("content-type", "application/json").body("{");
    problem(odd.send().await.unwrap(), 400, "bad-request").await;
}

#[tokio::test]
async fn a_dataset_must_be_readable_but_need_not_be_profiled() {
    let lab = Lab::build().await;
    let good = json!({"outcome": "y", "treatment": "t"});
    let dataset = lab.dataset(&lab.ann).await;
    body(ask(&lab, &lab.ann, question(&dataset, &good)).await, 202).await;
    lab.house.execute("UPDATE e2i.datasets SET state = 'uploading'").await;
    let uploading = problem(ask(&lab, &lab.ann, question(&dataset, &good)).await, 409, "conflict").await;
    assert_eq!(uploading["state"], "uploading");
    lab.house.execute("UPDATE e2i.datasets SET state = 'profiling'").await;
    let profile: uuid::Uuid = sqlx::query_scalar("SELECT id FROM e2i.jobs WHERE agent = 'profile'")
        .fetch_one(&lab.house.database)
        .await
        .unwrap();
    let claimed = lab.worker.claim(&profile.to_string()).await;
    lab.worker.end_silently(&claimed, &failed("row 3 cannot be read")).await;
    let refused = problem(ask(&lab, &lab.ann, question(&dataset, &good)).await, 409, "conflict").await;
    assert!(refused["detail"].as_str().unwrap().contains("row 3 cannot be read"), "{refused}");
    assert_eq!(refused["failure"]["reason"], "user_error");
}

#[tokio::test]
async fn the_canary_runs_canaries_alone_and_nobody_runs_the_platforms_agents() {
    let lab = Lab::build().await;
    let canary = lab.house.user_with_role(&lab.admin, "canary@example.org", "canary").await;
    let run = json!({"agent": "canary", "parameters": {"work_ms": 5}});
    let accepted = body(ask(&lab, &canary, run.clone()).await, 202).await;
    assert_eq!(accepted["parameters"]["work_ms"], 5);
    body(ask(&lab, &lab.admin, run.clone()).await, 202).await;
    problem(ask(&lab, &lab.ann, run).await, 403, "forbidden").await;
    problem(ask(&lab, &canary, json!({"agent": "causal_impact"})).await, 403, "forbidden").await;
    for who in [&lab.ann, &lab.admin, &canary] {
        problem(ask(&lab, who, json!({"agent": "profile"})).await, 403, "forbidden").await;
    }
    let listed = lab.get("/api/v1/analyses", &canary).await;
    assert_eq!(listed["analyses"], json!([]), "canaries are not listed");
    assert_eq!(lab.get(&format!("/api/v1/analyses/{}", id(&accepted)), &canary).await["agent"], "canary");
}

#[tokio::test]
async fn what_is_above_the_window_or_the_fair_share_is_left_to_the_relay() {
    let lab = Lab::build_with(|env| env.with("DISPATCH_WINDOW", "3")).await;
    let dataset = lab.dataset(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    for accepted in 1..=4 {
        body(lab.submit(&lab.ann, &dataset).await, 202).await;
        lab.until("SELECT count(*) FROM e2i.outbox", i64::from(accepted > 3)).await;
    }
    // The profile of the dataset stands on another stream.
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE dispatched_at IS NOT NULL").await, 4);
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    for accepted in 1..=9 {
        body(lab.submit(&lab.ann, &dataset).await, 202).await;
        lab.until("SELECT count(*) FROM e2i.outbox", i64::max(0, accepted - 7)).await;
    }
    let dataset = id(&body(lab.upload(&lab.bob, "own", CSV).await, 201).await);
    lab.until("SELECT count(*) FROM e2i.outbox", 2).await;
    body(lab.submit(&lab.bob, &dataset).await, 202).await;
    lab.until("SELECT count(*) FROM e2i.outbox", 2).await;
}

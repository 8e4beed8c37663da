//! What an analysis would take: told beforehand, refused with advice where it is too much.

use serde_json::{Value, json};

use super::lab::Lab;
use crate::house::{body, problem};

const PATH: &str = "/api/v1/analyses/expectation";

fn question(dataset: &str) -> Value {
    json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": {"outcome": "y", "treatment": "t"}})
}

#[tokio::test]
async fn it_is_told_and_nothing_is_stored() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let told = body(lab.house.post(PATH, &lab.ann, question(&dataset)).await, 200).await;
    assert_eq!((&told["fits"], &told["advice"]), (&json!(true), &json!([])), "{told}");
    assert_eq!((&told["memory_limit_bytes"], &told["seconds_limit"]), (&json!(8_192_u64 << 20), &json!(900)));
    assert!(told["seconds"].as_f64().unwrap() < 1.0 && told["memory_bytes"].as_u64().unwrap() > 0, "{told}");
    assert_eq!(told["by_step"][0]["step"], "reading the table");
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 0);

    problem(lab.house.post(PATH, &lab.bob, question(&dataset)).await, 404, "not-found").await;
    let mut wrong = question(&dataset);
    wrong["parameters"]["outcome"] = json!("nope");
    problem(lab.house.post(PATH, &lab.ann, wrong).await, 422, "invalid-parameters").await;
    let canary = json!({"agent": "canary", "parameters": {"work_ms": 500, "hold_mib": 3}});
    let canary = body(lab.house.post(PATH, &lab.admin, canary).await, 200).await;
    assert_eq!((&canary["seconds"], &canary["memory_bytes"]), (&json!(0.5), &json!(3 << 20)));
    assert_eq!(canary["fits"], true);
}

#[tokio::test]
async fn too_much_memory_is_refused_with_what_makes_it_less() {
    let lab = Lab::build_with(|env| env.with("ANALYSIS_MEMORY_LIMIT_MIB", "1")).await;
    let dataset = lab.dataset(&lab.ann).await;
    let told = body(lab.house.post(PATH, &lab.ann, question(&dataset)).await, 200).await;
    assert_eq!((&told["fits"], &told["memory_limit_bytes"]), (&json!(false), &json!(1 << 20)));
    let refused = problem(lab.submit(&lab.ann, &dataset).await, 422, "analysis-too-large").await;
    assert_eq!(refused["advice"], told["advice"]);
    assert!(refused["detail"].as_str().unwrap().contains("fewer rows"), "{refused}");
    assert_eq!(lab.count("SELECT count(*) FROM e2i.jobs WHERE listed").await, 0);
}

#[tokio::test]
async fn too_many_seconds_are_refused_with_what_makes_them_fewer() {
    let lab = Lab::build_with(|env| env.with("ANALYSIS_MEMORY_LIMIT_MIB", "4294967295")).await;
    let dataset = lab.dataset(&lab.ann).await;
    // As if the table had a hundred million rows.
    lab.house.execute("UPDATE e2i.datasets SET schema = jsonb_set(schema::jsonb, '{rows}', '100000000')").await;
    let mut asked = question(&dataset);
    asked["parameters"]["covariates"] = json!(["id", "site"]);
    let refused =
        problem(lab.house.post("/api/v1/analyses", &lab.ann, asked.clone()).await, 422, "analysis-too-large").await;
    assert!(refused["seconds"].as_f64() > refused["seconds_limit"].as_f64(), "{refused}");
    assert!(refused["advice"][0].as_str().unwrap().contains("without the boosted ones"), "{refused}");
    // The advice is taken.
    asked["parameters"]["estimators"] = json!(["regression_adjustment"]);
    body(lab.house.post("/api/v1/analyses", &lab.ann, asked).await, 202).await;
}

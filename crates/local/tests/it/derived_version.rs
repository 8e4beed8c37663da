//! A new version by recipe, through every process: the numbers of an analysis on it are those on a table made by hand.

use local::client::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::house::{admin, assert_close, children, eventually, id, platform, testdata, upload_nsw, user};

fn recipe() -> Value {
    json!({"steps": [
        {"step": "filter", "column": "nodegree", "is": {"equals": 1}},
        {"step": "derive", "name": "log_age", "from": {"log": {"column": "age"}}},
        {"step": "derive", "name": "gain", "from": {"difference": {"column": "re78", "minus": "re75"}}},
    ]})
}

/// The same by hand.
fn by_hand() -> String {
    let file = std::fs::read_to_string(testdata("nsw.csv")).unwrap();
    let mut lines = file.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut text = "treat,log_age,gain\n".to_owned();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let field = |name: &str| fields[names.iter().position(|column| *column == name).unwrap()];
        let number = |name: &str| field(name).parse::<f64>().unwrap();
        if number("nodegree") > 0.5 {
            let row = format!("{},{},{}\n", field("treat"), number("age").ln(), number("re78") - number("re75"));
            text.push_str(&row);
        }
    }
    text
}

async fn ready(client: &Client, dataset: &Value) -> Value {
    let path = format!("/api/v1/datasets/{}", id(dataset));
    eventually("the version is ready", async || {
        let dataset = client.get(&path).await.unwrap();
        assert_ne!(dataset["state"], "failed", "{dataset}");
        (dataset["state"] == "ready").then_some(dataset)
    })
    .await
}

async fn effect(client: &Client, dataset: &Value) -> Value {
    let question = json!({"outcome": "gain", "treatment": "treat", "covariates": ["log_age"]});
    let accepted = client.submit("causal_impact", Some(id(dataset)), &question).await.unwrap();
    let analysis = client.wait(id(&accepted)).await.unwrap();
    assert_eq!(analysis["state"], "succeeded", "{analysis}");
    client.result(id(&accepted)).await.unwrap()
}

#[tokio::test]
async fn an_analysis_on_a_derived_version_gives_the_numbers_of_one_made_by_hand() {
    let platform = platform(&[]).await;
    let client = admin(&platform).await;
    let source = upload_nsw(&client).await;
    let path = format!("/api/v1/datasets/{}/versions", id(&source));
    let version = client.post(&path, &recipe()).await.unwrap();
    let version = ready(&client, &version).await;
    assert_eq!((&version["version"], &version["rows"], &version["recipe"]), (&json!(2), &json!(348), &recipe()));
    let profile = version["profile"]["columns"].as_array().unwrap();
    assert_eq!(profile.last().unwrap()["name"], "gain");
    let hand = client.upload_bytes("by hand", "text/csv", by_hand().into_bytes()).await.unwrap();
    let (made, hand) = (effect(&client, &version).await, effect(&client, &hand).await);
    for number in ["estimate", "standard_error", "p_value"] {
        assert!(
            made[number].is_f64() && made[number] == hand[number],
            "{number}: {} and {}",
            made[number],
            hand[number]
        );
    }

    let stranger = user(&platform, "stranger@example.org").await;
    let refused = stranger.post(&path, &recipe()).await.unwrap_err();
    assert_eq!(refused.downcast_ref::<local::client::Refusal>().unwrap().status, 404);

    // What only the rows can tell fails the version, with the place in the recipe.
    let log = json!({"steps": [{"step": "derive", "name": "x", "from": {"log": {"column": "re75"}}}]});
    let bad = client.post(&path, &log).await.unwrap();
    let bad = eventually("the version has failed", async || {
        let dataset = client.get(&format!("/api/v1/datasets/{}", id(&bad))).await.unwrap();
        (dataset["state"] == "failed").then_some(dataset)
    })
    .await;
    let detail = bad["failure"]["detail"].as_str().unwrap();
    assert!(detail.contains("/steps/0: `re75` is zero or negative") && detail.contains("log1p"), "{detail}");
    platform.stop().await;
}

/// Long enough that there is a child to kill: three passes over a panel of half a million rows.
fn panel() -> String {
    let rows =
        (0..5_000).flat_map(|unit| (0..100).map(move |time| format!("unit {unit},{time},{}\n", unit * 7 + time)));
    std::iter::once("unit,time,y\n".to_owned()).chain(rows).collect()
}

#[tokio::test]
async fn a_child_killed_in_the_middle_costs_an_attempt_and_leaves_one_version() {
    let platform = platform(&[("WORKER_LEASE", "2s"), ("WORKER_WARM_CHILDREN", "0")]).await;
    let client = admin(&platform).await;
    let source = client.upload_bytes("panel", "text/csv", panel().into_bytes()).await.unwrap();
    ready(&client, &source).await;
    let baseline = |name: &str| {
        let from = json!({"difference_from_baseline": {"column": "y", "unit": "unit", "time": "time"}});
        json!({"step": "derive", "name": name, "from": from})
    };
    let recipe = json!({"steps": [baseline("a"), baseline("b")]});
    let path = format!("/api/v1/datasets/{}/versions", id(&source));
    let version = client.post(&path, &recipe).await.unwrap();
    let worker = platform.workers()[0].pid().unwrap();
    let child = eventually("a child makes it", async || children(worker).first().copied()).await;
    kill_process(Pid::from_raw(child).unwrap(), Signal::KILL).unwrap();
    let version = ready(&client, &version).await;
    assert_eq!((&version["version"], &version["rows"]), (&json!(2), &json!(500_000)));
    let summary = |name: &str| {
        let columns = version["profile"]["columns"].as_array().unwrap();
        columns.iter().find(|column| column["name"] == name).unwrap()["numeric"]["mean"].clone()
    };
    assert_close(&summary("a"), 49.5);
    assert_close(&summary("b"), 49.5);
    let versions = client.get(&path).await.unwrap();
    assert_eq!(versions["datasets"].as_array().unwrap().len(), 2);
    platform.stop().await;
}

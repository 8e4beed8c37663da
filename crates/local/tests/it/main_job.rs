//! From an uploaded table to a causal effect that agrees with the literature, over HTTP, through every process.

use local::client::Event;
use serde_json::{Value, json};

use crate::house::{admin, assert_close, eventually, id, platform, testdata, upload_nsw};

/// Dehejia and Wahba 1999: difference in means 1794; HC2 as `reference.json` has it.
#[tokio::test]
async fn the_nsw_experiment_gives_the_published_effect() {
    let platform = platform(&[]).await;
    let client = admin(&platform).await;
    let dataset = upload_nsw(&client).await;
    assert_eq!(dataset["rows"], 445);

    let question = local::main_job::nsw_question();
    let accepted = client.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap();
    let mut events: Vec<Event> = Vec::new();
    let analysis = client.follow(id(&accepted), |event| events.push(event.clone())).await.unwrap();
    assert_eq!(analysis["state"], "succeeded", "{analysis}");
    assert_eq!(analysis["attempt"], 1);

    let result = client.result(id(&accepted)).await.unwrap();
    assert_close(&result["estimate"], 1_794.342_404);
    assert_close(&result["standard_error"], 670.996_546);
    assert_close(&result["estimates"][1]["estimate"], 1_675.862_377);
    assert_eq!(result["finding"], "no red flags found");

    let states: Vec<String> = events
        .iter()
        .filter_map(|event| Some(serde_json::from_str::<Value>(&event.data).ok()?["state"].as_str()?.to_owned()))
        .collect();
    assert_eq!(states.last().map(String::as_str), Some("succeeded"), "{states:?}");
    assert!(events.iter().any(|event| event.name == "progress"), "{events:?}");
    platform.stop().await;
}

#[tokio::test]
async fn the_profile_of_an_upload_becomes_ready_by_itself() {
    let platform = platform(&[]).await;
    let client = admin(&platform).await;
    let dataset = upload_nsw(&client).await;
    let path = format!("/api/v1/datasets/{}", id(&dataset));
    let ready = eventually("the profile is ready", async || {
        let dataset = client.get(&path).await.unwrap();
        assert_ne!(dataset["state"], "failed", "{dataset}");
        (dataset["state"] == "ready").then_some(dataset)
    })
    .await;
    let columns = ready["profile"]["columns"].as_array().unwrap();
    let treat = columns.iter().find(|column| column["name"] == "treat").unwrap();
    assert_close(&treat["numeric"]["mean"], 185.0 / 445.0);
    platform.stop().await;
}

/// The published unadjusted comparison with CPS-1 is far from the experiment's, and says so.
#[tokio::test]
async fn a_gzip_upload_of_observational_data_is_flagged() {
    let platform = platform(&[]).await;
    let client = admin(&platform).await;
    let dataset = client.upload("nhefs", &testdata("nhefs.csv.gz")).await.unwrap();
    let question = json!({ "outcome": "wt82_71", "treatment": "qsmk", "missing": "drop_rows" });
    let accepted = client.submit("causal_impact", Some(id(&dataset)), &question).await.unwrap();
    let analysis = client.wait(id(&accepted)).await.unwrap();
    assert_eq!(analysis["state"], "succeeded", "{analysis}");
    let result = client.result(id(&accepted)).await.unwrap();
    assert_close(&result["estimate"], 2.540_581_454_955_888_5);
    assert_eq!(result["diagnostics"]["rows_used"], 1566);
    platform.stop().await;
}

#[tokio::test]
async fn the_canary_user_runs_the_canary_and_nothing_else() {
    let platform = platform(&[]).await;
    let canary = crate::house::sign_in(&platform, platform.canary()).await;
    let accepted = canary.submit("canary", None, &json!({})).await.unwrap();
    let analysis = canary.wait(id(&accepted)).await.unwrap();
    assert_eq!(analysis["state"], "succeeded", "{analysis}");
    assert_eq!(canary.result(id(&accepted)).await.unwrap()["correct"], true);
    let question = local::main_job::nsw_question();
    let refused = canary.submit("causal_impact", None, &question).await.unwrap_err();
    let refused = refused.downcast_ref::<local::client::Refusal>().unwrap();
    assert_eq!(refused.status, 403);
    platform.stop().await;
}

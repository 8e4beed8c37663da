//! Orders and views over HTTP, with the real engine behind them.

use deployer::machine::State;
use deployer::release::Service;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::house::{House, slug};

#[tokio::test]
async fn a_deploy_by_hand_goes_live_and_is_told_everywhere() {
    let house = House::new().await;
    let commit = house.rig.world.commit("Say hello", &Service::ROLLED);
    let plan = house.get("/api/v1/deployments/plan?ref=main").await;
    assert_eq!(plan["commit"]["id"], commit.as_str());
    let order = json!({"ref": "main", "note": "because"});
    let answer = house.as_admin(Method::POST, "/api/v1/deployments").json(&order).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert_eq!(answer.headers()["location"], "/api/v1/deployments/2");
    let summary: Value = answer.json().await.unwrap();
    assert_eq!((&summary["id"], &summary["by"]), (&json!(2), &json!("ann@example.org")));
    assert_eq!(house.rig.until_ended(2).await, State::Live);
    house.rig.assert_sound(2);

    let one = house.get("/api/v1/deployments/2").await;
    assert_eq!((&one["state"], &one["commits"][0]["subject"]), (&json!("live"), &json!("Say hello")));
    assert!(one["steps"].as_array().unwrap().iter().any(|step| step["step"] == "switch" && step["state"] == "done"));
    let overview = house.get("/api/v1/deployments/overview").await;
    assert_eq!(overview["live"]["id"], 2);
    let first = house.get("/api/v1/deployments?limit=1").await;
    assert_eq!(first["items"][0]["id"], 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = house.get(&format!("/api/v1/deployments?limit=1&cursor={cursor}")).await;
    assert_eq!(second["items"][0]["id"], 1);
    let replaced = house.get("/api/v1/deployments?state=replaced").await;
    assert_eq!(replaced["items"].as_array().unwrap().len(), 1);

    let log = house.as_admin(Method::GET, "/api/v1/deployments/2/log").send().await.unwrap();
    assert_eq!(log.headers()["content-disposition"], "attachment; filename=\"deployment-2.log\"");
    let log = log.text().await.unwrap();
    assert!(log.lines().count() > 3 && log.contains("[switch]"), "{log}");
    let audited = house.rig.deployer().journal().audited(10).unwrap();
    assert!(audited.iter().any(|line| line.by == "ann@example.org" && line.what == "deploy"), "{audited:?}");
}

#[tokio::test]
async fn going_back_pins_and_resume_lifts_the_pin() {
    let house = House::new().await;
    house.rig.world.commit("Say hello", &Service::ROLLED);
    assert_eq!(house.post("/api/v1/deployments", &json!({"ref": "main"})).await.0, StatusCode::ACCEPTED);
    assert_eq!(house.rig.until_ended(2).await, State::Live);
    let (status, summary) = house.post("/api/v1/deployments/1/rollback", &json!({})).await;
    assert_eq!((status, &summary["kind"]), (StatusCode::ACCEPTED, &json!("rollback")));
    assert_eq!(house.rig.until_ended(3).await, State::Live);
    let overview = house.get("/api/v1/deployments/overview").await;
    assert_eq!((&overview["pin"]["deployment"], &overview["pin"]["by"]), (&json!(1), &json!("ann@example.org")));
    let (status, overview) = house.post("/api/v1/deployments/resume", &json!({})).await;
    assert_eq!((status, &overview["pin"]), (StatusCode::OK, &json!(null)));
}

#[tokio::test]
async fn the_maintenance_page_goes_up_and_away() {
    let house = House::new().await;
    for on in [true, false] {
        let (status, overview) = house.post("/api/v1/deployments/pause", &json!({"on": on})).await;
        assert_eq!((status, &overview["paused"]), (StatusCode::OK, &json!(on)));
        assert_eq!(house.rig.world.state().is_maintenance, on);
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_kind() {
    let house = House::new().await;
    let order = |reference: &str| json!({"ref": reference});
    for (path, body, status, kind) in [
        ("/api/v1/deployments", order("no-such-branch"), 422, "unprocessable-content"),
        ("/api/v1/deployments", order("--upload-pack=x"), 422, "unprocessable-content"),
        ("/api/v1/deployments", json!({"ref": "main", "note": "n".repeat(1001)}), 422, "unprocessable-content"),
        ("/api/v1/deployments", json!({"ref": "main", "maintenance": true}), 422, "unprocessable-content"),
        ("/api/v1/deployments/1/cancel", json!({}), 409, "order-refused"),
        ("/api/v1/deployments/1/rollback", json!({}), 409, "order-refused"),
        ("/api/v1/deployments/99/rollback", json!({}), 404, "not-found"),
        ("/api/v1/deployments/99/cancel", json!({}), 404, "not-found"),
        ("/api/v1/deployments/x/cancel", json!({}), 404, "not-found"),
    ] {
        let (told, problem) = house.post(path, &body).await;
        assert_eq!((told.as_u16(), slug(&problem)), (status, kind), "{path} {body}: {problem}");
    }
    for (path, status) in
        [("?limit=0", 400), ("?limit=101", 400), ("?cursor=x", 400), ("?state=nice", 400), ("/99", 404)]
    {
        let answer = house.as_admin(Method::GET, &format!("/api/v1/deployments{path}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn a_schema_that_is_too_new_refuses_a_rollback_and_names_the_jobs() {
    use deployer::release::Schema;
    let house = House::new().await;
    let commit = house.rig.world.commit("Change the schema", &Service::ROLLED);
    let revision = house.rig.world.state().commits[commit.as_str()].revisions[&Service::Gateway].clone();
    house.rig.world.state().schemas.insert(revision, Schema { newest: 2, readable_by: 2 });
    let force = json!({"ref": "main", "force": true});
    assert_eq!(house.post("/api/v1/deployments", &force).await.0, StatusCode::ACCEPTED);
    assert_eq!(house.rig.until_ended(2).await, State::Live, "{}", house.rig.reason_of(2));
    house.rig.world.state().stranded = vec!["causal_impact 2: 3 jobs".to_owned()];
    let (status, problem) = house.post("/api/v1/deployments/1/rollback", &json!({"force": false})).await;
    assert_eq!((status, slug(&problem)), (StatusCode::CONFLICT, "schema-too-new"), "{problem}");
    assert_eq!(problem["stranded_jobs"], json!(["causal_impact 2: 3 jobs"]));
    let (status, _) = house.post("/api/v1/deployments/1/rollback", &json!({"force": true})).await;
    assert_eq!(status, StatusCode::ACCEPTED);
}

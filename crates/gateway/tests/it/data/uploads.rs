//! Good uploads, and what can be read of them.

use std::io::Write as _;

use http::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use store::attempts::Ending;

use super::lab::{CSV, Lab, id};
use crate::house::{House, Person, body, problem};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

async fn send_form(lab: &Lab, who: &Person, form: Form) -> reqwest::Response {
    lab.request(Method::POST, "/api/v1/datasets", who).multipart(form).send().await.unwrap()
}

fn file(name: &str) -> Part {
    Part::bytes(CSV.as_bytes()).file_name(name.to_owned()).mime_str("text/csv").unwrap()
}

#[tokio::test]
async fn a_table_is_stored_profiled_and_given_back() {
    let lab = Lab::build().await;
    let response = lab.upload(&lab.ann, "first%20table", CSV).await;
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let dataset = body(response, 201).await;
    assert_eq!(location, format!("/api/v1/datasets/{}", id(&dataset)));
    assert_eq!((&dataset["name"], &dataset["version"]), (&json!("first table"), &json!(1)));
    assert_eq!(
        (&dataset["state"], &dataset["rows"], &dataset["column_count"]),
        (&json!("profiling"), &json!(4), &json!(4))
    );
    assert_eq!(dataset["size_bytes"], CSV.len());
    assert_eq!(dataset["schema"]["columns"][2], json!({"name": "y", "type": "float", "missing": 0}));
    assert_eq!(lab.objects().len(), 1);

    let preview = lab.get(&format!("{location}/preview?rows=1"), &lab.ann).await;
    assert_eq!(preview, json!({"columns": ["id", "t", "y", "site"], "rows": [["1", "0", "1.5", "a"]]}));
    problem(lab.house.get(&format!("{location}/preview?rows=0"), &lab.ann).await, 400, "bad-request").await;

    let download = lab.house.get(&format!("{location}/download"), &lab.ann).await;
    let headers = download.headers().clone();
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(headers["content-length"], CSV.len().to_string().as_str());
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"first table-v1.csv\"; filename*=UTF-8''first%20table-v1.csv"
    );
    assert_eq!(download.text().await.unwrap(), CSV);

    // The profile is a job like any other: dispatched at once, and its result makes the dataset ready.
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    let job: uuid::Uuid = sqlx::query_scalar("SELECT id FROM e2i.jobs WHERE agent = 'profile' AND NOT listed")
        .fetch_one(&lab.house.database)
        .await
        .unwrap();
    let claimed = lab.worker.claim(&job.to_string()).await;
    let profile = json!({"rows": 4, "columns": [], "warnings": ["made by hand"]});
    lab.worker.end_silently(&claimed, &Ending::Succeeded(profile)).await;
    let ready = lab.get(&location, &lab.ann).await;
    assert_eq!((&ready["state"], &ready["profile"]["warnings"][0]), (&json!("ready"), &json!("made by hand")));
}

#[tokio::test]
async fn an_upload_of_the_same_name_is_the_next_version() {
    let lab = Lab::build().await;
    let (first, second) = (lab.dataset(&lab.ann).await, lab.dataset(&lab.ann).await);
    let other = id(&body(lab.upload(&lab.ann, "other", CSV).await, 201).await);
    let ids =
        |list: &serde_json::Value| -> Vec<String> { list["datasets"].as_array().unwrap().iter().map(id).collect() };

    let newest = lab.get("/api/v1/datasets", &lab.ann).await;
    assert_eq!(ids(&newest), [other.clone(), second.clone()], "one of each name");
    let named = lab.get("/api/v1/datasets?name=table", &lab.ann).await;
    assert_eq!(ids(&named), [second.clone(), first.clone()]);
    let versions = lab.get(&format!("/api/v1/datasets/{first}/versions"), &lab.ann).await;
    assert_eq!(ids(&versions), [second.clone(), first.clone()]);
    assert_eq!((&versions["datasets"][0]["version"], &versions["next_cursor"]), (&json!(2), &json!(null)));
    assert!(versions["datasets"][0].get("profile").is_none(), "lists are light");

    let page = lab.get(&format!("/api/v1/datasets/{first}/versions?limit=1"), &lab.ann).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let next = lab.get(&format!("/api/v1/datasets/{first}/versions?limit=1&cursor={cursor}"), &lab.ann).await;
    assert_eq!((ids(&page), ids(&next)), (vec![second], vec![first]));
    problem(lab.house.get(&format!("/api/v1/datasets?cursor={cursor}"), &lab.ann).await, 400, "bad-request").await;
    assert_eq!(ids(&lab.get("/api/v1/datasets", &lab.bob).await), Vec::<String>::new());
}

#[tokio::test]
async fn a_form_and_gzip_are_taken_in_too() {
    let lab = Lab::build().await;
    let by_file_name =
        body(send_form(&lab, &lab.ann, Form::new().part("file", file("Sales 2026.csv"))).await, 201).await;
    assert_eq!((&by_file_name["name"], &by_file_name["rows"]), (&json!("Sales 2026"), &json!(4)));
    let named = Form::new().text("name", "own name").part("file", file("x.csv"));
    assert_eq!(body(send_form(&lab, &lab.ann, named).await, 201).await["name"], "own name");

    let packed = gzip(CSV);
    let stored = body(lab.upload(&lab.ann, "packed", packed.clone()).await, 201).await;
    assert_eq!((&stored["schema"]["format"]["gzip"], &stored["rows"]), (&json!(true), &json!(4)));
    let download = lab.house.get(&format!("/api/v1/datasets/{}/download", id(&stored)), &lab.ann).await;
    assert_eq!(download.headers()["content-type"], "application/gzip");
    assert_eq!(download.bytes().await.unwrap(), packed, "the bytes that were sent");
    assert_eq!(lab.objects().len(), 3);
}

#[tokio::test]
async fn a_dataset_in_use_is_deleted_only_with_what_uses_it() {
    let lab = Lab::build().await;
    let dataset = lab.dataset(&lab.ann).await;
    let analysis = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
    let path = format!("/api/v1/datasets/{dataset}");
    let refused = problem(lab.house.delete(&path, &lab.ann).await, 409, "dataset-in-use").await;
    assert_eq!(refused["analyses"], 1);
    assert_eq!(lab.objects().len(), 1);
    body(lab.house.delete(&format!("{path}?cascade=true"), &lab.ann).await, 204).await;
    assert!(lab.objects().is_empty());
    problem(lab.house.get(&path, &lab.ann).await, 404, "not-found").await;
    problem(lab.house.get(&format!("/api/v1/analyses/{analysis}"), &lab.ann).await, 404, "not-found").await;
    let unused = lab.dataset(&lab.ann).await;
    body(lab.house.delete(&format!("/api/v1/datasets/{unused}"), &lab.ann).await, 204).await;
}

#[tokio::test]
async fn what_a_killed_gateway_left_is_swept_and_a_live_upload_is_not() {
    let lab = Lab::build().await;
    let (dead, live) = ("dead/object", "live/object");
    let folder = std::path::PathBuf::from(lab.house.env.get("OBJECT_STORE_URL").unwrap());
    for (key, age) in [(dead, "25 hours"), (live, "23 hours")] {
        std::fs::create_dir_all(folder.join(key).parent().unwrap()).unwrap();
        std::fs::write(folder.join(key), "half").unwrap();
        sqlx::query(
            "INSERT INTO e2i.datasets (workspace_id, name, version, state, object_key, created_by, created_at)
             SELECT workspace_id, $1, 1, 'uploading', $1, user_id, now() - $2::text::interval
             FROM e2i.workspace_members WHERE user_id = $3::text::uuid",
        )
        .bind(key)
        .bind(age)
        .bind(&lab.ann.id)
        .execute(&lab.house.database)
        .await
        .unwrap();
    }
    // A gateway sweeps when it starts, and then every hour.
    let config = gateway::Config::read(&lab.house.env).unwrap();
    let shutdown = chassis::lifecycle::Shutdown::new();
    let clock = std::sync::Arc::new(chassis::clock::SystemClock);
    let entropy = std::sync::Arc::new(chassis::entropy::SystemEntropy);
    let second = gateway::AppState::build(config, clock, entropy, shutdown.clone()).await.unwrap();
    lab.until("SELECT count(*) FROM e2i.datasets", 1).await;
    assert_eq!(lab.objects(), [folder.join(live)]);
    assert_eq!(gateway::uploads::sweep::sweep(&second).await.unwrap(), 0);
    shutdown.force();
}

/// Uploading is for analysts of the workspace.
#[tokio::test]
async fn a_viewer_a_stranger_and_the_canary_may_not_upload() {
    let lab = Lab::build().await;
    let shared = lab.shared_workspace().await;
    let path = format!("/api/v1/datasets?name=x&workspace_id={shared}");
    let send = async |who: &Person| {
        let request = lab.request(Method::POST, &path, who).header("content-type", "text/csv");
        request.body(CSV).send().await.unwrap()
    };
    problem(send(&lab.bob).await, 403, "forbidden").await;
    problem(send(&lab.admin).await, 404, "not-found").await;
    let canary = lab.house.user_with_role(&lab.admin, "canary@example.org", "canary").await;
    problem(lab.upload(&canary, "x", CSV).await, 403, "forbidden").await;
    lab.assert_nothing_is_left().await;
    assert_eq!(body(send(&lab.ann).await, 201).await["workspace_id"], shared);
}

#[tokio::test]
async fn nobody_is_let_in_unknown() {
    let house = House::build().await;
    for path in ["/api/v1/agents", "/api/v1/datasets", "/api/v1/analyses", "/api/v1/events"] {
        problem(house.ask(Method::GET, path, None, None).await, 401, "unauthorized").await;
    }
}

//! New versions by recipe: asked for, refused, made, read back, posted again.

use domain::recipe::Recipe;
use http::Method;
use reqwest::Response;
use serde_json::{Value, json};
use store::attempts::{Claimed, Ending};
use tables::objects::Objects;

use super::lab::{CSV, Lab, id};
use super::worker::failed;
use crate::house::{Person, body, problem};

fn recipe() -> Value {
    json!({"steps": [
        {"step": "filter", "column": "y", "is": {"range": {"above": 1}}},
        {"step": "filter", "column": "site", "is": {"one_of": ["a", "b"]}},
        {"step": "derive", "name": "log_y", "from": {"log": {"column": "y"}}},
    ]})
}

async fn derive(lab: &Lab, who: &Person, dataset: &str, recipe: Value) -> Response {
    lab.house.post(&format!("/api/v1/datasets/{dataset}/versions"), who, recipe).await
}

/// Claims the job that makes a version.
async fn claim(lab: &Lab, version: &str) -> Claimed {
    let version: uuid::Uuid = version.parse().unwrap();
    let statement = sqlx::query_scalar("SELECT derive_job FROM e2i.datasets WHERE id = $1").bind(version);
    let job: uuid::Uuid = statement.fetch_one(&lab.house.database).await.unwrap();
    lab.worker.claim(&job.to_string()).await
}

/// Carries it out as a worker's child does.
async fn make(lab: &Lab, claimed: &Claimed) {
    let objects = Objects::open(lab.house.env.get("OBJECT_STORE_URL").unwrap()).unwrap();
    let (table, key) = (claimed.table.clone().unwrap(), claimed.output_key().unwrap());
    let recipe: Recipe = serde_json::from_value(claimed.parameters.clone()).unwrap();
    let making =
        tokio::task::spawn_blocking(move || tables::recipe::make(&objects, &table, &recipe, &key, &mut |_| {}));
    let made = making.await.unwrap().unwrap();
    let result = json!({"schema": made.schema, "size_bytes": made.size_bytes, "sha256": made.sha256});
    lab.worker.end_silently(claimed, &Ending::Succeeded(result)).await;
}

fn pointers(problem: &Value) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_recipe_makes_the_next_version_and_can_be_posted_again_as_it_is_read() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let response = derive(&lab, &lab.ann, &source, recipe()).await;
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let version = body(response, 202).await;
    assert_eq!(location, format!("/api/v1/datasets/{}", id(&version)));
    assert_eq!(
        (&version["name"], &version["version"], &version["state"]),
        (&json!("table"), &json!(2), &json!("uploading"))
    );
    assert_eq!((&version["recipe"], &version["derived_from"]), (&recipe(), &json!({"id": source, "version": 1})));
    assert_eq!(version["rows"], json!(null));
    lab.until("SELECT count(*) FROM e2i.outbox", 0).await;
    for path in ["preview", "download"] {
        let early = problem(lab.house.get(&format!("{location}/{path}"), &lab.ann).await, 409, "conflict").await;
        assert!(early["detail"].as_str().unwrap().contains("still being made"), "{early}");
    }
    problem(lab.submit(&lab.ann, &id(&version)).await, 409, "conflict").await;
    problem(derive(&lab, &lab.ann, &id(&version), recipe()).await, 409, "conflict").await;

    make(&lab, &claim(&lab, &id(&version)).await).await;
    let made = lab.get(&location, &lab.ann).await;
    assert_eq!((&made["state"], &made["rows"]), (&json!("profiling"), &json!(3)));
    let expected = "id,t,y,site,log_y\n1,0,1.5,a,0.4054651081081644\n2,1,2.5,b,0.9162907318741551\n4,1,3.25,b,1.1786549963416462\n";
    let download = lab.house.get(&format!("{location}/download"), &lab.ann).await;
    assert_eq!(download.text().await.unwrap(), expected);
    body(lab.submit(&lab.ann, &id(&version)).await, 202).await;

    // The same recipe on a newer version of the data, as read from the older one.
    let newer = id(&body(lab.upload(&lab.ann, "table", format!("{CSV}5,1,9,c\n6,0,8,a\n")).await, 201).await);
    let again = body(derive(&lab, &lab.ann, &newer, made["recipe"].clone()).await, 202).await;
    assert_eq!((&again["version"], &again["derived_from"]["version"]), (&json!(4), &json!(3)));
    make(&lab, &claim(&lab, &id(&again)).await).await;
    let listed = lab.get(&format!("/api/v1/datasets/{source}/versions"), &lab.ann).await;
    let listed = listed["datasets"].as_array().unwrap();
    assert_eq!((&listed[0]["rows"], &listed[0]["recipe"]), (&json!(4), &recipe()));
    assert_eq!((&listed[3]["recipe"], &listed[3]["derived_from"]), (&json!(null), &json!(null)));
    assert_eq!(lab.house.audited("dataset.derive").await, 2);
}

#[tokio::test]
async fn everything_wrong_with_a_recipe_is_told_at_once() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let unreadable = json!({"steps": [
        {"step": "sort", "column": "y"},
        {"step": "filter", "column": "y", "is": {"equals": null}},
        {"step": "keep", "columns": ["y"]},
        {"step": "derive", "name": "x", "from": {"log": {"column": "y", "base": 10}}},
    ]});
    let told = problem(derive(&lab, &lab.ann, &source, unreadable).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&told), ["/steps/0", "/steps/1", "/steps/3"], "{told}");
    assert!(told["errors"][1]["detail"].as_str().unwrap().contains("a number, a text, true or false"), "{told}");
    let wrong = json!({"steps": [
        {"step": "filter", "column": "nope", "is": {"equals": 1}},
        {"step": "derive", "name": "t", "from": {"log": {"column": "site"}}},
    ]});
    let told = problem(derive(&lab, &lab.ann, &source, wrong).await, 422, "invalid-parameters").await;
    assert_eq!(pointers(&told), ["/steps/0/column", "/steps/1/name", "/steps/1/from/log/column"], "{told}");
    problem(derive(&lab, &lab.ann, &source, json!({"steps": []})).await, 422, "invalid-parameters").await;
    problem(derive(&lab, &lab.ann, &source, json!({"steps": [], "name": "x"})).await, 422, "unprocessable-content")
        .await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 1);
}

#[tokio::test]
async fn a_version_that_cannot_be_made_says_why_and_is_deleted() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let version = id(&body(derive(&lab, &lab.ann, &source, recipe()).await, 202).await);
    lab.worker.end_silently(&claim(&lab, &version).await, &failed("/steps/0: none of the 4 rows")).await;
    let path = format!("/api/v1/datasets/{version}");
    let dead = lab.get(&path, &lab.ann).await;
    assert_eq!((&dead["state"], &dead["failure"]["reason"]), (&json!("failed"), &json!("user_error")));
    for refused in [
        lab.house.get(&format!("{path}/preview"), &lab.ann).await,
        lab.submit(&lab.ann, &version).await,
        derive(&lab, &lab.ann, &version, recipe()).await,
    ] {
        let refused = problem(refused, 409, "conflict").await;
        assert!(refused["detail"].as_str().unwrap().contains("none of the 4 rows"), "{refused}");
    }
    body(lab.house.delete(&path, &lab.ann).await, 204).await;
    problem(lab.house.get(&path, &lab.ann).await, 404, "not-found").await;
}

#[tokio::test]
async fn a_source_is_kept_while_something_is_being_made_from_it() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let (done, open, given_up) = (
        id(&body(derive(&lab, &lab.ann, &source, recipe()).await, 202).await),
        id(&body(derive(&lab, &lab.ann, &source, recipe()).await, 202).await),
        id(&body(derive(&lab, &lab.ann, &source, recipe()).await, 202).await),
    );
    make(&lab, &claim(&lab, &done).await).await;
    body(lab.house.delete(&format!("/api/v1/datasets/{given_up}"), &lab.ann).await, 204).await;
    let path = format!("/api/v1/datasets/{source}");
    let refused = problem(lab.house.delete(&path, &lab.ann).await, 409, "dataset-in-use").await;
    assert_eq!((&refused["analyses"], &refused["derivations"]), (&json!(0), &json!(1)));
    body(lab.house.delete(&format!("{path}?cascade=true"), &lab.ann).await, 204).await;
    let open = lab.get(&format!("/api/v1/datasets/{open}"), &lab.ann).await;
    assert_eq!((&open["state"], &open["failure"]["reason"]), (&json!("failed"), &json!("cancelled")));
    let done = lab.get(&format!("/api/v1/datasets/{done}"), &lab.ann).await;
    assert_eq!((&done["state"], &done["derived_from"]["id"]), (&json!("profiling"), &json!(source)));
    assert_eq!(lab.objects().len(), 1, "what was made stands alone");
}

#[tokio::test]
async fn sent_again_with_the_same_key_it_is_one_version() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let ask = |recipe: Value| {
        let path = format!("/api/v1/datasets/{source}/versions");
        let request = lab.request(Method::POST, &path, &lab.ann).header("idempotency-key", "k");
        async move { request.json(&recipe).send().await.unwrap() }
    };
    let first = body(ask(recipe()).await, 202).await;
    let again = ask(recipe()).await;
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(id(&body(again, 202).await), id(&first));
    let other = json!({"steps": [{"step": "keep", "columns": ["y"]}]});
    problem(ask(other).await, 422, "idempotency-key-reused").await;
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 2);
}

#[tokio::test]
async fn the_job_is_no_analysis_and_the_canary_derives_nothing() {
    let lab = Lab::build().await;
    let source = lab.dataset(&lab.ann).await;
    let version = id(&body(derive(&lab, &lab.ann, &source, recipe()).await, 202).await);
    let claimed = claim(&lab, &version).await;
    problem(lab.house.get(&format!("/api/v1/analyses/{}", claimed.job), &lab.ann).await, 404, "not-found").await;
    assert_eq!(lab.get("/api/v1/analyses", &lab.ann).await["analyses"], json!([]));
    let asked = json!({"agent": "derive", "dataset_id": source, "parameters": recipe()});
    problem(lab.house.post("/api/v1/analyses", &lab.ann, asked).await, 403, "forbidden").await;
    let canary = lab.house.user_with_role(&lab.admin, "canary@example.org", "canary").await;
    problem(derive(&lab, &canary, &source, recipe()).await, 403, "forbidden").await;
}

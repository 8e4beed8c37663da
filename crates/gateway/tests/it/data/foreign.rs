//! Every route that takes an id, asked by somebody whose it is not: it is as if it were not there. And by a viewer, who
//! may read and nothing else.

use http::Method;
use serde_json::json;

use super::lab::{CSV, Lab, id};
use crate::house::{Person, body, problem};

const READS: [&str; 8] = [
    "/api/v1/datasets/{dataset}",
    "/api/v1/datasets/{dataset}/versions",
    "/api/v1/datasets/{dataset}/download",
    "/api/v1/datasets/{dataset}/preview",
    "/api/v1/analyses/{analysis}",
    "/api/v1/analyses/{analysis}/result",
    "/api/v1/analyses/{analysis}/events",
    "/api/v1/analyses?workspace_id={workspace}",
];

const WRITES: [(Method, &str); 5] = [
    (Method::POST, "/api/v1/analyses/{analysis}/cancel"),
    (Method::POST, "/api/v1/analyses/{analysis}/retry"),
    (Method::DELETE, "/api/v1/analyses/{analysis}"),
    (Method::DELETE, "/api/v1/datasets/{dataset}"),
    (Method::DELETE, "/api/v1/datasets/{dataset}?cascade=true"),
];

struct Things {
    dataset: String,
    analysis: String,
    workspace: String,
}

impl Things {
    async fn of_ann(lab: &Lab, workspace: &str) -> Self {
        let path = format!("/api/v1/datasets?name=table&workspace_id={workspace}");
        let request = lab.request(Method::POST, &path, &lab.ann).header("content-type", "text/csv");
        let dataset = id(&body(request.body(CSV).send().await.unwrap(), 201).await);
        let analysis = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
        lab.worker.run(&analysis, json!({"estimate": 1.0})).await;
        Self { dataset, analysis, workspace: workspace.to_owned() }
    }

    fn path(&self, pattern: &str) -> String {
        pattern
            .replace("{dataset}", &self.dataset)
            .replace("{analysis}", &self.analysis)
            .replace("{workspace}", &self.workspace)
    }
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let lab = Lab::build().await;
    let shared = lab.shared_workspace().await;
    let things = Things::of_ann(&lab, &shared).await;
    // An admin of the platform is no member of the workspace either.
    for pattern in READS {
        let path = things.path(pattern);
        let answer = lab.house.get(&path, &lab.admin).await;
        if pattern.contains('?') {
            assert_eq!(body(answer, 200).await["analyses"], json!([]), "{path}");
        } else {
            let foreign = problem(answer, 404, "not-found").await;
            let missing = path.replace(&things.analysis, &id_of_nothing()).replace(&things.dataset, &id_of_nothing());
            let missing = problem(lab.house.get(&missing, &lab.admin).await, 404, "not-found").await;
            let words = |problem: &serde_json::Value| problem["detail"].as_str().unwrap().split(' ').count();
            assert_eq!(words(&foreign), words(&missing), "{foreign} {missing}");
        }
    }
    for (method, pattern) in &WRITES {
        let path = things.path(pattern);
        problem(lab.house.ask(method.clone(), &path, Some(&lab.admin), None).await, 404, "not-found").await;
    }
    problem(lab.submit(&lab.admin, &things.dataset).await, 404, "not-found").await;
    problem(derive(&lab, &lab.admin, &things).await, 404, "not-found").await;
    body(lab.house.get(&things.path(READS[0]), &lab.ann).await, 200).await;
    body(lab.house.get(&things.path(READS[4]), &lab.ann).await, 200).await;
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let lab = Lab::build().await;
    let shared = lab.shared_workspace().await;
    let things = Things::of_ann(&lab, &shared).await;
    for pattern in READS {
        let answer = lab.house.get(&things.path(pattern), &lab.bob).await;
        assert_eq!(answer.status(), 200, "{pattern}");
    }
    for (method, pattern) in &WRITES {
        let path = things.path(pattern);
        problem(lab.house.ask(method.clone(), &path, Some(&lab.bob), None).await, 403, "forbidden").await;
    }
    problem(lab.submit(&lab.bob, &things.dataset).await, 403, "forbidden").await;
    problem(derive(&lab, &lab.bob, &things).await, 403, "forbidden").await;
    assert_eq!(lab.get(&things.path(READS[4]), &lab.ann).await["state"], "succeeded");
}

#[tokio::test]
async fn a_profile_is_no_analysis() {
    let lab = Lab::build().await;
    lab.dataset(&lab.ann).await;
    let job: uuid::Uuid = sqlx::query_scalar("SELECT id FROM e2i.jobs").fetch_one(&lab.house.database).await.unwrap();
    let path = format!("/api/v1/analyses/{job}");
    problem(lab.house.get(&path, &lab.ann).await, 404, "not-found").await;
    problem(lab.house.post(&format!("{path}/cancel"), &lab.ann, json!({})).await, 404, "not-found").await;
    problem(lab.house.get("/api/v1/analyses/7", &lab.ann).await, 404, "not-found").await;
}

async fn derive(lab: &Lab, who: &Person, things: &Things) -> reqwest::Response {
    let recipe = json!({"steps": [{"step": "keep", "columns": ["y"]}]});
    lab.house.post(&format!("/api/v1/datasets/{}/versions", things.dataset), who, recipe).await
}

fn id_of_nothing() -> String {
    uuid::Uuid::from_u128(1).to_string()
}

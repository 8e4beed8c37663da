//! Every operation that names something by its id, asked by people of other workspaces: it is as if it were not there.
//!
//! The list of operations is the `OpenAPI` document's: one that is described and not tried here fails. Each attempt is a
//! request that works for whom the thing belongs to, which is shown afterwards: what the stranger hears is about the thing
//! and not about a flaw of the request.

use std::collections::BTreeSet;

use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::data::lab::{CSV, Lab, id};
use crate::data::reproduce::result;
use crate::house::{Person, body};

/// Named by nothing of anybody's: a catalogue that is the same for everyone.
const NOBODYS: [&str; 1] = ["GET /api/v1/agents/{name}"];

const NOTHING: &str = "00000000-0000-4000-8000-00000000dead";

/// One request, with the names of ann's things where their ids belong.
struct Attempt {
    operation: &'static str,
    /// Where the operation's own `{id}` leads, and the query.
    path: &'static str,
    body: Option<Value>,
    /// What the owner hears, or for an operation of admins the admin.
    owner_hears: u16,
}

const fn bare(operation: &'static str, path: &'static str, owner_hears: u16) -> Attempt {
    Attempt { operation, path, body: None, owner_hears }
}

const fn with(operation: &'static str, path: &'static str, body: Value, owner_hears: u16) -> Attempt {
    Attempt { operation, path, body: Some(body), owner_hears }
}

/// In an order in which the owner can do all of it.
fn attempts() -> Vec<Attempt> {
    [reads(), changes(), of_admins(), ends()].into_iter().flatten().collect()
}

fn reads() -> Vec<Attempt> {
    vec![
        bare("GET /api/v1/datasets/{id}", "/api/v1/datasets/DATASET", 200),
        bare("GET /api/v1/datasets/{id}/versions", "/api/v1/datasets/DATASET/versions", 200),
        bare("GET /api/v1/datasets/{id}/dependents", "/api/v1/datasets/DATASET/dependents", 200),
        bare("GET /api/v1/datasets/{id}/download", "/api/v1/datasets/DATASET/download", 200),
        bare("GET /api/v1/datasets/{id}/preview", "/api/v1/datasets/DATASET/preview", 200),
        bare("GET /api/v1/analyses/{id}", "/api/v1/analyses/ANALYSIS", 200),
        bare("GET /api/v1/analyses/{id}/result", "/api/v1/analyses/ANALYSIS/result", 200),
        bare("GET /api/v1/analyses/{id}/reproduce.py", "/api/v1/analyses/ANALYSIS/reproduce.py", 200),
        bare("GET /api/v1/analyses/{id}/shares", "/api/v1/analyses/ANALYSIS/shares", 200),
        bare("GET /api/v1/analyses/{id}/attempts", "/api/v1/analyses/ANALYSIS/attempts", 200),
        bare("GET /api/v1/analyses/{id}/events", "/api/v1/analyses/ANALYSIS/events", 200),
        bare("GET /api/v1/uploads/{id}", "/api/v1/uploads/UPLOAD", 200),
        bare("HEAD /api/v1/uploads/{id}", "/api/v1/uploads/UPLOAD", 200),
        bare("GET /api/v1/workspaces/{id}", "/api/v1/workspaces/WORKSPACE", 200),
        bare("GET /api/v1/workspaces/{id}/members", "/api/v1/workspaces/WORKSPACE/members", 200),
        // No id in the path, and one in the body.
        with("POST /api/v1/analyses/expectation", "/api/v1/analyses/expectation", question(), 200),
    ]
}

fn changes() -> Vec<Attempt> {
    let put = "PUT /api/v1/workspaces/{id}/members/{user_id}";
    vec![
        with("POST /api/v1/analyses", "/api/v1/analyses", question(), 202),
        bare("POST /api/v1/analyses/{id}/cancel", "/api/v1/analyses/QUEUED/cancel", 200),
        with("POST /api/v1/analyses/{id}/shares", "/api/v1/analyses/ANALYSIS/shares", json!({}), 201),
        bare("POST /api/v1/analyses/{id}/retry", "/api/v1/analyses/QUEUED/retry", 202),
        with(
            "POST /api/v1/datasets/{id}/versions",
            "/api/v1/datasets/DATASET/versions",
            json!({"steps": [{"step": "keep", "columns": ["y"]}]}),
            202,
        ),
        bare("PATCH /api/v1/uploads/{id}", "/api/v1/uploads/UPLOAD", 204),
        with("PATCH /api/v1/workspaces/{id}", "/api/v1/workspaces/WORKSPACE", json!({"name": "taken"}), 200),
        with(put, "/api/v1/workspaces/WORKSPACE/members/MEMBER", json!({"role": "analyst"}), 200),
        bare("DELETE /api/v1/workspaces/{id}/members/{user_id}", "/api/v1/workspaces/WORKSPACE/members/MEMBER", 204),
        // Letting oneself in.
        with(put, "/api/v1/workspaces/WORKSPACE/members/STRANGER", json!({"role": "owner"}), 200),
        with(
            "POST /api/v1/workspaces/{id}/members",
            "/api/v1/workspaces/WORKSPACE/members",
            json!({"email": "bob@example.org", "role": "viewer"}),
            200,
        ),
    ]
}

fn of_admins() -> Vec<Attempt> {
    vec![
        bare("GET /api/v1/admin/jobs/{id}", "/api/v1/admin/jobs/QUEUED", 200),
        bare("POST /api/v1/admin/jobs/{id}/cancel", "/api/v1/admin/jobs/QUEUED/cancel", 200),
        bare("POST /api/v1/admin/jobs/{id}/retry", "/api/v1/admin/jobs/QUEUED/retry", 202),
        bare("GET /api/v1/admin/users/{id}", "/api/v1/admin/users/MEMBER", 200),
        with("PATCH /api/v1/admin/users/{id}", "/api/v1/admin/users/MEMBER", json!({"role": "user"}), 200),
        bare("POST /api/v1/admin/users/{id}/link", "/api/v1/admin/users/MEMBER/link", 201),
        with(
            "POST /api/v1/admin/dispatch/{class}/pause",
            "/api/v1/admin/dispatch/large/pause",
            json!({"reason": "because"}),
            200,
        ),
        bare("POST /api/v1/admin/dispatch/{class}/resume", "/api/v1/admin/dispatch/large/resume", 204),
    ]
}

fn ends() -> Vec<Attempt> {
    vec![
        bare("DELETE /api/v1/analyses/{id}/shares/{share_id}", "/api/v1/analyses/ANALYSIS/shares/SHARE", 204),
        bare("DELETE /api/v1/uploads/{id}", "/api/v1/uploads/UPLOAD", 204),
        bare("DELETE /api/v1/analyses/{id}", "/api/v1/analyses/ANALYSIS", 204),
        bare("DELETE /api/v1/datasets/{id}", "/api/v1/datasets/DATASET?cascade=true", 204),
        // Last: it signs ann out.
        bare("DELETE /api/v1/account/sessions/{id}", "/api/v1/account/sessions/SESSION", 204),
    ]
}

fn question() -> Value {
    json!({"agent": "causal_impact", "dataset_id": "DATASET", "parameters": {"outcome": "y", "treatment": "t"}})
}

/// What is ann's, name and id.
struct Things(Vec<(&'static str, String)>);

impl Things {
    async fn of_ann(lab: &Lab) -> Self {
        let member = lab.house.user(&lab.admin, "member@example.org").await;
        let dataset = lab.dataset(&lab.ann).await;
        let analysis = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
        let queued = id(&body(lab.submit(&lab.ann, &dataset).await, 202).await);
        lab.worker.run(&analysis, result()).await;
        let share = lab.house.post(&format!("/api/v1/analyses/{analysis}/shares"), &lab.ann, json!({})).await;
        let share = id(&body(share, 201).await["share"]);
        let session = id(&lab.get("/api/v1/account/sessions", &lab.ann).await["sessions"][0]);
        let workspace = lab.house.post("/api/v1/workspaces", &lab.ann, json!({"name": "hers"})).await;
        let workspace = id(&body(workspace, 201).await);
        let path = format!("/api/v1/workspaces/{workspace}/members/{}", member.id);
        body(lab.house.put(&path, &lab.ann, json!({"role": "viewer"})).await, 200).await;
        let upload = lab.request(Method::POST, "/api/v1/uploads", &lab.ann).header("tus-resumable", "1.0.0");
        let upload = upload.header("upload-length", CSV.len()).header("upload-metadata", "name eA==");
        let upload = upload.send().await.unwrap().headers()["location"].to_str().unwrap().to_owned();
        let upload = upload.rsplit('/').next().unwrap().to_owned();
        Self(vec![
            ("DATASET", dataset),
            ("ANALYSIS", analysis),
            ("QUEUED", queued),
            ("SHARE", share),
            ("SESSION", session),
            ("UPLOAD", upload),
            ("WORKSPACE", workspace),
            ("MEMBER", member.id),
            ("STRANGER", lab.bob.id.clone()),
        ])
    }

    /// The same names for what exists nowhere.
    fn nothing(&self) -> Self {
        Self(self.0.iter().map(|(name, _)| (*name, NOTHING.to_owned())).collect())
    }

    fn named(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id))
    }

    /// `text` with the names again: two answers about two things can be compared.
    fn unnamed(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (_, id)| text.replace(id, "ID"))
    }

    async fn ask(&self, lab: &Lab, attempt: &Attempt, who: &Person) -> Response {
        let (method, _) = attempt.operation.split_once(' ').unwrap();
        let mut request = lab.request(method.parse().unwrap(), &self.named(attempt.path), who);
        if attempt.path.starts_with("/api/v1/uploads") && method != "GET" {
            request = request.header("tus-resumable", "1.0.0");
        }
        if attempt.operation == "PATCH /api/v1/uploads/{id}" {
            let request = request.header("upload-offset", 0).header("content-type", "application/offset+octet-stream");
            return request.body(&CSV[..9]).send().await.unwrap();
        }
        if let Some(body) = &attempt.body {
            let body = self.named(&body.to_string());
            request = request.header("content-type", "application/json").body(body);
        }
        request.send().await.unwrap()
    }
}

/// A problem without what differs between any two; nothing for an answer without a body.
fn without_request_id(problem: &str) -> Option<Value> {
    let mut problem: Value = serde_json::from_str(problem).ok()?;
    problem.as_object_mut().unwrap().remove("request_id").unwrap();
    Some(problem)
}

/// `METHOD path` of every operation, and whether it is open to everybody.
async fn described(lab: &Lab) -> Vec<(String, bool)> {
    let document =
        body(lab.client.get(format!("http://{}/openapi.json", lab.house.address)).send().await.unwrap(), 200);
    let document = document.await;
    let mut described = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            described.push((format!("{} {path}", method.to_uppercase()), operation["security"] == json!([{}])));
        }
    }
    described
}

async fn lab() -> Lab {
    let lift = ["RATE_LIMIT_ADDRESS_PER_MINUTE", "RATE_LIMIT_USER_PER_MINUTE"];
    Lab::build_with(|env| lift.iter().fold(env, |env, name| env.with(name, "0"))).await
}

#[tokio::test]
async fn every_operation_on_anothers_id_is_as_if_it_were_not_there() {
    let lab = lab().await;
    let attempts = attempts();
    let tried: BTreeSet<_> = attempts.iter().map(|attempt| attempt.operation).chain(NOBODYS).collect();
    let described = described(&lab).await;
    for (operation, _) in described.iter().filter(|(operation, _)| operation.contains('{')) {
        assert!(tried.contains(operation.as_str()), "{operation} takes an id and nobody tried another's: add it here");
    }
    for operation in tried {
        assert!(described.iter().any(|(known, _)| known == operation), "{operation} is not described");
    }

    let things = Things::of_ann(&lab).await;
    let nothing = things.nothing();
    for attempt in &attempts {
        let of_admins = attempt.operation.contains("/admin/");
        // An admin of the platform is no member of ann's workspaces either.
        let strangers = if of_admins { &[&lab.bob, &lab.ann][..] } else { &[&lab.bob, &lab.admin] };
        for stranger in strangers {
            let heard = things.ask(&lab, attempt, stranger).await;
            let of_nothing = nothing.ask(&lab, attempt, stranger).await;
            let who = &stranger.email;
            let expected = if of_admins { 403 } else { 404 };
            assert_eq!(heard.status(), expected, "{} by {who}", attempt.operation);
            assert_eq!(of_nothing.status(), expected, "{} of nothing by {who}", attempt.operation);
            let heard = without_request_id(&things.unnamed(&heard.text().await.unwrap()));
            let of_nothing = without_request_id(&of_nothing.text().await.unwrap().replace(NOTHING, "ID"));
            assert_eq!(heard, of_nothing, "{} tells {who} that it exists", attempt.operation);
        }
    }
    // None of it was changed: all of it is there for ann, each as she asks for it.
    for attempt in &attempts {
        let owner = if attempt.operation.contains("/admin/") { &lab.admin } else { &lab.ann };
        let heard = things.ask(&lab, attempt, owner).await;
        let status = heard.status();
        assert_eq!(status, attempt.owner_hears, "{}: {}", attempt.operation, heard.text().await.unwrap());
    }
}

#[tokio::test]
async fn another_workspace_in_a_query_or_in_an_uploads_metadata_is_not_there() {
    let lab = lab().await;
    let workspace = body(lab.house.post("/api/v1/workspaces", &lab.ann, json!({"name": "hers"})).await, 201).await;
    let (workspace, dataset) = (id(&workspace), lab.dataset(&lab.ann).await);
    for list in ["datasets", "analyses"] {
        let path = format!("/api/v1/{list}?workspace_id={workspace}");
        assert_eq!(lab.get(&path, &lab.bob).await[list], json!([]), "{path}");
    }
    assert_eq!(lab.get(&format!("/api/v1/analyses?dataset_id={dataset}"), &lab.bob).await["analyses"], json!([]));
    let path = format!("/api/v1/datasets?name=theirs&workspace_id={workspace}");
    let upload = lab.request(Method::POST, &path, &lab.bob).header("content-type", "text/csv").body(CSV);
    assert_eq!(upload.send().await.unwrap().status(), 404);
    let upload = lab.request(Method::POST, "/api/v1/uploads", &lab.bob).header("tus-resumable", "1.0.0");
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &workspace);
    let upload =
        upload.header("upload-length", 9).header("upload-metadata", format!("name eA==,workspace_id {encoded}"));
    assert_eq!(upload.send().await.unwrap().status(), 404);
    assert_eq!(lab.count("SELECT count(*) FROM e2i.datasets").await, 1);
}

#[tokio::test]
async fn without_a_token_every_operation_but_the_open_ones_is_401() {
    let lab = lab().await;
    let described = described(&lab).await;
    let closed: Vec<_> = described.iter().filter(|(_, open)| !open).collect();
    assert!(closed.len() > 45 && described.len() - closed.len() < 8, "{described:?}");
    for (operation, _) in closed {
        let (method, path) = operation.split_once(' ').unwrap();
        let path = path.replace("{share_id}", NOTHING);
        let path = path.replace("{id}", NOTHING).replace("{user_id}", NOTHING).replace("{class}", "small");
        let path = format!("http://{}{}", lab.house.address, path.replace("{name}", "causal_impact"));
        let asked = lab.client.request(method.parse().unwrap(), path).header("tus-resumable", "1.0.0");
        assert_eq!(asked.send().await.unwrap().status(), 401, "{operation}");
    }
}

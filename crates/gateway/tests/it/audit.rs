//! Every change leaves a line in the audit log: each operation of the API that changes something is named here with the
//! actions it writes, is done once, and is looked for in the log by its request's id.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::data::lab::{CSV, Lab, id};
use crate::house::{PASSWORD, Person, body, problem};

/// Operations that change something, and what each writes.
const AUDITED: &[(&str, &[&str])] = &[
    ("create_user", &["user.create", "workspace.create"]),
    ("change_user", &["user.change"]),
    ("create_link", &["user.link"]),
    ("accept_link", &["user.password", "session.open"]),
    ("token", &["session.open"]),
    ("change_own_user", &["user.password"]),
    ("logout", &["session.end"]),
    ("end_session", &["session.end"]),
    ("create_workspace", &["workspace.create"]),
    ("rename_workspace", &["workspace.rename"]),
    ("add_member", &["member.put"]),
    ("put_member", &["member.put"]),
    ("remove_member", &["member.remove"]),
    ("upload_dataset", &["dataset.upload"]),
    ("derive_version", &["dataset.derive"]),
    ("delete_dataset", &["dataset.delete"]),
    ("create_upload", &["upload.create"]),
    ("delete_upload", &["upload.delete"]),
    ("submit_analysis", &["analysis.submit"]),
    ("cancel_analysis", &["analysis.cancel"]),
    ("retry_analysis", &["analysis.retry"]),
    ("delete_analysis", &["analysis.delete"]),
    ("create_share", &["share.create"]),
    ("revoke_share", &["share.revoke"]),
    ("cancel_job", &["analysis.cancel"]),
    ("retry_job", &["analysis.retry"]),
    ("pause_class", &["dispatch.pause"]),
    ("resume_class", &["dispatch.resume"]),
    ("open_mlflow", &["mlflow.open"]),
    ("retry_mlflow_runs", &["mlflow.retry"]),
];

/// Operations by a method that usually changes something, and why they write nothing.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("expect_analysis", "says what an analysis would take; nothing is stored"),
    ("append_upload", "bytes of an upload that upload.create told of; what becomes of them is told by dataset.upload"),
];

#[test]
fn every_operation_that_changes_something_is_audited_or_says_why_not() {
    let document = serde_json::to_value(gateway::openapi_document()).unwrap();
    let mut described = BTreeSet::new();
    for methods in document["paths"].as_object().unwrap().values() {
        for (method, operation) in methods.as_object().unwrap() {
            if ["post", "put", "patch", "delete"].contains(&method.as_str()) {
                described.insert(operation["operationId"].as_str().unwrap().to_owned());
            }
        }
    }
    let named = AUDITED.iter().map(|(name, _)| *name).chain(EXCEPTIONS.iter().map(|(name, _)| *name));
    let named: BTreeSet<String> = named.map(str::to_owned).collect();
    assert_eq!(described, named);
}

/// Does things and looks for their lines.
struct Deeds<'a> {
    lab: &'a Lab,
    done: BTreeSet<&'static str>,
}

impl Deeds<'_> {
    async fn act(
        &mut self,
        operation: &'static str,
        method: Method,
        path: &str,
        who: Option<&Person>,
        asked: Option<Value>,
    ) -> Value {
        let mut request = self.lab.client.request(method, format!("http://{}{path}", self.lab.house.address));
        if let Some(who) = who {
            request = request.bearer_auth(&who.access_token);
        }
        if let Some(asked) = asked {
            request = request.json(&asked);
        }
        self.send(operation, who, request).await
    }

    async fn send(&mut self, operation: &'static str, who: Option<&Person>, request: reqwest::RequestBuilder) -> Value {
        let request_id = format!("deed-{}", operation.replace('_', "-"));
        let response = request.header("x-request-id", &request_id).send().await.unwrap();
        let status = response.status();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{operation}: {status} {text}");
        let lines: Vec<(String, Option<uuid::Uuid>)> =
            sqlx::query_as("SELECT action, actor FROM e2i.audit_log WHERE request_id = $1")
                .bind(&request_id)
                .fetch_all(&self.lab.house.database)
                .await
                .unwrap();
        let (_, actions) = AUDITED.iter().find(|(name, _)| *name == operation).unwrap();
        for action in *actions {
            let line = lines.iter().find(|(written, _)| written == action);
            let (_, actor) = line.unwrap_or_else(|| panic!("{operation} wrote {lines:?}, not {action}"));
            if let Some(who) = who {
                assert_eq!(actor.map(|actor| actor.to_string()), Some(who.id.clone()), "{operation}");
            }
        }
        self.done.insert(operation);
        let mut answer: Value = serde_json::from_str(&text).unwrap_or(json!({}));
        if let (Some(location), Some(members)) = (headers.get("location"), answer.as_object_mut()) {
            members.insert("location".into(), location.to_str().unwrap().into());
        }
        answer
    }
}

async fn people(deeds: &mut Deeds<'_>) {
    let (admin, ann) = (&deeds.lab.admin, &deeds.lab.ann);
    let new = json!({"email": "carl@example.org", "password": PASSWORD});
    let carl = deeds.act("create_user", Method::POST, "/api/v1/admin/users", Some(admin), Some(new)).await;
    let path = format!("/api/v1/admin/users/{}", id(&carl["user"]));
    let link = deeds.act("create_link", Method::POST, &format!("{path}/link"), Some(admin), None).await;
    let accept = json!({"token": link["token"], "password": "another horse battery"});
    deeds.act("accept_link", Method::POST, "/auth/v1/link/accept", None, Some(accept)).await;
    let sign_in = json!({"email": "carl@example.org", "password": "another horse battery"});
    let carl = deeds.act("token", Method::POST, "/auth/v1/token?grant_type=password", None, Some(sign_in)).await;
    let carl = Person::of(&carl);
    let change = json!({"password": "a third horse battery"});
    deeds.act("change_own_user", Method::PUT, "/auth/v1/user", Some(&carl), Some(change)).await;
    let other = deeds.lab.house.user(admin, "dora@example.org").await;
    let session = id(&deeds.lab.get("/api/v1/account/sessions", &other).await["sessions"][0]);
    let session = format!("/api/v1/account/sessions/{session}");
    deeds.act("end_session", Method::DELETE, &session, Some(&other), None).await;
    deeds.act("logout", Method::POST, "/auth/v1/logout", Some(&carl), None).await;
    deeds.act("change_user", Method::PATCH, &path, Some(admin), Some(json!({"disabled": true}))).await;

    let name = Some(json!({"name": "shared"}));
    let shared = deeds.act("create_workspace", Method::POST, "/api/v1/workspaces", Some(ann), name).await;
    let path = format!("/api/v1/workspaces/{}", id(&shared));
    deeds.act("rename_workspace", Method::PATCH, &path, Some(ann), Some(json!({"name": "ours"}))).await;
    let member = json!({"email": "bob@example.org", "role": "viewer"});
    deeds.act("add_member", Method::POST, &format!("{path}/members"), Some(ann), Some(member)).await;
    let path = format!("{path}/members/{}", deeds.lab.bob.id);
    deeds.act("put_member", Method::PUT, &path, Some(ann), Some(json!({"role": "analyst"}))).await;
    deeds.act("remove_member", Method::DELETE, &path, Some(ann), None).await;
}

async fn work(deeds: &mut Deeds<'_>) {
    let (lab, admin, ann) = (deeds.lab, &deeds.lab.admin, &deeds.lab.ann);
    let whole = lab.request(Method::POST, "/api/v1/datasets?name=table", ann).header("content-type", "text/csv");
    let dataset = id(&deeds.send("upload_dataset", Some(ann), whole.body(CSV)).await);
    let steps = json!({"steps": [{"step": "keep", "columns": ["t", "y"]}]});
    let path = format!("/api/v1/datasets/{dataset}/versions");
    deeds.act("derive_version", Method::POST, &path, Some(ann), Some(steps)).await;
    let begin = lab.request(Method::POST, "/api/v1/uploads", ann).header("tus-resumable", "1.0.0");
    let begin = begin.header("upload-length", 9).header("upload-metadata", "name dGFibGU=");
    let upload = deeds.send("create_upload", Some(ann), begin).await;
    let path = upload["location"].as_str().unwrap();
    let path = &path[path.find("/api/").unwrap()..];
    let end = lab.request(Method::DELETE, path, ann).header("tus-resumable", "1.0.0");
    deeds.send("delete_upload", Some(ann), end).await;

    for class in ["pause", "resume"] {
        let operation = if class == "pause" { "pause_class" } else { "resume_class" };
        let asked = (class == "pause").then(|| json!({"reason": "moving disks"}));
        deeds.act(operation, Method::POST, &format!("/api/v1/admin/dispatch/large/{class}"), Some(admin), asked).await;
    }
    deeds.act("open_mlflow", Method::POST, "/api/v1/admin/mlflow-session", Some(admin), None).await;
    deeds.act("retry_mlflow_runs", Method::POST, "/api/v1/admin/mlflow-runs/retry", Some(admin), None).await;
    let asked =
        json!({"agent": "causal_impact", "dataset_id": dataset, "parameters": {"outcome": "y", "treatment": "t"}});
    let analysis = deeds.act("submit_analysis", Method::POST, "/api/v1/analyses", Some(ann), Some(asked)).await;
    let (own, all) = (format!("/api/v1/analyses/{}", id(&analysis)), format!("/api/v1/admin/jobs/{}", id(&analysis)));
    let share = deeds.act("create_share", Method::POST, &format!("{own}/shares"), Some(ann), Some(json!({}))).await;
    let share = format!("{own}/shares/{}", id(&share["share"]));
    deeds.act("revoke_share", Method::DELETE, &share, Some(ann), None).await;
    deeds.act("cancel_analysis", Method::POST, &format!("{own}/cancel"), Some(ann), None).await;
    deeds.act("retry_analysis", Method::POST, &format!("{own}/retry"), Some(ann), None).await;
    deeds.act("cancel_job", Method::POST, &format!("{all}/cancel"), Some(admin), None).await;
    deeds.act("retry_job", Method::POST, &format!("{all}/retry"), Some(admin), None).await;
    body(lab.house.ask(Method::POST, &format!("{own}/cancel"), Some(ann), None).await, 200).await;
    deeds.act("delete_analysis", Method::DELETE, &own, Some(ann), None).await;
    let path = format!("/api/v1/datasets/{dataset}?cascade=true");
    deeds.act("delete_dataset", Method::DELETE, &path, Some(ann), None).await;
}

#[tokio::test]
async fn every_change_writes_its_line_with_who_and_in_which_request() {
    let lab = Lab::build().await;
    let mut deeds = Deeds { lab: &lab, done: BTreeSet::new() };
    people(&mut deeds).await;
    work(&mut deeds).await;
    let all: BTreeSet<&str> = AUDITED.iter().map(|(name, _)| *name).collect();
    assert_eq!(deeds.done, all, "each was done");
}

fn actions(page: &Value) -> Vec<String> {
    page["lines"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn admins_read_the_log_page_by_page_and_by_what_they_look_for() {
    let lab = Lab::build().await;
    let analysis = lab.analysis(&lab.ann).await;
    let cancel = format!("/api/v1/analyses/{analysis}/cancel");
    body(lab.house.ask(Method::POST, &cancel, Some(&lab.ann), None).await, 200).await;
    problem(lab.house.get("/api/v1/admin/audit", &lab.ann).await, 403, "forbidden").await;
    let get = async |query: &str| lab.get(&format!("/api/v1/admin/audit{query}"), &lab.admin).await;
    let all = actions(&get("?limit=200").await);
    assert_eq!(all[..3], ["analysis.cancel", "analysis.submit", "dataset.upload"], "newest first");
    let (mut read, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let page = get(&query).await;
        read.extend(actions(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(read, all, "pages leave nothing out and tell nothing twice");
    let by_ann = get(&format!("?actor={}&action=analysis", lab.ann.id)).await;
    assert_eq!(actions(&by_ann), ["analysis.cancel", "analysis.submit"]);
    assert_eq!((&by_ann["lines"][0]["actor"], &by_ann["lines"][0]["target"]), (&json!(lab.ann.id), &json!(analysis)));
    assert_eq!(actions(&get("?action=analysis.cancel").await), ["analysis.cancel"]);
    assert_eq!(actions(&get("?action=anal").await), Vec::<String>::new(), "a family is named whole");
    let workspace = by_ann["lines"][0]["workspace_id"].as_str().unwrap();
    let there = actions(&get(&format!("?workspace_id={workspace}")).await);
    assert!(there.contains(&"dataset.upload".to_owned()) && !there.contains(&"session.open".to_owned()), "{there:?}");
    let at = by_ann["lines"][1]["at"].as_str().unwrap().replace('+', "%2B");
    assert_eq!(actions(&get(&format!("?since={at}")).await), ["analysis.cancel", "analysis.submit"]);
    assert!(!actions(&get(&format!("?until={at}")).await).contains(&"analysis.submit".to_owned()));
    problem(lab.house.get("/api/v1/admin/audit?since=yesterday", &lab.admin).await, 400, "bad-request").await;
}

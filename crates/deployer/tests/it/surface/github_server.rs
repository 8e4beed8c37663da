//! A server that speaks GitHub's API of deployments, and Slack's of webhooks.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) deployments: Vec<Value>,
    /// Deployment and status, as posted.
    pub(super) statuses: Vec<(usize, Value)>,
    pub(super) slack: Vec<Value>,
    /// Answers to statuses that are taken and then lost on the way.
    pub(super) lost_answers: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct GithubServer {
    pub(super) kept: Arc<Mutex<Kept>>,
    pub(super) url: String,
}

impl GithubServer {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { url: format!("http://{}", listener.local_addr().unwrap()), ..Self::default() };
        let router = Router::new()
            .route("/repos/e2i/platform/deployments", get(find).post(make))
            .route("/repos/e2i/platform/deployments/{id}/statuses", get(statuses).post(tell))
            .route("/slack", post(slack))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        server
    }

    pub(super) fn states(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        kept.statuses.iter().map(|(_, status)| status["state"].as_str().unwrap().to_owned()).collect()
    }
}

fn is_known(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_some_and(|value| value == "Bearer ghp_token") && headers.contains_key("user-agent")
}

async fn find(
    State(server): State<GithubServer>,
    headers: HeaderMap,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    if !is_known(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "Bad credentials"})));
    }
    let kept = server.kept.lock().unwrap();
    let is = |one: &&Value| one["task"] == query["task"].as_str() && one["ref"] == query["sha"].as_str();
    (StatusCode::OK, Json(kept.deployments.iter().filter(is).cloned().collect()))
}

async fn make(State(server): State<GithubServer>, Json(mut body): Json<Value>) -> (StatusCode, Json<Value>) {
    let mut kept = server.kept.lock().unwrap();
    body["id"] = json!(kept.deployments.len());
    kept.deployments.push(body.clone());
    (StatusCode::CREATED, Json(body))
}

async fn statuses(State(server): State<GithubServer>, Path(id): Path<usize>) -> Json<Value> {
    let kept = server.kept.lock().unwrap();
    Json(kept.statuses.iter().filter(|(of, _)| *of == id).map(|(_, status)| status.clone()).collect())
}

async fn tell(State(server): State<GithubServer>, Path(id): Path<usize>, Json(body): Json<Value>) -> StatusCode {
    let mut kept = server.kept.lock().unwrap();
    kept.statuses.push((id, body));
    if kept.lost_answers > 0 {
        kept.lost_answers -= 1;
        return StatusCode::BAD_GATEWAY;
    }
    StatusCode::CREATED
}

async fn slack(State(server): State<GithubServer>, Json(body): Json<Value>) -> &'static str {
    server.kept.lock().unwrap().slack.push(body);
    "ok"
}

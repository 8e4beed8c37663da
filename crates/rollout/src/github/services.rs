//! GitHub's API and Slack, as far as the deployer speaks to them: they answer as the real ones do, and remember.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use http::{Method, StatusCode, Uri};
use serde_json::{Value, json};

/// What was said to somebody, in order.
#[derive(Clone, Debug, Default)]
pub struct Told(Arc<Mutex<Vec<(String, Value)>>>);

impl Told {
    fn remember(&self, what: String, body: Value) -> usize {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((what, body));
        all.len()
    }

    /// All of it: method and path, and the body.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Value)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// `POST /repos/{owner}/{repository}/deployments` and `.../statuses`, and whatever else is asked.
pub fn api(told: Told) -> Router {
    Router::new().fallback(any(take)).with_state(told)
}

async fn take(State(told): State<Told>, method: Method, uri: Uri, body: Option<Json<Value>>) -> Response {
    let body = body.map_or(Value::Null, |Json(body)| body);
    let id = told.remember(format!("{method} {}", uri.path()), body);
    if method == Method::POST {
        return (StatusCode::CREATED, Json(json!({ "id": id }))).into_response();
    }
    Json(json!([])).into_response()
}

/// A web hook of Slack: `ok` to everything.
pub fn slack(told: Told) -> Router {
    Router::new().route("/hook", post(hear)).with_state(told)
}

async fn hear(State(told): State<Told>, Json(body): Json<Value>) -> &'static str {
    told.remember("POST /hook".to_owned(), body);
    "ok"
}

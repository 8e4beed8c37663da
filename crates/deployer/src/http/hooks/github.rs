//! `POST /hooks/github`

use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use chassis::http::rate::Standing;
use chassis::http::{Json, Problem, ProblemDetails};
use http::{HeaderMap, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::body;
use crate::error::Result;
use crate::order::{Delivery, DeliveryEvent};
use crate::state::AppState;
use crate::webhook::{self, Signature, signature};

/// Longest id of a delivery; GitHub's are UUIDs.
const MAX_ID: usize = 100;

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HookAnswer)]
pub(crate) struct Answer {
    /// `X-GitHub-Delivery`.
    delivery: String,
    /// `accepted`, `duplicate`, `pong`, or why nothing comes of it.
    outcome: String,
}

/// Takes what GitHub tells. It is signed with the webhook's secret; each delivery is stored once, and whatever runs, the answer
/// comes at once: what is to be done is done later.
#[utoipa::path(post, path = "/github", tag = "hooks", security(()),
    params(
        ("X-GitHub-Event" = String, Header, description = "`ping`, `push`, `workflow_run`; others are noted"),
        ("X-GitHub-Delivery" = String, Header, description = "The delivery's id"),
        ("X-Hub-Signature-256" = String, Header, description = "`sha256=` and the HMAC-SHA-256 of the body's bytes"),
    ),
    request_body(content = Object, description = "The event, at most 25 MB"),
    responses(
        (status = 202, body = Answer),
        (status = 401, description = "The signature is missing or wrong: `wrong-signature`", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "There is no secret, so there is no webhook", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn github_webhook(State(state): State<AppState>, request: Request) -> Result<Response> {
    if state.hooks.keys.is_empty() {
        return Err(Problem::not_found("GITHUB_WEBHOOK_SECRET is not set here: no webhook is taken").into());
    }
    let (parts, body) = request.into_parts();
    let standing = Standing::of(&parts.extensions);
    let claimed = text(&parts.headers, "x-hub-signature-256").and_then(Signature::read);
    // Without a signature not even the body is read.
    let claimed = claimed.ok_or_else(|| wrong_signature(&state, &standing))?;
    let read = body::read(body, &state.hooks.large_bodies).await?;
    if !signature::holds(&state.hooks.keys, claimed, &read.bytes) {
        return Err(wrong_signature(&state, &standing).into());
    }
    let id = delivery_id(&parts.headers)?;
    let name = text(&parts.headers, "x-github-event").ok_or_else(|| missing("X-GitHub-Event"))?;
    let json = json_of(&parts.headers, &read.bytes)?;
    let event = webhook::read(name, &json, &state.hooks.expected).map_err(|error| {
        count(name, "unreadable");
        Problem::bad_request(error.to_string())
    })?;
    let is_acted_on = !matches!(event, DeliveryEvent::Other { .. });
    let outcome = state.deployer.deliver(Delivery { id: id.clone(), event }).await?;
    let told = if outcome.is_new { outcome.words } else { "duplicate".to_owned() };
    count(
        name,
        if !outcome.is_new {
            "duplicate"
        } else if is_acted_on {
            "accepted"
        } else {
            "ignored"
        },
    );
    tracing::info!(delivery = id, event = name, outcome = told, "GitHub told something");
    Ok((StatusCode::ACCEPTED, Json(Answer { delivery: id, outcome: told })).into_response())
}

/// Counted, and limited by where it comes from.
fn wrong_signature(state: &AppState, standing: &Standing) -> Problem {
    metrics::counter!("deployer_webhook_signatures_refused_total").increment(1);
    let client = standing.client();
    tracing::warn!(%client, "a webhook delivery with a missing or wrong signature was refused");
    match state.hooks.wrong.check(&client) {
        Ok(_) => Problem::new(StatusCode::UNAUTHORIZED, "wrong-signature", "Wrong signature")
            .detail("X-Hub-Signature-256 is missing, or not made with the secret that is set here"),
        Err(exceeded) => exceeded.problem(),
    }
}

fn delivery_id(headers: &HeaderMap) -> Result<String, Problem> {
    let id = text(headers, "x-github-delivery").ok_or_else(|| missing("X-GitHub-Delivery"))?;
    let is_id = id.len() <= MAX_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if is_id && !id.is_empty() {
        return Ok(id.to_owned());
    }
    Err(Problem::bad_request("X-GitHub-Delivery is no id"))
}

/// The JSON: the body itself, or the field `payload` of a form, which GitHub sends unless told otherwise.
fn json_of(headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, Problem> {
    let kind = text(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok(body.to_vec());
    }
    let payload = url::form_urlencoded::parse(body).find(|(name, _)| name == "payload");
    payload
        .map(|(_, value)| value.into_owned().into_bytes())
        .ok_or_else(|| Problem::bad_request("the form has no field `payload`"))
}

fn missing(name: &str) -> Problem {
    Problem::bad_request(format!("the header {name} is missing"))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Names of events are the sender's: those that are not known share one label.
fn count(name: &str, outcome: &'static str) {
    let event = match name {
        "ping" => "ping",
        "push" => "push",
        "workflow_run" => "workflow_run",
        _ => "other",
    };
    metrics::counter!("deployer_webhook_deliveries_total", "event" => event, "outcome" => outcome).increment(1);
}

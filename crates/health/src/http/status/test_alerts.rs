//! `POST /api/v1/status/alerts/test`

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails};
use futures::future::join_all;
use http::StatusCode;
use notify::{Channel, Line, LineId, Message, Severity};

use crate::access::Admin;
use crate::error::{ApiError, Result};
use crate::state::AppState;
use crate::view::{AlertTestView, ChannelOutcome};

/// How long a channel may take; mail says by itself after 10 s that nothing came.
const TIMEOUT: Duration = Duration::from_secs(25);

/// Sends a test message by each alert channel at once, and tells what came of it.
///
/// It goes around the outbox: what does not arrive now never does. Words name what to change, a blocked mail port too.
#[utoipa::path(post, path = "/alerts/test", tag = "status", responses(
    (status = 200, body = AlertTestView),
    (status = 403, description = "Not an admin", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, description = "`no-alert-channels`", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn test_alerts(State(state): State<AppState>, admin: Admin) -> Result<Json<AlertTestView>> {
    if state.channels.is_empty() {
        return Err(no_channels().into());
    }
    state.alert_tests.check(&admin.subject).map_err(|exceeded| too_many(exceeded.retry_after_seconds))?;
    let message = message(&state, &admin.name());
    let line = line(&message).map_err(|cause| ApiError::from(Problem::internal(cause)))?;
    let outcomes = join_all(state.channels.iter().map(|channel| outcome(channel, &line))).await;
    for one in &outcomes {
        tracing::info!(
            channel = one.channel,
            delivered = one.delivered,
            words = one.words,
            "an alert channel was tested"
        );
    }
    Ok(Json(AlertTestView { event: message.event, outcomes }))
}

fn message(state: &AppState, by: &str) -> Message {
    let now = state.clock.now();
    Message {
        event: format!("alert-test-{}", state.entropy.uuid_at(now).simple()),
        severity: Severity::Info,
        title: "Test of the alerts".to_owned(),
        text: format!("{by} has asked for this message. Alerts of the platform's health arrive like it."),
        facts: Vec::new(),
        link: state.public_url.join("/status").ok(),
        at: now,
    }
}

/// As if it came out of the outbox, which it does not.
fn line(message: &Message) -> serde_json::Result<Line> {
    Ok(Line {
        id: LineId(0),
        thread: message.event.clone(),
        event: message.event.clone(),
        body: serde_json::to_value(message)?,
        attempts: 0,
        next_try_at: message.at,
    })
}

async fn outcome(channel: &Arc<dyn Channel>, line: &Line) -> ChannelOutcome {
    let started = std::time::Instant::now();
    let failed = match tokio::time::timeout(TIMEOUT, channel.deliver(line)).await {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure.words),
        Err(_elapsed) => Some(format!("no answer came within {} s", TIMEOUT.as_secs())),
    };
    ChannelOutcome {
        channel: channel.name().to_owned(),
        delivered: failed.is_none(),
        words: failed.unwrap_or_else(|| "the other side has taken it".to_owned()),
        took_ms: started.elapsed().as_secs_f64() * 1_000.0,
    }
}

fn no_channels() -> Problem {
    Problem::new(StatusCode::CONFLICT, "no-alert-channels", "No alert channels")
        .detail("nobody would be told of anything: set SLACK_WEBHOOK_URL, or MAIL_FROM, MAIL_TO and a way for mail, and start health anew")
}

fn too_many(seconds: u64) -> Problem {
    Problem::too_many_requests(format!("the channels were tested a moment ago; wait {seconds} s"), seconds)
}

//! `GET /api/v1/deployments/{id}/events`

use std::convert::Infallible;
use std::time::Duration;

use async_stream::stream;
use axum::extract::State;
use axum::response::Response;
use axum::response::sse::Event;
use chassis::http::sse;
use chassis::http::{Path, Problem};
use futures::{Stream, StreamExt as _};
use http::HeaderMap;
use tokio::time::{Instant, interval_at};

use crate::access::Admin;
use crate::error::Result;
use crate::release::DeploymentId;
use crate::state::AppState;
use crate::view::{Followed, LogLine};

/// How often a stream says that it lives.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follows a deployment by server-sent events.
///
/// `line` is a line of the log, its id its number: give the last one as `Last-Event-ID` to go on from there, however long a
/// tab slept. `step` is a step that began or ended, `state` the deployment in short. `end` says that nothing more comes
/// (`reason`: `ended`, `token_expired`), `reconnect` that another deployer goes on. Read it by `fetch` with a bearer token.
#[utoipa::path(get, path = "/{id}/events", tag = "deployments",
    params(
        ("id" = i64, Path, description = "Its number"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The number of the last line seen"),
    ),
    responses(
        (status = 200, description = "The events; this is the data of `line`", body = LogLine,
         content_type = "text/event-stream"),
        (status = 400, description = "Last-Event-ID is no number", body = chassis::http::ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn follow_deployment(
    State(state): State<AppState>,
    admin: Admin,
    headers: HeaderMap,
    Path(id): Path<DeploymentId>,
) -> Result<Response> {
    let after = last_event_id(&headers)?;
    let followed = state.deployer.follow(id, after).await?;
    let left = admin.expires_at.signed_duration_since(state.clock.now()).to_std().unwrap_or_default();
    Ok(sse::answer(events(state, left, Box::pin(followed))))
}

fn last_event_id(headers: &HeaderMap) -> Result<u64, Problem> {
    let Some(given) = headers.get("last-event-id").filter(|given| !given.is_empty()) else { return Ok(0) };
    let wrong = || Problem::bad_request("Last-Event-ID is not the number of a line");
    given.to_str().map_err(|_| wrong())?.parse().map_err(|_| wrong())
}

fn events(
    state: AppState,
    token_left: Duration,
    mut followed: impl Stream<Item = Followed> + Send + Unpin,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let mut notices = state.shutdown.drain_notices();
    stream! {
        yield Ok(sse::opening(state.entropy.as_ref()));
        let mut heartbeats = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        let expired = tokio::time::sleep(token_left);
        tokio::pin!(expired);
        loop {
            let next = tokio::select! {
                biased;
                () = &mut expired => break yield Ok(sse::token_expired()),
                // An error means that the service is gone: the same.
                _ = notices.changed() => break yield Ok(sse::reconnect("this deployer is being replaced")),
                () = state.shutdown.soft.cancelled() => break yield Ok(sse::reconnect("this deployer ends")),
                next = followed.next() => next,
                _ = heartbeats.tick() => {
                    yield Ok(sse::heartbeat());
                    continue;
                }
            };
            match next {
                Some(Followed::Line(line)) => yield Ok(sse::with_data("line", &line).id(line.seq.to_string())),
                Some(Followed::Step(step)) => yield Ok(sse::with_data("step", &step)),
                Some(Followed::State(summary)) => yield Ok(sse::with_data("state", &summary)),
                Some(Followed::End) => break yield Ok(sse::end("ended", "the deployment has ended; nothing more comes")),
                // The engine has gone: what stands in the journal is told by the next one.
                None => break yield Ok(sse::reconnect("this deployer ends")),
            }
        }
    }
}

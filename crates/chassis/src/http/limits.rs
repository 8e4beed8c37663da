//! Limits on one request: its body's size and pace, its duration, and how many are served at once.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use http_body_util::Limited;
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutBody;

use super::Problem;

/// Seconds after which a client that met an overload may try again.
const OVERLOAD_RETRY_SECONDS: u64 = 1;

#[derive(Debug)]
pub(super) struct Limits {
    pub(super) body_limit_bytes: u64,
    pub(super) body_idle_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) places: Semaphore,
    pub(super) streaming_routes: Vec<&'static str>,
    pub(super) upload_routes: Vec<&'static str>,
}

/// How many bytes a body may have, for extractors to say so when they meet the end of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyLimit(pub(super) u64);

pub(super) async fn enforce(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let streams = limits.streaming_routes.contains(&route);
    let uploads = limits.upload_routes.contains(&route);
    let request = if uploads {
        request.map(|body| Body::new(TimeoutBody::new(limits.body_idle_timeout, body)))
    } else {
        match limit_body(&limits, request) {
            Ok(request) => request,
            Err(problem) => return problem.into_response(),
        }
    };
    if streams || uploads {
        return next.run(request).await;
    }
    let Ok(_place) = limits.places.try_acquire() else {
        metrics::counter!("http_requests_shed_total").increment(1);
        let detail = "the server is at its limit of requests served at once; try again";
        return Problem::unavailable(detail, OVERLOAD_RETRY_SECONDS).into_response();
    };
    match tokio::time::timeout(limits.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => timed_out(limits.request_timeout).into_response(),
    }
}

/// A declared length above the limit is refused unread; a chunked body fails in the extractor once it is above.
fn limit_body(limits: &Limits, mut request: Request) -> Result<Request, Problem> {
    let limit = limits.body_limit_bytes;
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared: Option<u64> = declared.and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(Problem::content_too_large(limit));
    }
    request.extensions_mut().insert(BodyLimit(limit));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(request.map(|body| Body::new(Limited::new(TimeoutBody::new(limits.body_idle_timeout, body), limit))))
}

fn timed_out(limit: Duration) -> Problem {
    let detail = format!("the request was not finished within {} s; try again, or ask for less", limit.as_secs_f64());
    Problem::of(StatusCode::GATEWAY_TIMEOUT).detail(detail)
}

//! One span, one log line and two metrics per request.
//!
//! The route is the pattern (`/api/v1/datasets/{id}`), never the path, so that the number of time series stays bounded;
//! the query is never logged.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use tracing::{Instrument as _, field};

use super::RequestId;
use crate::telemetry::trace_context;

/// Puts the request into a span (child of the caller's, if `traceparent` names one), then logs and measures it.
pub(super) async fn observe(State(quiet): State<&'static [&'static str]>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = known_method(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let path = request.uri().path().to_owned();
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.as_str()).unwrap_or_default();
    let span = tracing::info_span!(
        "request", otel.name = %format_args!("{method} {route}"), otel.kind = "server", request_id, trace_id = field::Empty,
    );
    trace_context::set_parent_from_headers(&span, request.headers());
    if let Some(trace_id) = trace_context::trace_id_of(&span) {
        span.record("trace_id", trace_id);
    }
    let in_flight = metrics::gauge!("http_requests_in_flight");
    in_flight.increment(1);
    let guard = InFlight(in_flight);
    async move {
        let response = next.run(request).await;
        drop(guard);
        let (status, elapsed) = (response.status().as_u16(), started.elapsed());
        let latency_ms = elapsed.as_millis();
        if quiet.contains(&route.as_str()) {
            tracing::debug!(method, route, path, status, latency_ms, "request");
        } else {
            tracing::info!(method, route, path, status, latency_ms, "request");
        }
        metrics::counter!(
            "http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string()
        )
        .increment(1);
        metrics::histogram!("http_request_duration_seconds", "method" => method, "route" => route)
            .record(elapsed.as_secs_f64());
        response
    }
    .instrument(span)
    .await
}

/// Decrements also when the client goes away and the handler is dropped.
struct InFlight(metrics::Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// Methods are chosen by the caller: those we do not know share one label.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

//! The layers that every public route of a service stands behind, in their one right order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, Method, header};
use tokio::sync::Semaphore;
use tower::{Layer as _, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::limits::{self, Limits};
use super::rate::{self, RateLimits};
use super::{finish, measures, observe, panic, request_id, unread};
use crate::entropy::SharedEntropy;
use crate::telemetry::metrics;

/// How long a browser may remember the answer to a CORS preflight.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_mins(10);

/// Request headers that a browser of another origin may send.
const ALLOWED_HEADERS: [&str; 16] = [
    "authorization",
    "content-type",
    "idempotency-key",
    "last-event-id",
    "x-request-id",
    "traceparent",
    // Sent by supabase-js.
    "apikey",
    "x-client-info",
    "x-supabase-api-version",
    // Sent by tus clients.
    "tus-resumable",
    "upload-checksum",
    "upload-defer-length",
    "upload-length",
    "upload-metadata",
    "upload-offset",
    "x-http-method-override",
];

/// Response headers that a script of another origin may read.
const EXPOSED_HEADERS: [&str; 18] = [
    "location",
    "x-request-id",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
    "www-authenticate",
    "content-disposition",
    "idempotency-replayed",
    "dataset-id",
    "tus-resumable",
    "tus-version",
    "tus-extension",
    "tus-max-size",
    "tus-checksum-algorithm",
    "upload-expires",
    "upload-length",
    "upload-metadata",
    "upload-offset",
];

const REVISION: HeaderName = HeaderName::from_static("x-e2i-revision");

/// Settings of the layers. Routes are named by their pattern, e.g. `/api/v1/events`.
#[derive(Debug, Clone)]
pub struct Stack {
    /// Source of request ids.
    pub entropy: SharedEntropy,
    /// Largest body, declared or chunked, of routes that are not uploads.
    pub body_limit_bytes: u64,
    /// Longest pause inside a body, uploads included.
    pub body_idle_timeout: Duration,
    /// Longest time until the answer begins, except for streaming and upload routes.
    pub request_timeout: Duration,
    /// Requests served at once, except for streaming and upload routes; more are answered 503 at once.
    pub max_in_flight: usize,
    /// Origins (`https://app.example.org`) whose scripts may call this API. Credentials are never allowed: callers use
    /// bearer tokens.
    pub cors_origins: Vec<HeaderValue>,
    /// Routes whose answers go on for as long as the client listens (SSE).
    pub streaming_routes: Vec<&'static str>,
    /// Routes that read large bodies and limit them themselves.
    pub upload_routes: Vec<&'static str>,
    /// Routes that are asked so often that a line for each would bury the rest: measured, and logged by `debug` alone.
    pub quiet_routes: &'static [&'static str],
    /// Limits on how often somebody may ask; none when left out.
    pub rates: Option<RateLimits>,
    /// Said by every answer (`X-E2I-Revision`), so that a release can be told from the one before by what it answers.
    pub revision: Option<HeaderValue>,
}

impl Stack {
    /// The usual limits: 1 MiB bodies, 30 s, 1,024 at once, no other origin, as often as one likes.
    #[must_use]
    pub fn new(entropy: SharedEntropy) -> Self {
        Self {
            entropy,
            body_limit_bytes: 1 << 20,
            body_idle_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(30),
            max_in_flight: 1024,
            cors_origins: Vec::new(),
            streaming_routes: Vec::new(),
            upload_routes: Vec::new(),
            quiet_routes: &[],
            rates: None,
            revision: None,
        }
    }

    /// Puts the layers around `router`. Call it last: routes added afterwards stand outside.
    ///
    /// From the outside in: request id, span and metrics, CORS (so that errors carry its headers), completion of
    /// problems, the end of connections with unread bodies, rate limits, panics, limits. All of them run after routing and so know the matched route.
    pub fn around(self, router: Router) -> Router {
        metrics::begin(&measures::API);
        let cors = cors(self.cors_origins);
        let limits = Arc::new(Limits {
            body_limit_bytes: self.body_limit_bytes,
            body_idle_timeout: self.body_idle_timeout,
            request_timeout: self.request_timeout,
            places: Semaphore::new(self.max_in_flight),
            streaming_routes: self.streaming_routes,
            upload_routes: self.upload_routes,
        });
        let router = router
            .fallback(finish::no_such_path)
            // Ours below holds for every body, axum's own for some extractors only.
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn_with_state(limits, limits::enforce))
            .layer(CatchPanicLayer::custom(panic::to_problem));
        let router = match self.rates {
            Some(rates) => router.layer(from_fn_with_state(rates, rate::limit)),
            None => router,
        };
        router
            .layer(from_fn(unread::say_close))
            .layer(from_fn(finish::finish))
            .layer(from_fn_with_state(cors, cross_origin))
            .layer(from_fn_with_state(self.quiet_routes, observe::observe))
            .layer(from_fn_with_state(self.revision, say_revision))
            .layer(from_fn_with_state(self.entropy, request_id::assign))
    }
}

/// A preflight names the method it asks for. Any other OPTIONS, which the library would take for one, is the route's to
/// answer.
async fn cross_origin(State(cors): State<CorsLayer>, request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS && !request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD) {
        return next.run(request).await;
    }
    cors.layer(next).oneshot(request).await.into_response()
}

async fn say_revision(State(revision): State<Option<HeaderValue>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(revision) = revision {
        response.headers_mut().insert(REVISION, revision);
    }
    response
}

fn cors(origins: Vec<HeaderValue>) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers(ALLOWED_HEADERS.map(HeaderName::from_static))
        .expose_headers(EXPOSED_HEADERS.map(HeaderName::from_static))
        .max_age(PREFLIGHT_MAX_AGE)
        .vary([header::ORIGIN])
}

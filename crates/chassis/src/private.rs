//! The private port: liveness, readiness, metrics. Never routed by nginx.
//!
//! - `GET /livez`: the process answers. Depends on nothing, so that a dead database restarts no healthy process.
//! - `GET /readyz`: every named check passes, else 503. One that is optional does not: the service serves on without it and
//!   says so (`"status":"warn"`, its name in `degraded`). Says service, version and revision, which the deployer compares
//!   with what it expects, and whether it rests (`resting`), which fails no check.
//! - `GET /metrics`: Prometheus text; with what runs as `service_info`, and what the process takes of the machine.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::http::{ServerLimits, serve};
use crate::lifecycle::Shutdown;
use crate::telemetry::metrics::{self as measures, Measure};
use crate::telemetry::process;

/// How often the recorder drops what is too old for its summaries.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Who this is; the labels are known only at run time.
const INFO: Measure = Measure::gauge("service_info", "What runs: always 1.").of(&[]);

type Probe = Arc<dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// What is running, as `/readyz` tells it.
#[derive(Debug, Clone, Serialize)]
pub struct Identity {
    /// The service's name, e.g. `e2i-gateway`.
    pub service: &'static str,
    /// The released version.
    pub version: &'static str,
    /// The commit the image was built from.
    pub revision: String,
}

/// One thing the service cannot work without, or works worse without.
#[derive(Clone)]
pub struct Check {
    name: &'static str,
    optional: bool,
    timeout: Duration,
    probe: Probe,
}

impl Check {
    /// A check called `name` that fails when `probe` fails or takes longer than `timeout`.
    pub fn new<F, Fut>(name: &'static str, timeout: Duration, probe: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        Self { name, optional: false, timeout, probe: Arc::new(move || probe().boxed()) }
    }

    /// The same, of something the service serves on without.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    async fn run(&self) -> (&'static str, CheckResult) {
        let started = Instant::now();
        let error = match tokio::time::timeout(self.timeout, (self.probe)()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(format!("{error:#}")),
            Err(_elapsed) => Some(format!("no answer within {} ms", self.timeout.as_millis())),
        };
        let status = match (&error, self.optional) {
            (None, _) => "pass",
            (Some(_), true) => "warn",
            (Some(_), false) => "fail",
        };
        (self.name, CheckResult { status, took_ms: started.elapsed().as_millis(), error })
    }
}

impl std::fmt::Debug for Check {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Check")
            .field("name", &self.name)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Serialize)]
struct CheckResult {
    status: &'static str,
    took_ms: u128,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Readiness {
    status: &'static str,
    #[serde(flatten)]
    identity: Identity,
    /// The service has been told to end: no new work.
    draining: bool,
    /// New work is another one's: a release is under way.
    resting: bool,
    /// Optional checks that fail: the service serves on without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    degraded: Vec<&'static str>,
    checks: BTreeMap<&'static str, CheckResult>,
}

#[derive(Clone)]
struct Private {
    identity: Identity,
    checks: Arc<[Check]>,
    metrics: PrometheusHandle,
    shutdown: Shutdown,
}

/// The private port's routes. `/readyz` also fails while `shutdown` is soft.
pub fn router(identity: Identity, checks: Vec<Check>, metrics: PrometheusHandle, shutdown: &Shutdown) -> Router {
    measures::begin(&[INFO]);
    let info = [("service", identity.service), ("version", identity.version), ("revision", &identity.revision)];
    ::metrics::gauge!("service_info", &info.map(|(name, value)| (name, value.to_owned()))).set(1.0);
    process::begin();
    let state = Private { identity, checks: checks.into(), metrics, shutdown: shutdown.clone() };
    Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(render_metrics))
        .with_state(state)
}

/// Serves the private port until `shutdown` is hard or the future is dropped: it must still tell while the service
/// drains.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve_private(listener: TcpListener, router: Router, shutdown: &Shutdown) -> io::Result<()> {
    let mut own = shutdown.clone();
    own.soft = shutdown.hard.clone();
    serve(listener, router, ServerLimits { max_connections: 64, ..ServerLimits::default() }, &own).await
}

/// Keeps the recorder's memory bounded and looks at the process; runs until dropped.
pub async fn keep_metrics(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
        process::look();
    }
}

async fn livez() -> Response {
    health(StatusCode::OK, &serde_json::json!({ "status": "pass" }))
}

async fn readyz(State(private): State<Private>) -> Response {
    let checks: BTreeMap<_, _> = join_all(private.checks.iter().map(Check::run)).await.into_iter().collect();
    let draining = private.shutdown.soft.is_cancelled();
    let with = |status| checks.iter().filter(move |(_, result)| result.status == status).map(|(name, _)| *name);
    let (failing, degraded): (Vec<_>, Vec<_>) = (with("fail").collect(), with("warn").collect());
    if !failing.is_empty() {
        tracing::warn!(?failing, "not ready");
    }
    let ready = failing.is_empty() && !draining;
    let (code, status) = match (ready, degraded.is_empty()) {
        (true, true) => (StatusCode::OK, "pass"),
        (true, false) => (StatusCode::OK, "warn"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "fail"),
    };
    let resting = private.shutdown.is_resting();
    health(code, &Readiness { status, identity: private.identity, draining, resting, degraded, checks })
}

async fn render_metrics(State(private): State<Private>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], private.metrics.render()).into_response()
}

fn health(code: StatusCode, body: &impl Serialize) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/health+json"), (header::CACHE_CONTROL, "no-store")];
    (code, headers, Json(body).into_response().into_body()).into_response()
}

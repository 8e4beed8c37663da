//! The HTTP API: sign-in, people, validation, uploads, datasets, analyses, live events.
//!
//! - [`main`]: the command line (`run`, `migrate`, `bootstrap`, `setup`, `keys`, `schema`, `stranded-jobs`, `healthcheck`, `openapi`), also for the multi-call `e2i`.
//! - [`run`]: the service on listeners that the caller has opened, until the caller's shutdown; tests use the same.
//! - [`config`] the variables, [`state`] what handlers share, [`error`] the one way from errors to answers.
//! - [`people`]: passwords, tokens and links; [`routes`]: one file per endpoint.
//! - [`uploads`]: from a request's bytes to a dataset; [`dispatching`]: what is said on Redis after an answer is safe;
//!   [`live`]: server-sent events; [`outlook`]: limits and expectations of what is queued; [`paging`]: cursors.
//!
//! # To add an endpoint
//! One file `routes/<resource>/<verb>.rs` with a `#[utoipa::path]` handler, and one line in the resource's `mod.rs`.
//! Routes that stream or take large bodies are also named in [`routes`].

mod access;
mod attachment;
mod command_line;
pub mod config;
mod contracts;
pub mod dispatching;
pub mod error;
mod gathering;
mod idempotency;
mod key_commands;
pub mod live;
mod measures;
mod openapi;
pub mod outlook;
pub mod paging;
pub mod people;
mod readings;
mod release_commands;
pub mod routes;
pub mod state;
mod submissions;
pub mod uploads;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::SystemClock;
use chassis::entropy::SystemEntropy;
use chassis::http::{ServerLimits, serve};
use chassis::lifecycle::Shutdown;
use chassis::private::{self, Check, Identity};
use chassis::telemetry;
use tokio::net::TcpListener;

pub use command_line::{SERVICE, main};
pub use config::Config;
pub use openapi::document as openapi_document;
pub use state::AppState;

/// How long a readiness check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// Serves the API on `listener` and the private port on `private_listener` until `shutdown`.
///
/// # Errors
/// When the database cannot be used (away, of an incompatible schema, behind a transaction pooler) or a listener fails.
pub async fn run(
    config: Config,
    listener: TcpListener,
    private_listener: TcpListener,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let state = AppState::build(config, Arc::new(SystemClock), Arc::new(SystemEntropy), shutdown.clone()).await?;
    let metrics = telemetry::metrics::install()?;
    let identity =
        Identity { service: SERVICE, version: env!("CARGO_PKG_VERSION"), revision: state.config.revision.clone() };
    measures::begin();
    let private = private::router(identity, checks(&state), metrics.clone(), &shutdown);
    let limits = ServerLimits {
        write_timeout: state.config.write_timeout,
        max_connections: state.config.max_connections,
        ..ServerLimits::default()
    };
    tokio::select! {
        served = serve(listener, routes::app(&state), limits, &shutdown) => served.context("serve the API")?,
        served = private::serve_private(private_listener, private, &shutdown) => {
            served.context("serve the private port")?;
        }
        () = private::keep_metrics(metrics) => {}
        () = measures::keep(&state) => {}
    }
    shutdown.drained().await;
    Ok(())
}

/// What the gateway cannot work without; and Redis, without which work is still accepted and waits, and room for uploads.
fn checks(state: &AppState) -> Vec<Check> {
    let (store, queue) = (state.store.clone(), state.queue.clone());
    let postgres = move || {
        let store = store.clone();
        async move { Ok(store.ping().await?) }
    };
    let redis = move || {
        let queue = queue.clone();
        async move { Ok(queue.ping().await?) }
    };
    let uploads = state.upload_disk.clone();
    let disk = move || {
        let uploads = uploads.clone();
        async move { uploads.check().await }
    };
    vec![
        Check::new("postgres", CHECK_TIMEOUT, postgres),
        Check::new("redis", CHECK_TIMEOUT, redis).optional(),
        Check::new("upload_disk", CHECK_TIMEOUT, disk).optional(),
    ]
}

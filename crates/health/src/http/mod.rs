//! The API: which path leads where, and the layers around all of it. No handler stands here.
//!
//! * [`health`]: `GET /health`, for programs. [`status`]: what the Status page shows, and what admins order.
//! * [`private`]: the private port.
//! * `kept`: what is kept, in the API's shapes. `background`: the part of it that is read beside requests.
//! * `rendered`, `past`: answers that many share. `freshness`: whether they are still true. `redact`: who may see what.
//! * [`config`]: the variables. `logs_kept`: days of logs. [`heartbeats`]: tokens of parts that say by themselves that they live.

pub(crate) mod background;
pub mod config;
pub(crate) mod freshness;
pub mod health;
pub mod heartbeats;
mod kept;
mod logs_kept;
mod measures;
pub(crate) mod past;
pub mod private;
mod redact;
pub(crate) mod rendered;
pub mod status;

use axum::Router;
use axum::http::HeaderValue;
use chassis::http::Stack;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::openapi::Description;
use crate::state::AppState;

/// Routes that are never counted against anybody and leave no line in the log: its answer is made once for all who ask, and
/// costs as little as a refusal. nginx logs it all the same.
pub(crate) const FREE_ROUTES: &[&str] = &["/health"];

/// Routes that wait for nothing take no place and no time from anybody: they answer while those that wait for a disk take
/// all the places there are.
const PROMPT_ROUTES: &[&str] = &["/health", "/api/v1/status"];
/// Requests that may wait for the history at once; it answers them one after the other.
const MOST_WAITING: usize = 64;

/// Every route with its description.
pub(crate) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::health))
        .nest("/api/v1/status", status::router())
}

/// The complete application.
pub fn app(state: &AppState) -> Router {
    let (router, _) = described().split_for_parts();
    Stack {
        max_in_flight: MOST_WAITING,
        body_limit_bytes: 64 << 10,
        streaming_routes: PROMPT_ROUTES.to_vec(),
        quiet_routes: FREE_ROUTES,
        cors_origins: state.cors_origins.clone(),
        rates: Some(state.rates.clone()),
        revision: HeaderValue::from_str(&state.identity.revision).ok(),
        ..Stack::new(state.entropy.clone())
    }
    .around(router.with_state(state.clone()))
}

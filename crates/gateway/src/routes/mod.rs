//! The router: which path leads where, and the layers around all of it. No handler stands here.

pub mod account;
pub mod admin;
pub mod agents;
pub mod analyses;
pub mod auth;
mod config_json;
pub mod datasets;
mod docs;
pub mod events;
mod mlflow_access;
mod only_local;
mod shared;
pub mod uploads;
pub mod workspaces;

use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use chassis::http::Stack;
use tower::ServiceExt as _;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::openapi::Description;
use crate::state::AppState;
use crate::uploads::resumable::protocol::with_meant_method;

/// Routes whose answers go on for as long as the client listens.
const STREAMING_ROUTES: &[&str] = &["/api/v1/analyses/{id}/events", "/api/v1/events"];
/// Routes that read large bodies and limit them themselves.
const UPLOAD_ROUTES: &[&str] = &["/api/v1/datasets", "/api/v1/uploads", "/api/v1/uploads/{id}"];

/// Routes that are never counted against anybody: what a client reads before it knows anything, and what nginx asks.
pub(crate) const FREE_ROUTES: &[&str] = &["/config.json", "/auth/v1/.well-known/jwks.json", mlflow_access::PATH];

/// Every route with its description.
pub(crate) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(config_json::config_json))
        .nest("/auth/v1", auth::router())
        .nest("/api/v1", api())
}

/// Everything under `/api/v1`. Its handlers take a `Person`: nobody is let in unknown, but to what a link shows.
fn api() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(account::router())
        .nest("/admin", admin::router())
        .nest("/agents", agents::router())
        .nest("/analyses", analyses::router())
        .nest("/datasets", datasets::router())
        .nest("/events", events::router())
        .nest("/shared", shared::router())
        .nest("/uploads", uploads::router())
        .nest("/workspaces", workspaces::router())
}

/// The complete application.
pub fn app(state: &AppState) -> Router {
    let (router, _) = described().split_for_parts();
    let router = match &state.config.auth.supabase {
        Some(supabase) => router.layer(from_fn_with_state(supabase.issuer(), only_local::refuse)),
        None => router,
    };
    let router = router.route(mlflow_access::PATH, get(mlflow_access::mlflow_access));
    let router = router.with_state(state.clone()).merge(docs::router(&crate::openapi::document()));
    let stacked = Stack {
        max_in_flight: state.config.max_in_flight,
        cors_origins: state.config.cors_origins.clone(),
        streaming_routes: STREAMING_ROUTES.to_vec(),
        upload_routes: UPLOAD_ROUTES.to_vec(),
        rates: Some(state.rates.clone()),
        revision: HeaderValue::from_str(&state.config.revision).ok(),
        ..Stack::new(state.entropy.clone())
    }
    .around(router);
    // A router routes before its layers: what changes a request's method stands before all of it.
    Router::new().fallback_service(stacked.map_request(with_meant_method))
}

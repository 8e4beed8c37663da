//! The router: which path leads where, and the layers around all of it. No handler stands here.

pub mod deployments;
pub mod hooks;
pub mod private;

use axum::Router;
use chassis::http::Stack;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::openapi::Description;
use crate::state::AppState;

/// Routes whose answers go on for as long as the client listens.
const STREAMING_ROUTES: &[&str] = &["/api/v1/deployments/{id}/events", "/api/v1/deployments/{id}/log"];
/// Routes that limit their bodies themselves.
const UPLOAD_ROUTES: &[&str] = &["/hooks/github"];

/// Every route with its description.
pub(crate) fn described() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v1/deployments", deployments::router())
        .nest("/hooks", hooks::router())
}

/// The complete application.
pub fn app(state: &AppState) -> Router {
    let (router, _) = described().split_for_parts();
    Stack {
        max_in_flight: 128,
        streaming_routes: STREAMING_ROUTES.to_vec(),
        upload_routes: UPLOAD_ROUTES.to_vec(),
        rates: Some(state.rates.clone()),
        ..Stack::new(state.entropy.clone())
    }
    .around(router.with_state(state.clone()))
}

//! `GET /api/v1/deployments/overview`

use axum::extract::State;
use chassis::http::Json;

use crate::access::Admin;
use crate::error::Result;
use crate::state::AppState;
use crate::view::Overview;

/// Tells everything at a glance: what is live, under way and next, pin, quarantine, disk, statistics.
#[utoipa::path(get, path = "/overview", tag = "deployments", responses((status = 200, body = Overview)))]
pub(crate) async fn deployments_overview(State(state): State<AppState>, _admin: Admin) -> Result<Json<Overview>> {
    Ok(Json(state.deployer.overview().await?))
}

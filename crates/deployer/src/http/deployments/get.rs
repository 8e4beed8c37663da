//! `GET /api/v1/deployments/{id}`

use axum::extract::State;
use chassis::http::{Json, Path};

use crate::access::Admin;
use crate::error::Result;
use crate::release::DeploymentId;
use crate::state::AppState;
use crate::view::Deployment;

/// Tells one deployment: steps with times, commits and authors, what it does to each service, its health gate.
#[utoipa::path(get, path = "/{id}", tag = "deployments", params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = Deployment)))]
pub(crate) async fn get_deployment(
    State(state): State<AppState>,
    _admin: Admin,
    Path(id): Path<DeploymentId>,
) -> Result<Json<Deployment>> {
    Ok(Json(state.deployer.get(id).await?))
}

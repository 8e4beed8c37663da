//! `GET /api/v1/deployments/plan`

use axum::extract::State;
use chassis::http::{Json, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Admin;
use crate::error::Result;
use crate::state::AppState;
use crate::view::Plan;

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlanQuery {
    /// A branch, a tag or a commit.
    #[serde(rename = "ref")]
    #[param(rename = "ref", example = "main")]
    reference: String,
}

/// Tells what a deploy would change: services, migrations, seconds, disk, and why it would be refused now. Changes nothing.
#[utoipa::path(get, path = "/plan", tag = "deployments", params(PlanQuery), responses((status = 200, body = Plan)))]
pub(crate) async fn plan_deployment(
    State(state): State<AppState>,
    _admin: Admin,
    Query(query): Query<PlanQuery>,
) -> Result<Json<Plan>> {
    super::deploy::check_reference(&query.reference)?;
    Ok(Json(state.deployer.plan(&query.reference).await?))
}

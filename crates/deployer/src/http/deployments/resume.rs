//! `POST /api/v1/deployments/resume`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};

use crate::access::Orderer;
use crate::error::Result;
use crate::state::AppState;
use crate::view::Overview;

/// Lifts the pin, looks at the branch again, and tries again what is stuck.
#[utoipa::path(post, path = "/resume", tag = "deployments", responses(
    (status = 200, body = Overview),
    (status = 403, description = "`forbidden`, `fresh-sign-in-required`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 409, description = "`order-refused`", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn resume_deployments(State(state): State<AppState>, orderer: Orderer) -> Result<Json<Overview>> {
    let by = orderer.name();
    state.deployer.resume(&by).await?;
    tracing::info!(by, "releases go on");
    Ok(Json(state.deployer.overview().await?))
}

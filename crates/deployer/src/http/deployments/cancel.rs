//! `POST /api/v1/deployments/{id}/cancel`

use axum::extract::State;
use axum::response::Response;
use chassis::http::{Path, ProblemDetails};

use crate::access::Orderer;
use crate::error::Result;
use crate::release::DeploymentId;
use crate::state::AppState;
use crate::view::Summary;

/// Ends what waits or is under way: at once before it has touched anything that runs, after that by taking it back.
#[utoipa::path(post, path = "/{id}/cancel", tag = "deployments",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 202, body = Summary),
        (status = 403, description = "`forbidden`, `fresh-sign-in-required`", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It has ended: `order-refused`", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn cancel_deployment(
    State(state): State<AppState>,
    orderer: Orderer,
    Path(id): Path<DeploymentId>,
) -> Result<Response> {
    let by = orderer.name();
    let summary = state.deployer.cancel(id, &by).await?;
    tracing::info!(by, deployment = id.0, "a deployment was cancelled");
    Ok(super::deploy::accepted(summary))
}

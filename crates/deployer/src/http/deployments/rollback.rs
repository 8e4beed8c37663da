//! `POST /api/v1/deployments/{id}/rollback`

use axum::extract::State;
use axum::response::Response;
use chassis::http::{Json, Path, ProblemDetails};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Orderer;
use crate::error::Result;
use crate::release::DeploymentId;
use crate::state::AppState;
use crate::view::Summary;

/// How to go back.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = RollbackOrder)]
pub(crate) struct Order {
    /// Go back although the database is newer than that release can read, or jobs would have no worker.
    #[serde(default)]
    force: bool,
}

/// Goes back to a kept release: never builds, never migrates. The branch's head is held back afterwards, visibly.
#[utoipa::path(post, path = "/{id}/rollback", tag = "deployments", request_body = Order,
    params(("id" = i64, Path, description = "The number of the deployment to go back to")),
    responses(
        (status = 202, body = Summary, headers(("Location" = String, description = "The rollback"))),
        (status = 403, description = "`forbidden`, `fresh-sign-in-required`", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "`order-refused`, `schema-too-new` (with `stranded_jobs`)", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn roll_back(
    State(state): State<AppState>,
    orderer: Orderer,
    Path(id): Path<DeploymentId>,
    Json(order): Json<Order>,
) -> Result<Response> {
    let by = orderer.name();
    let summary = state.deployer.rollback(id, &by, order.force).await?;
    tracing::info!(by, deployment = summary.id.0, target = id.0, force = order.force, "a rollback was ordered");
    Ok(super::deploy::accepted(summary))
}

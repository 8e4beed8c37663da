//! `POST /api/v1/admin/mlflow-runs/retry`

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::state::AppState;

/// What is tried again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RetriedRuns {
    /// So many analyses that had been given up are to be logged now.
    queued: u64,
}

/// Tries again to log every analysis to MLflow that was given up: MLflow had refused it, or been away for too long.
///
/// Mend the reason first (`mlflow.detail` of such an analysis): what is refused again is given up again.
#[utoipa::path(post, path = "/mlflow-runs/retry", tag = "admin", responses(
    (status = 200, body = RetriedRuns),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 409, description = "There is no MLflow", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn retry_mlflow_runs(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
) -> Result<Json<RetriedRuns>> {
    if !state.config.has_mlflow {
        return Err(Problem::conflict("this platform has no MLflow; set MLFLOW_TRACKING_URI to have one").into());
    }
    let queued = state.store.retry_parked_runs(&context.actor.by(admin.user_id())).await?;
    Ok(Json(RetriedRuns { queued }))
}

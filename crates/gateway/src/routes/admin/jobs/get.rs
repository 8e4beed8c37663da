//! `GET /api/v1/admin/jobs/{id}`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::JobId;
use serde::Serialize;
use utoipa::ToSchema;

use super::AdminJob;
use super::view::no_job;
use crate::error::Result;
use crate::people::admission::Admin;
use crate::routes::analyses::Attempt;
use crate::state::AppState;

/// A job with all that was tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminJobTold {
    #[serde(flatten)]
    job: AdminJob,
    /// Every attempt, the latest first.
    attempts: Vec<Attempt>,
}

/// Tells where a job stands and why each of its attempts ended.
#[utoipa::path(get, path = "/{id}", tag = "admin", params(("id" = JobId, Path, description = "The job")), responses(
    (status = 200, body = AdminJobTold),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "No such job", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn get_job(
    State(state): State<AppState>,
    _admin: Admin,
    Path(id): Path<JobId>,
) -> Result<Json<AdminJobTold>> {
    let job = state.store.any_job(id).await?.ok_or_else(|| no_job(id))?;
    let attempts = state.store.tries_of_any(id).await?.into_iter().map(Attempt::from).collect();
    Ok(Json(AdminJobTold { job: job.into(), attempts }))
}

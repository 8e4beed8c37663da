//! `POST /api/v1/admin/jobs/{id}/cancel`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::JobId;

use super::AdminJob;
use super::view::no_job;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::routes::analyses::tell_cancelled;
use crate::state::AppState;

/// Cancels a job of any workspace: a queued one at once, a running one as soon as its worker has stopped it.
#[utoipa::path(post, path = "/{id}/cancel", tag = "admin", params(("id" = JobId, Path, description = "The job")),
    responses(
        (status = 200, description = "Cancelled", body = AdminJob),
        (status = 202, description = "Its worker is being told", body = AdminJob),
        (status = 403, description = "The caller is no admin", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such job", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "It has succeeded or failed already", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn cancel_job(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(id): Path<JobId>,
) -> Result<Response> {
    let cancelled = state.store.cancel_any(admin.user_id(), id, context.request_id()).await?;
    let cancelled = cancelled.ok_or_else(|| no_job(id))?;
    let job = state.store.any_job(id).await?.ok_or_else(|| no_job(id))?;
    let status = tell_cancelled(&state, &job, cancelled)?;
    Ok((status, Json(AdminJob::from(job))).into_response())
}

//! `POST /api/v1/admin/jobs/{id}/retry`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::JobId;
use domain::job::JobState;
use http::StatusCode;
use store::jobs::{Job, Retried};

use super::AdminJob;
use super::view::no_job;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::routes::analyses::state_event;
use crate::state::AppState;

/// Queues a failed or cancelled job of any workspace anew. Attempts go on counting, crashes count from zero.
#[utoipa::path(post, path = "/{id}/retry", tag = "admin", params(("id" = JobId, Path, description = "The job")),
    responses(
        (status = 202, description = "Queued anew", body = AdminJob),
        (status = 403, description = "The caller is no admin", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such job", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "It has neither failed nor been cancelled", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn retry_job(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(id): Path<JobId>,
) -> Result<Response> {
    let retried = state.store.retry_any(admin.user_id(), id, context.request_id()).await?;
    match retried.ok_or_else(|| no_job(id))? {
        Retried::Queued { attempt, at_ms, .. } => {
            let job = state.store.any_job(id).await?.ok_or_else(|| no_job(id))?;
            let queued = Job { state: JobState::Queued, failure: None, ..job.clone() };
            state.dispatcher.tell(state_event(&queued, attempt, at_ms));
            Ok((StatusCode::ACCEPTED, Json(AdminJob::from(job))).into_response())
        }
        Retried::NotEnded(now) => {
            let detail = format!("the job is {now}; only a failed or cancelled one can be tried again");
            Err(Problem::conflict(detail).extra("state", now.as_str()).into())
        }
    }
}

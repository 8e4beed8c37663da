//! `POST /api/v1/analyses/{id}/cancel`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};

use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::JobId;
use domain::job::JobState;
use http::StatusCode;
use store::Access;
use store::jobs::{Cancelled, Job};

use super::view::{Analysis, state_event};
use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Cancels an analysis: a queued one at once, a running one as soon as its worker has stopped it.
#[utoipa::path(post, path = "/{id}/cancel", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, description = "Cancelled", body = Analysis),
        (status = 202, description = "Its worker is being told; the events say when it has stopped", body = Analysis),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It has succeeded or failed already", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn cancel_analysis(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    Path(id): Path<JobId>,
) -> Result<Response> {
    access::analysis(&state, &caller, id).await?;
    let cancelled = state.store.cancel(Access::write(caller.user_id()), id, context.request_id()).await?;
    let cancelled = cancelled.ok_or_else(access::viewer_only)?;
    let job = access::analysis(&state, &caller, id).await?;
    let status = tell_cancelled(&state, &job, cancelled)?;
    Ok((status, Json(Analysis::from(job))).into_response())
}

/// Tells readers or the worker what became of a wish to cancel; gives the status of the answer.
///
/// # Errors
/// 409 when the job had ended otherwise.
pub(crate) fn tell_cancelled(state: &AppState, job: &Job, cancelled: Cancelled) -> Result<StatusCode> {
    match cancelled {
        Cancelled::Now { attempt, at_ms } => {
            if job.state == JobState::Cancelled {
                state.dispatcher.tell(state_event(job, attempt, at_ms));
            }
            Ok(StatusCode::OK)
        }
        Cancelled::Requested => {
            state.dispatcher.hurry_cancel(job.id);
            Ok(StatusCode::ACCEPTED)
        }
        Cancelled::AlreadyEnded(JobState::Cancelled) => Ok(StatusCode::OK),
        Cancelled::AlreadyEnded(ended) => {
            let detail = format!("the analysis has {ended} already; there is nothing to cancel");
            Err(Problem::conflict(detail).extra("state", ended.as_str()).into())
        }
    }
}

//! `POST /api/v1/analyses/{id}/retry`

use axum::extract::State;
use axum::response::Response;

use chassis::http::{Path, Problem, ProblemDetails};
use domain::ids::JobId;
use domain::job::JobState;
use store::Access;
use store::jobs::{Job, Retried};

use super::submit::accepted;
use super::view::{Analysis, state_event};
use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Queues a failed or cancelled analysis anew, with the same parameters and dataset.
#[utoipa::path(post, path = "/{id}/retry", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 202, description = "Queued anew", body = Analysis, headers(("Location" = String))),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It has neither failed nor been cancelled", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn retry_analysis(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    Path(id): Path<JobId>,
) -> Result<Response> {
    access::analysis(&state, &caller, id).await?;
    let retried = state.store.retry(Access::write(caller.user_id()), id, context.request_id()).await?;
    match retried.ok_or_else(access::viewer_only)? {
        Retried::Queued { attempt, at_ms, .. } => {
            // Its outbox row is due now. The relay dispatches it in fair order: many retries at once must not overtake
            // what others have waiting, and how much is in flight is not known here.
            let job = access::analysis(&state, &caller, id).await?;
            let queued = Job { state: JobState::Queued, failure: None, ..job.clone() };
            state.dispatcher.tell(state_event(&queued, attempt, at_ms));
            Ok(accepted(&job.into(), false))
        }
        Retried::NotEnded(now) => {
            let detail = format!("the analysis is {now}; only a failed or cancelled one can be tried again");
            Err(Problem::conflict(detail).extra("state", now.as_str()).into())
        }
    }
}

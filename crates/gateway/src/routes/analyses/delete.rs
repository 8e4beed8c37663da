//! `DELETE /api/v1/analyses/{id}`

use axum::extract::State;

use chassis::http::{Path, Problem, ProblemDetails};
use domain::ids::JobId;
use http::StatusCode;
use store::Access;

use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Deletes an analysis that has ended, with its result.
#[utoipa::path(delete, path = "/{id}", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 204, description = "Gone"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It has not ended; cancel it first", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn delete_analysis(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    Path(id): Path<JobId>,
) -> Result<StatusCode> {
    let job = access::analysis(&state, &caller, id).await?;
    match state.store.delete_job(Access::write(caller.user_id()), id, context.request_id()).await? {
        Some(true) => {
            state.dispatcher.forget(id);
            Ok(StatusCode::NO_CONTENT)
        }
        Some(false) => {
            let detail = format!("the analysis is {}; cancel it first, then delete it", job.state);
            Err(Problem::conflict(detail).extra("state", job.state.as_str()).into())
        }
        None => Err(access::viewer_only()),
    }
}

//! `DELETE /api/v1/analyses/{id}/shares/{share_id}`

use axum::extract::State;
use chassis::http::{Path, ProblemDetails};
use domain::ids::{JobId, ShareId};
use http::StatusCode;
use store::Access;

use crate::access;
use crate::error::{ApiError, Result};
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Revokes a link: it stops working at once. Revoking it again changes nothing.
#[utoipa::path(delete, path = "/{share_id}", tag = "analyses",
    params(("id" = JobId, Path, description = "The analysis"), ("share_id" = ShareId, Path, description = "The link")),
    responses(
        (status = 204, description = "It works no more"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's, or no such link to it", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn revoke_share(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    Path((id, share)): Path<(JobId, ShareId)>,
) -> Result<StatusCode> {
    let job = access::analysis(&state, &caller, id).await?;
    access::workspace_to_write(&state, &caller, Some(job.workspace)).await?;
    let access = Access::write(caller.user_id());
    if state.store.revoke_share(access, id, share, context.request_id()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::not_found(&format!("link {share} to analysis {id}")))
}

//! `DELETE /api/v1/workspaces/{id}/members/{user_id}`: somebody leaves, or is made to.

use axum::extract::State;
use chassis::http::{Path, ProblemDetails};
use domain::ids::{UserId, WorkspaceId};
use http::StatusCode;

use super::settled;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Removes a member. Owners may remove anybody, everybody themselves; the last owner stays.
#[utoipa::path(
    delete, path = "/{user_id}", tag = "workspaces", params(("id" = WorkspaceId, Path), ("user_id" = UserId, Path)),
    responses(
        (status = 204),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "`last-owner`"),
    )
)]
pub(crate) async fn remove_member(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path((id, member)): Path<(WorkspaceId, UserId)>,
) -> Result<StatusCode> {
    let caller = person.user_id();
    let actor = context.actor.by(caller);
    settled(state.store.remove_member(&actor, caller, id, member).await?)?;
    Ok(StatusCode::NO_CONTENT)
}

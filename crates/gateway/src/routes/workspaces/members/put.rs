//! `PUT /api/v1/workspaces/{id}/members/{user_id}`: another role for a member, or a member by their id.

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::{UserId, WorkspaceId};
use domain::people::WorkspaceRole;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{not_yours, owners_only};
use super::{MemberAnswer, settled};
use crate::config::AuthMode;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// What they may do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberRole {
    role: WorkspaceRole,
}

/// Gives a member another role, or makes a user a member by their id. Owners only; the last owner stays owner.
#[utoipa::path(
    put, path = "/{user_id}", tag = "workspaces", params(("id" = WorkspaceId, Path), ("user_id" = UserId, Path)),
    request_body = MemberRole,
    responses(
        (status = 200, body = MemberAnswer),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "`last-owner`"),
    )
)]
pub(crate) async fn put_member(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path((id, member)): Path<(WorkspaceId, UserId)>,
    Json(wish): Json<MemberRole>,
) -> Result<Json<MemberAnswer>> {
    let caller = person.user_id();
    let workspace = state.store.workspace(caller, id).await?.ok_or_else(not_yours)?;
    if workspace.role != WorkspaceRole::Owner {
        return Err(owners_only());
    }
    if !is_somebody(&state, member).await? {
        return Err(Problem::unprocessable(format!("{member} is no user of this platform")).into());
    }
    let actor = context.actor.by(caller);
    let member = settled(state.store.put_member(&actor, caller, id, member, wish.role).await?)?;
    Ok(Json(member.ok_or_else(not_yours)?))
}

/// Whether there is such a user. Where Supabase knows people they are known here once they have been here.
async fn is_somebody(state: &AppState, user: UserId) -> Result<bool> {
    Ok(match state.config.auth.mode {
        AuthMode::Local => state.store.user(user).await?.is_some(),
        AuthMode::Supabase => !state.store.workspaces(user).await?.is_empty(),
    })
}

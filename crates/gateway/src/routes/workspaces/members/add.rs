//! `POST /api/v1/workspaces/{id}/members`: adds somebody by their address.

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::WorkspaceId;
use domain::people::WorkspaceRole;
use http::StatusCode;
use serde::Deserialize;
use store::people::InvalidEmail;
use utoipa::ToSchema;

use super::super::not_yours;
use super::{MemberAnswer, settled};
use crate::config::AuthMode;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Who, and what they may do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMember {
    /// The address of a user of this platform.
    #[schema(example = "ada@example.org")]
    email: String,
    role: WorkspaceRole,
}

/// Makes a user a member by their address, or gives a member another role. Owners only.
#[utoipa::path(
    post, path = "/", tag = "workspaces", params(("id" = WorkspaceId, Path)), request_body = NewMember,
    responses(
        (status = 200, body = MemberAnswer),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "`last-owner`"),
        (status = 422, body = ProblemDetails, content_type = "application/problem+json", description = "Nobody has this address"),
    )
)]
pub(crate) async fn add_member(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path(id): Path<WorkspaceId>,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<MemberAnswer>)> {
    let caller = person.user_id();
    // Strangers must not learn from this route who has an account.
    let workspace = state.store.workspace(caller, id).await?.ok_or_else(not_yours)?;
    if workspace.role != WorkspaceRole::Owner {
        return Err(super::super::owners_only());
    }
    if state.config.auth.mode == AuthMode::Supabase {
        let detail = "addresses are kept in Supabase here; add the member by their user id: PUT members/{user_id}";
        return Err(Problem::unprocessable(detail).into());
    }
    let email = new.email.parse().map_err(|error: InvalidEmail| Problem::unprocessable(error.to_string()))?;
    let found = state.store.credentials(&email).await?;
    let member = found.ok_or_else(|| Problem::unprocessable(format!("{email} is no user of this platform")))?.user.id;
    let actor = context.actor.by(caller);
    let member = settled(state.store.put_member(&actor, caller, id, member, new.role).await?)?;
    Ok((StatusCode::OK, Json(member.ok_or_else(not_yours)?)))
}

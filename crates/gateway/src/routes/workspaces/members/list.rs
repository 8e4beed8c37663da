//! `GET /api/v1/workspaces/{id}/members`: who may use the workspace.

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::WorkspaceId;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::not_yours;
use super::MemberAnswer;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Members of a workspace.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberList {
    /// Owners first.
    members: Vec<MemberAnswer>,
}

/// Lists the members of one of the caller's workspaces.
#[utoipa::path(
    get, path = "/", tag = "workspaces", params(("id" = WorkspaceId, Path)),
    responses(
        (status = 200, body = MemberList),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_members(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<WorkspaceId>,
) -> Result<Json<MemberList>> {
    let members = state.store.members(person.user_id(), id).await?.ok_or_else(not_yours)?;
    Ok(Json(MemberList { members: members.into_iter().map(MemberAnswer::from).collect() }))
}

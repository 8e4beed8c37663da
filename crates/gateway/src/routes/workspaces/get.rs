//! `GET /api/v1/workspaces/{id}`: one of the caller's workspaces.

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::WorkspaceId;

use super::{WorkspaceAnswer, not_yours};
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Gives one of the caller's workspaces.
#[utoipa::path(
    get, path = "/{id}", tag = "workspaces", params(("id" = WorkspaceId, Path)),
    responses(
        (status = 200, body = WorkspaceAnswer),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_workspace(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<WorkspaceId>,
) -> Result<Json<WorkspaceAnswer>> {
    let workspace = state.store.workspace(person.user_id(), id).await?.ok_or_else(not_yours)?;
    Ok(Json(workspace.into()))
}

//! `PATCH /api/v1/workspaces/{id}`: another name.

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::WorkspaceId;
use store::people::workspaces::Renamed;

use super::create::WorkspaceName;
use super::{WorkspaceAnswer, checked_name, not_yours, owners_only};
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Gives a workspace another name. Owners only.
#[utoipa::path(
    patch, path = "/{id}", tag = "workspaces", params(("id" = WorkspaceId, Path)), request_body = WorkspaceName,
    responses(
        (status = 200, body = WorkspaceAnswer),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rename_workspace(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path(id): Path<WorkspaceId>,
    Json(new): Json<WorkspaceName>,
) -> Result<Json<WorkspaceAnswer>> {
    let name = checked_name(&new.name)?;
    let user = person.user_id();
    match state.store.rename_workspace(&context.actor.by(user), user, id, name).await?.ok_or_else(not_yours)? {
        Renamed::Workspace(workspace) => Ok(Json(workspace.into())),
        Renamed::NotOwner => Err(owners_only()),
    }
}

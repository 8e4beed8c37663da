//! `GET /api/v1/workspaces`: where the caller works.

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};
use serde::Serialize;
use utoipa::ToSchema;

use super::WorkspaceAnswer;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// The caller's workspaces.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkspaceList {
    /// The personal one first.
    workspaces: Vec<WorkspaceAnswer>,
}

/// Lists the caller's workspaces.
#[utoipa::path(
    get, path = "/", tag = "workspaces",
    responses(
        (status = 200, body = WorkspaceList),
        (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_workspaces(State(state): State<AppState>, person: Person) -> Result<Json<WorkspaceList>> {
    let workspaces = state.store.workspaces(person.user_id()).await?;
    Ok(Json(WorkspaceList { workspaces: workspaces.into_iter().map(WorkspaceAnswer::from).collect() }))
}

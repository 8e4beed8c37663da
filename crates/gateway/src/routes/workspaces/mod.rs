//! `/api/v1/workspaces`: what owns datasets and analyses. What is not the caller's is 404; what needs an owner is 403
//! for other members.

mod create;
mod get;
mod list;
mod members;
mod rename;

use chassis::http::Problem;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use domain::people::WorkspaceRole;
use serde::Serialize;
use store::people::workspaces::Workspace;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, Result};
use crate::state::AppState;

/// Longest name of a workspace.
const MAX_NAME: usize = 200;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(create::create_workspace, list::list_workspaces))
        .routes(routes!(get::get_workspace, rename::rename_workspace))
        .nest("/{id}/members", members::router())
}

/// A workspace, as the caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkspaceAnswer {
    id: WorkspaceId,
    name: String,
    /// Whether it came with the caller's account.
    personal: bool,
    /// What the caller may do in it.
    role: WorkspaceRole,
    created_at: DateTime<Utc>,
}

impl From<Workspace> for WorkspaceAnswer {
    fn from(workspace: Workspace) -> Self {
        let Workspace { id, name, personal, role, created_at } = workspace;
        Self { id, name, personal, role, created_at }
    }
}

fn not_yours() -> ApiError {
    ApiError::not_found("such workspace")
}

fn owners_only() -> ApiError {
    Problem::forbidden("only owners of the workspace may do this; ask one of them").into()
}

/// A name without blanks around it.
fn checked_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let length = name.chars().count();
    if (1..=MAX_NAME).contains(&length) {
        return Ok(name);
    }
    Err(Problem::unprocessable(format!("the name has {length} characters; use 1 to {MAX_NAME}")).into())
}

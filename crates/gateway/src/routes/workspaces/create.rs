//! `POST /api/v1/workspaces`: a new workspace, owned by the caller.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::auth::Role;
use chassis::http::{Json, Problem, ProblemDetails};
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{WorkspaceAnswer, checked_name};
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// What it is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorkspaceName {
    /// 1 to 200 characters.
    #[schema(example = "Brand team")]
    pub(super) name: String,
}

/// Makes a workspace; the caller is its owner.
#[utoipa::path(
    post, path = "/", tag = "workspaces", request_body = WorkspaceName,
    responses(
        (status = 201, body = WorkspaceAnswer, headers(("location" = String, description = "The workspace"))),
        (status = 422, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_workspace(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Json(new): Json<WorkspaceName>,
) -> Result<impl IntoResponse> {
    if person.role == Role::Canary {
        return Err(Problem::forbidden("the canary user may run the canary agent alone").into());
    }
    let name = checked_name(&new.name)?;
    let user = person.user_id();
    let workspace = state.store.create_workspace(&context.actor.by(user), user, name).await?;
    let location = format!("/api/v1/workspaces/{}", workspace.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(WorkspaceAnswer::from(workspace))))
}

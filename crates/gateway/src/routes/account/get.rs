//! `GET /api/v1/account`: the caller, as this platform sees them (also where another service signs tokens).

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};
use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::people::PlatformRole;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::people::admission::Person;
use crate::routes::workspaces::WorkspaceAnswer;
use crate::state::AppState;

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Account {
    /// The token's `sub`.
    id: UserId,
    /// As the token says.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// What they may do on the platform.
    role: PlatformRole,
    /// When they proved who they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_in_at: Option<DateTime<Utc>>,
    /// When this access token ends.
    token_expires_at: DateTime<Utc>,
    /// Where they work, the personal workspace first.
    workspaces: Vec<WorkspaceAnswer>,
}

/// Tells who is calling and where they may work.
#[utoipa::path(
    get, path = "/account", tag = "account",
    responses(
        (status = 200, body = Account),
        (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn account(State(state): State<AppState>, person: Person) -> Result<Json<Account>> {
    let workspaces = state.store.workspaces(person.user_id()).await?;
    Ok(Json(Account {
        id: person.user_id(),
        email: person.email.clone(),
        role: person.role,
        signed_in_at: person.signed_in_at,
        token_expires_at: person.expires_at,
        workspaces: workspaces.into_iter().map(WorkspaceAnswer::from).collect(),
    }))
}

//! `PATCH /api/v1/admin/users/{id}`: another role, disabled or enabled.

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::UserId;
use domain::people::PlatformRole;
use http::StatusCode;
use serde::Deserialize;
use store::people::users::{Changed, UserChange};
use utoipa::ToSchema;

use super::UserAnswer;
use crate::error::{ApiError, Result};
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::state::AppState;

/// What to change; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdminUserChange {
    /// Another platform role.
    #[serde(default)]
    role: Option<PlatformRole>,
    /// `true` ends all sessions and lets them sign in no more; `false` takes that back.
    #[serde(default)]
    disabled: Option<bool>,
}

/// Changes a user's role, disables or enables them. Either ends their sessions. The last admin stays.
#[utoipa::path(
    patch, path = "/{id}", tag = "admin", params(("id" = UserId, Path)), request_body = AdminUserChange,
    responses(
        (status = 200, body = UserAnswer),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "`last-admin`"),
    )
)]
pub(crate) async fn change_user(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(id): Path<UserId>,
    Json(change): Json<AdminUserChange>,
) -> Result<Json<UserAnswer>> {
    let actor = context.actor.by(admin.user_id());
    let change = UserChange { role: change.role, disabled: change.disabled };
    let changed = state.store.change_user(&actor, id, change).await?;
    match changed.ok_or_else(|| ApiError::not_found("such user"))? {
        Changed::User(user) => {
            state.admission.forget(user.id);
            Ok(Json(user.into()))
        }
        Changed::LastAdmin => {
            let detail = "this is the last admin who can sign in; make somebody else admin first";
            Err(Problem::new(StatusCode::CONFLICT, "last-admin", "Last admin").detail(detail).into())
        }
    }
}

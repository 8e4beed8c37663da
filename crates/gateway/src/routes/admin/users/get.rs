//! `GET /api/v1/admin/users/{id}`: one user.

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::UserId;

use super::UserAnswer;
use crate::error::{ApiError, Result};
use crate::people::admission::Admin;
use crate::state::AppState;

/// Gives one user.
#[utoipa::path(
    get, path = "/{id}", tag = "admin", params(("id" = UserId, Path)),
    responses(
        (status = 200, body = UserAnswer),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_user(
    State(state): State<AppState>,
    _admin: Admin,
    Path(id): Path<UserId>,
) -> Result<Json<UserAnswer>> {
    let user = state.store.user(id).await?.ok_or_else(|| ApiError::not_found("such user"))?;
    Ok(Json(user.into()))
}

//! `GET /auth/v1/user`: who the token belongs to, as the database knows them now.

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails};

use crate::error::Result;
use crate::people::admission::Person;
use crate::people::tokens::AuthUser;
use crate::state::AppState;

/// Tells who is calling.
#[utoipa::path(
    get, path = "/user", tag = "auth",
    responses(
        (status = 200, body = AuthUser),
        (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_own_user(State(state): State<AppState>, person: Person) -> Result<Json<AuthUser>> {
    let user = state.store.user(person.user_id()).await?;
    let user = user.ok_or_else(|| Problem::invalid_token("the user of this token is no more"))?;
    Ok(Json(user.into()))
}

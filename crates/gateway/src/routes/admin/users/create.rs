//! `POST /api/v1/admin/users`: makes a user, invited unless given a password.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::{Json, Problem, ProblemDetails};
use domain::people::PlatformRole;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use store::people::users::Created;
use store::people::{Email, InvalidEmail};
use utoipa::ToSchema;

use super::UserAnswer;
use super::link::{LinkAnswer, make_link};
use crate::error::Result;
use crate::people::admission::Admin;
use crate::people::{RequestContext, passwords};
use crate::state::AppState;

/// Who.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// Their address; nothing is sent to it.
    #[schema(example = "ada@example.org")]
    email: String,
    /// `user` when left out.
    #[serde(default)]
    role: PlatformRole,
    /// A first password; when left out, an invite link is made.
    #[serde(default)]
    password: Option<String>,
}

/// The user, and the invite to hand over.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewUserAnswer {
    user: UserAnswer,
    /// When no password was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    invite: Option<LinkAnswer>,
}

/// Makes a user with their personal workspace, and an invite link unless a password is given.
#[utoipa::path(
    post, path = "/", tag = "admin", request_body = NewUser,
    responses(
        (status = 201, body = NewUserAnswer, headers(("location" = String, description = "The user"))),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "The address is taken"),
        (status = 422, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_user(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Json(new): Json<NewUser>,
) -> Result<impl IntoResponse> {
    let email: Email = new.email.parse().map_err(|error: InvalidEmail| Problem::unprocessable(error.to_string()))?;
    let hash = match new.password {
        Some(password) => {
            passwords::check(&password, email.as_str())?;
            Some(state.passwords.hash(password).await?)
        }
        None => None,
    };
    let actor = context.actor.by(admin.user_id());
    let user = match state.store.create_user(&actor, &email, new.role, hash.as_deref()).await? {
        Created::User(user) => user,
        Created::EmailTaken => return Err(Problem::conflict(format!("{email} is somebody's address already")).into()),
    };
    let invite = if user.has_password { None } else { Some(make_link(&state, &actor, &user).await?) };
    let location = format!("/api/v1/admin/users/{}", user.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(NewUserAnswer { user: user.into(), invite })))
}

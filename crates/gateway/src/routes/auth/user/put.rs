//! `PUT /auth/v1/user`: changes the caller's password.
//!
//! A stolen access token must not suffice: the present password is asked for, unless the sign-in is fresh. All other
//! sessions end.

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails};
use http::StatusCode;
use serde::Deserialize;
use store::people::users::Credentials;
use utoipa::ToSchema;

use crate::error::{ApiError, Result, auth_error};
use crate::people::admission::Person;
use crate::people::sign_ins::Account;
use crate::people::tokens::AuthUser;
use crate::people::{RequestContext, passwords};
use crate::state::AppState;

/// What to change; other members are ignored.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UserChange {
    /// The new one, 10 to 200 characters.
    password: Option<String>,
    /// The present one; may be left out within 15 minutes of signing in.
    #[serde(default)]
    current_password: Option<String>,
}

/// Changes the caller's password and ends their other sessions.
#[utoipa::path(
    put, path = "/user", tag = "auth", request_body = UserChange,
    responses(
        (status = 200, body = AuthUser),
        (status = 400, body = ProblemDetails, content_type = "application/problem+json",
         description = "`invalid_credentials`, `reauthentication_needed`, `validation_failed`"),
        (status = 422, body = ProblemDetails, content_type = "application/problem+json",
         description = "`weak_password`, `same_password`"),
    )
)]
pub(crate) async fn change_own_user(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Json(change): Json<UserChange>,
) -> Result<Json<AuthUser>> {
    let Some(password) = change.password else {
        let detail = "the body lacks password, the one thing that can be changed";
        return Err(auth_error(StatusCode::BAD_REQUEST, "validation_failed", "Validation failed", detail));
    };
    let Credentials { user, password_hash } = credentials(&state, &person).await?;
    prove(&state, &person, &context, change.current_password, &user.email, password_hash.clone()).await?;
    passwords::check(&password, &user.email)?;
    if state.passwords.verify(password.clone(), password_hash).await? {
        let detail = "the new password is the present one; choose another";
        return Err(auth_error(StatusCode::UNPROCESSABLE_ENTITY, "same_password", "Same password", detail));
    }
    let hash = state.passwords.hash(password).await?;
    let actor = context.actor.by(user.id);
    state.store.set_password(&actor, user.id, &hash, person.session_id).await?;
    state.admission.forget(user.id);
    Ok(Json(user.into()))
}

async fn credentials(state: &AppState, person: &Person) -> Result<Credentials> {
    let gone = || Problem::invalid_token("the user of this token is no more");
    let user = state.store.user(person.user_id()).await?.ok_or_else(gone)?;
    let email =
        user.email.parse().map_err(|error| ApiError::from(anyhow::Error::new::<store::people::InvalidEmail>(error)))?;
    Ok(state.store.credentials(&email).await?.ok_or_else(gone)?)
}

async fn prove(
    state: &AppState,
    person: &Person,
    context: &RequestContext,
    current: Option<String>,
    email: &str,
    hash: Option<String>,
) -> Result<()> {
    let Some(current) = current else {
        if person.signed_in_lately(state.clock.now()) {
            return Ok(());
        }
        let detail = "the sign-in is older than 15 minutes; send current_password too";
        return Err(auth_error(StatusCode::BAD_REQUEST, "reauthentication_needed", "Reauthentication needed", detail));
    };
    // A stolen token must not serve to guess the password at will either.
    let (account, client) = (Account::named(email), context.standing.client());
    context.limited(state.sign_ins.attempt(account, client))?;
    if state.passwords.verify(current, hash).await? {
        state.sign_ins.succeeded(account, client);
        return Ok(());
    }
    let detail = "current_password is not the present password";
    Err(auth_error(StatusCode::BAD_REQUEST, "invalid_credentials", "Invalid credentials", detail))
}

//! `POST /auth/v1/token`: tokens for a password, or new ones for a refresh token.
//!
//! A wrong password, an address that nobody has and a disabled account get the same words after the same time, and are
//! limited alike (`people::sign_ins`).

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::{Json, ProblemDetails, Query};
use http::{StatusCode, header};
use serde::Deserialize;
use store::people::sessions::Refreshed;
use utoipa::{IntoParams, ToSchema};

use crate::error::{ApiError, Result, auth_error};
use crate::people::sign_ins::Account;
use crate::people::tokens::{self, TokenAnswer};
use crate::people::{RequestContext, open_session, stored};
use crate::state::AppState;

/// Which of the two.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Grant {
    /// `password` or `refresh_token`.
    #[serde(default)]
    grant_type: String,
}

/// What the grant needs; other members (supabase-js sends some) are ignored.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenRequest {
    /// For `password`.
    #[serde(default)]
    email: Option<String>,
    /// For `password`.
    #[serde(default)]
    password: Option<String>,
    /// For `refresh_token`.
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Signs in with a password, or exchanges a refresh token.
#[utoipa::path(
    post, path = "/token", tag = "auth", security(()), params(Grant), request_body = TokenRequest,
    responses(
        (status = 200, body = TokenAnswer),
        (status = 400, body = ProblemDetails, content_type = "application/problem+json",
         description = "`invalid_credentials`, `refresh_token_not_found`, `refresh_token_already_used`, \
                        `unsupported_grant_type`, `validation_failed`"),
        (status = 429, body = ProblemDetails, content_type = "application/problem+json",
         description = "`over_request_rate_limit`: too many attempts; wait as `Retry-After` says"),
    )
)]
pub(crate) async fn token(
    State(state): State<AppState>,
    context: RequestContext,
    Query(grant): Query<Grant>,
    Json(request): Json<TokenRequest>,
) -> Result<impl IntoResponse> {
    let answer = match grant.grant_type.as_str() {
        "password" => by_password(&state, &context, request).await?,
        "refresh_token" => by_refresh_token(&state, request).await?,
        other => return Err(unsupported(other)),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

async fn by_password(state: &AppState, context: &RequestContext, request: TokenRequest) -> Result<TokenAnswer> {
    let (Some(email), Some(password)) = (request.email, request.password) else {
        return Err(missing("email and password"));
    };
    let (account, client) = (Account::named(&email), context.standing.client());
    context.limited(state.sign_ins.attempt(account, client))?;
    let found = match email.parse() {
        Ok(email) => state.store.credentials(&email).await?,
        Err(_nobody_has_such_an_address) => None,
    };
    let (user, hash) = match found {
        Some(found) if found.user.disabled_at.is_none() => (Some(found.user), found.password_hash),
        _ => (None, None),
    };
    let matches = state.passwords.verify(password, hash).await?;
    let Some(user) = user.filter(|_| matches) else {
        metrics::counter!("sign_ins_total", "outcome" => "refused").increment(1);
        tracing::info!("a sign-in was refused");
        return Err(invalid_credentials());
    };
    let (actor, agent) = (context.actor.by(user.id), context.user_agent.as_deref());
    let opened = open_session(state, async |token| state.store.open_session(&actor, user.id, token, agent).await);
    let answer = opened.await?.ok_or_else(invalid_credentials)?;
    state.sign_ins.succeeded(account, client);
    Ok(answer)
}

async fn by_refresh_token(state: &AppState, request: TokenRequest) -> Result<TokenAnswer> {
    let Some(secret) = request.refresh_token else {
        return Err(missing("refresh_token"));
    };
    let token = state.link_key.refresh_token(secret);
    let child = state.link_key.child(&token);
    match state.store.refresh_session(&token.hash, stored(state, &child)).await? {
        Refreshed::Session(session) => tokens::answer(state, session, child.secret),
        Refreshed::Refused => {
            let detail = "the refresh token is unknown, expired or its session has ended; sign in again";
            Err(auth_error(StatusCode::BAD_REQUEST, "refresh_token_not_found", "Refresh token not found", detail))
        }
        Refreshed::Reused { user } => {
            tracing::warn!(%user, "an older refresh token was used again; its session is ended");
            metrics::counter!("refresh_token_reuses_total").increment(1);
            let detail = "the refresh token was used before, so the session is ended; sign in again";
            Err(auth_error(StatusCode::BAD_REQUEST, "refresh_token_already_used", "Refresh token already used", detail))
        }
    }
}

fn invalid_credentials() -> ApiError {
    let detail = "Invalid login credentials";
    auth_error(StatusCode::BAD_REQUEST, "invalid_credentials", "Invalid credentials", detail)
}

fn missing(what: &str) -> ApiError {
    let detail = format!("the body lacks {what}");
    auth_error(StatusCode::BAD_REQUEST, "validation_failed", "Validation failed", &detail)
}

fn unsupported(grant: &str) -> ApiError {
    let detail = format!("grant_type {grant:?} is not known; use password or refresh_token");
    auth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", "Unsupported grant type", &detail)
}

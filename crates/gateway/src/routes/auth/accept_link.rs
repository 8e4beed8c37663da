//! `POST /auth/v1/link/accept`: uses an invite or a reset link up: sets the password and signs in.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::{Json, ProblemDetails};
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{ApiError, Result, auth_error};
use crate::people::sign_ins::Account;
use crate::people::tokens::TokenAnswer;
use crate::people::{RequestContext, open_session, passwords};
use crate::state::AppState;

/// The link's token and the password to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptRequest {
    /// What stands behind `#token=` in the link.
    token: String,
    /// 10 to 200 characters.
    password: String,
}

/// Sets the password by a one-time link, ends all sessions and signs in.
#[utoipa::path(
    post, path = "/link/accept", tag = "auth", security(()), request_body = AcceptRequest,
    responses(
        (status = 200, body = TokenAnswer),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json", description = "`otp_expired`"),
        (status = 422, body = ProblemDetails, content_type = "application/problem+json", description = "`weak_password`"),
        (status = 429, body = ProblemDetails, content_type = "application/problem+json",
         description = "`over_request_rate_limit`: too many attempts; wait as `Retry-After` says"),
    )
)]
pub(crate) async fn accept_link(
    State(state): State<AppState>,
    context: RequestContext,
    Json(request): Json<AcceptRequest>,
) -> Result<impl IntoResponse> {
    context.limited(state.sign_ins.knock(context.standing.client()))?;
    let link = state.link_key.link_hash(&request.token);
    // Before the costly hashing: guessing must not keep the cores busy.
    let Some(user) = state.store.user_of_link(&link).await? else {
        return Err(expired());
    };
    passwords::check(&request.password, &user.email)?;
    let hash = state.passwords.hash(request.password).await?;
    let agent = context.user_agent.as_deref();
    let opened =
        open_session(&state, async |token| state.store.accept_link(&context.actor, &link, &hash, token, agent).await);
    let answer = opened.await?.ok_or_else(expired)?;
    state.admission.forget(user.id);
    state.sign_ins.succeeded(Account::named(&user.email), context.standing.client());
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

fn expired() -> ApiError {
    let detail = "the link is used up, has expired or was replaced by a newer one; ask an admin for another";
    auth_error(StatusCode::FORBIDDEN, "otp_expired", "Link expired", detail)
}

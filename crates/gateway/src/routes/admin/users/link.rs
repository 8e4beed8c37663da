//! `POST /api/v1/admin/users/{id}/link`: a one-time link for an admin to hand over; nothing is mailed.

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use chrono::{DateTime, Utc};
use domain::ids::UserId;
use http::StatusCode;
use serde::Serialize;
use store::people::links::LinkKind;
use store::people::sessions::NewToken;
use store::people::{Actor, User};
use utoipa::ToSchema;

use crate::error::{ApiError, Result};
use crate::people::admission::Admin;
use crate::people::{RequestContext, links};
use crate::state::AppState;

/// A link that sets a password, once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkAnswer {
    /// `invite` for somebody without a password, else `reset`.
    #[schema(example = "invite")]
    kind: &'static str,
    /// To hand over. It is shown this once.
    url: String,
    /// The same without the address, for `POST /auth/v1/link/accept`.
    token: String,
    /// Until when it can be used.
    expires_at: DateTime<Utc>,
}

/// Makes a one-time link by which a user sets their password; their earlier links stop working.
#[utoipa::path(
    post, path = "/{id}/link", tag = "admin", params(("id" = UserId, Path)),
    responses(
        (status = 201, body = LinkAnswer),
        (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, body = ProblemDetails, content_type = "application/problem+json", description = "The user is disabled"),
    )
)]
pub(crate) async fn create_link(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(id): Path<UserId>,
) -> Result<(StatusCode, Json<LinkAnswer>)> {
    let user = state.store.user(id).await?.ok_or_else(|| ApiError::not_found("such user"))?;
    if user.disabled_at.is_some() {
        return Err(Problem::conflict("the user is disabled; enable them first").into());
    }
    let link = make_link(&state, &context.actor.by(admin.user_id()), &user).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Makes the link: an invite for somebody without a password, else a reset.
pub(super) async fn make_link(state: &AppState, actor: &Actor, user: &User) -> Result<LinkAnswer> {
    let auth = &state.config.auth;
    let (kind, ttl) =
        if user.has_password { (LinkKind::Reset, auth.reset_ttl) } else { (LinkKind::Invite, auth.invite_ttl) };
    let token = links::new_secret(&*state.entropy);
    let stored = NewToken { hash: &state.link_key.link_hash(&token), ttl };
    let expires_at = state.store.create_link(actor, user.id, kind, stored).await?;
    let expires_at = expires_at.ok_or_else(|| ApiError::not_found("such user"))?;
    Ok(LinkAnswer { kind: kind.as_str(), url: links::address(&auth.public_url, "accept", &token), token, expires_at })
}

//! `GET /auth/v1/.well-known/jwks.json`: the public keys of our tokens.

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::Json;
use http::header;

use crate::error::Result;
use crate::state::AppState;

/// Gives the public keys that verify our tokens (RFC 7517).
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "auth", security(()),
    responses((status = 200, body = Object, content_type = "application/json"))
)]
pub(crate) async fn jwks(State(state): State<AppState>) -> Result<impl IntoResponse> {
    Ok(([(header::CACHE_CONTROL, "public, max-age=60")], Json(state.signing()?.ring().jwks())))
}

//! `GET /config.json`: what the web app must know before anybody has signed in.

use axum::extract::State;
use chassis::http::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

/// What the web app must know. Nothing here is secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicConfig {
    /// Who signs tokens: `local`, this platform.
    #[schema(example = "local")]
    auth_mode: &'static str,
    /// Where sign-in lives, in the shape of Supabase Auth.
    #[schema(example = "https://e2i.example.org/auth/v1")]
    auth_url: String,
    /// The released version.
    version: &'static str,
    /// The commit that is running.
    revision: String,
}

/// Tells what the web app must know before anybody has signed in.
#[utoipa::path(get, path = "/config.json", tag = "service", security(()), responses((status = 200, body = PublicConfig)))]
pub(crate) async fn config_json(State(state): State<AppState>) -> Json<PublicConfig> {
    Json(PublicConfig {
        auth_mode: state.config.auth.mode.as_str(),
        auth_url: chassis::auth::issuer(&state.config.auth.public_url),
        version: env!("CARGO_PKG_VERSION"),
        revision: state.config.revision.clone(),
    })
}

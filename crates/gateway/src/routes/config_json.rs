//! `GET /config.json`: what the web app must know before anybody has signed in.

use axum::extract::State;
use chassis::http::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::{Certificate, SupabaseConfig};
use crate::state::AppState;

/// What the web app must know. Nothing here is secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicConfig {
    /// Who signs tokens: `local`, this platform, or `supabase`.
    #[schema(example = "local")]
    auth_mode: &'static str,
    /// Where sign-in lives, in the shape of Supabase Auth.
    #[schema(example = "https://e2i.example.org/auth/v1")]
    auth_url: String,
    /// The Supabase project, for `supabase`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://abcdefgh.supabase.co")]
    supabase_url: Option<String>,
    /// The project's public key, for `supabase`.
    #[serde(skip_serializing_if = "Option::is_none")]
    supabase_anon_key: Option<String>,
    /// Whether there is an MLflow at `/mlflow/`, for admins.
    mlflow: bool,
    /// Whether there is a deployer: admins then have the page of deployments.
    deployments: bool,
    /// Whether traces are kept: the browser then begins one with each click (`traceparent`).
    traces: bool,
    /// What browsers think of the server's certificate: `self_signed`, they warn, or `trusted`. Absent on a developer's machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Certificate>,
    /// The released version.
    version: &'static str,
    /// The commit that is running.
    revision: String,
}

/// Tells what the web app must know before anybody has signed in.
#[utoipa::path(get, path = "/config.json", tag = "service", security(()), responses((status = 200, body = PublicConfig)))]
pub(crate) async fn config_json(State(state): State<AppState>) -> Json<PublicConfig> {
    let auth = &state.config.auth;
    let supabase = auth.supabase.as_ref();
    Json(PublicConfig {
        auth_mode: auth.mode.as_str(),
        auth_url: supabase.map_or_else(|| chassis::auth::issuer(&auth.public_url), SupabaseConfig::issuer),
        supabase_url: supabase.map(|supabase| supabase.url.as_str().trim_end_matches('/').to_owned()),
        supabase_anon_key: supabase.map(|supabase| supabase.anon_key.expose().clone()),
        mlflow: state.config.has_mlflow,
        deployments: state.config.has_deployer,
        traces: state.config.has_traces,
        certificate: state.config.certificate,
        version: env!("CARGO_PKG_VERSION"),
        revision: state.config.revision.clone(),
    })
}

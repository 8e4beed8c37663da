//! Access tokens and the answers of `/auth/v1` that carry them, in the shape of Supabase Auth.

use std::time::Duration;

use chassis::auth::{self, AUDIENCE, AuthMethod};
use chrono::{DateTime, Utc};
use domain::people::PlatformRole;
use serde::Serialize;
use serde_json::{Map, Value, json};
use store::people::User;
use store::people::sessions::Session;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::state::AppState;

/// What `app_metadata` says: written by the server alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppMetadata {
    /// How people sign in.
    #[schema(example = "email")]
    provider: &'static str,
    /// All ways to sign in.
    providers: [&'static str; 1],
    /// The platform role.
    role: PlatformRole,
}

impl AppMetadata {
    fn of(role: PlatformRole) -> Self {
        Self { provider: "email", providers: ["email"], role }
    }
}

/// A user as supabase-js knows one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthUser {
    /// The `sub` of the tokens.
    id: Uuid,
    /// Always `authenticated`.
    aud: &'static str,
    /// Always `authenticated`; the platform role is in `app_metadata`.
    role: &'static str,
    /// In lower case.
    email: String,
    /// Always empty.
    phone: &'static str,
    email_confirmed_at: DateTime<Utc>,
    confirmed_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sign_in_at: Option<DateTime<Utc>>,
    app_metadata: AppMetadata,
    /// Always empty.
    #[schema(value_type = Object)]
    user_metadata: Map<String, Value>,
    /// Always empty.
    #[schema(value_type = Vec<Object>)]
    identities: [(); 0],
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    is_anonymous: bool,
}

impl From<User> for AuthUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            aud: AUDIENCE,
            role: AUDIENCE,
            email: user.email,
            phone: "",
            email_confirmed_at: user.created_at,
            confirmed_at: user.created_at,
            last_sign_in_at: user.last_sign_in_at,
            app_metadata: AppMetadata::of(user.role),
            user_metadata: Map::new(),
            identities: [],
            created_at: user.created_at,
            updated_at: user.updated_at,
            is_anonymous: false,
        }
    }
}

/// What a sign-in or a refresh gives.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    /// A JWT, for `Authorization: Bearer`.
    access_token: String,
    /// Always `bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    /// Seconds since 1970.
    expires_at: i64,
    /// For `grant_type=refresh_token`, once.
    refresh_token: String,
    user: AuthUser,
}

/// Signs an access token for `session` and puts it together with `refresh_token`.
pub(crate) fn answer(state: &AppState, session: Session, refresh_token: String) -> Result<TokenAnswer> {
    let ttl = state.config.auth.access_token_ttl;
    let now = state.clock.now();
    let expires_at = now.timestamp() + i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX / 2);
    let access_token = state.signing()?.ring().current().sign(&claims(state, &session, now, expires_at))?;
    Ok(TokenAnswer {
        access_token,
        token_type: "bearer",
        expires_in: Duration::as_secs(&ttl),
        expires_at,
        refresh_token,
        user: session.user.into(),
    })
}

fn claims(state: &AppState, session: &Session, now: DateTime<Utc>, expires_at: i64) -> Value {
    let user = &session.user;
    let password = AuthMethod { method: "password".to_owned(), timestamp: session.signed_in_at.timestamp() };
    json!({
        "iss": auth::issuer(&state.config.auth.public_url),
        "sub": user.id,
        "aud": AUDIENCE,
        "exp": expires_at,
        "iat": now.timestamp(),
        "email": user.email,
        "phone": "",
        "app_metadata": AppMetadata::of(user.role),
        "user_metadata": {},
        "role": AUDIENCE,
        "aal": "aal1",
        "amr": [password],
        "session_id": session.id,
        "is_anonymous": false,
    })
}

//! `GET /api/v1/account/sessions`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};
use chrono::{DateTime, Utc};
use serde::Serialize;
use store::people::sessions::OpenSession;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::people::admission::Person;
use crate::people::device;
use crate::state::AppState;

/// A sign-in that still holds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    /// Its id, for ending it.
    id: Uuid,
    /// Whether it is the one that asks.
    is_current: bool,
    /// Browser and system, as far as the client told.
    #[schema(example = "Firefox on Linux")]
    device: String,
    /// What the client called itself.
    user_agent: Option<String>,
    /// When somebody signed in.
    signed_in_at: DateTime<Utc>,
    /// When its tokens were renewed last: it was in use at most one life of an access token after that.
    last_used_at: DateTime<Utc>,
    /// When it ends unless it is used before.
    expires_at: DateTime<Utc>,
}

impl SessionView {
    fn of(session: OpenSession, current: Option<Uuid>) -> Self {
        Self {
            id: session.id,
            is_current: current == Some(session.id),
            device: device::named(session.user_agent.as_deref()),
            user_agent: session.user_agent,
            signed_in_at: session.signed_in_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
        }
    }
}

/// Where the caller is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    /// The one that was used last first; at most 200.
    sessions: Vec<SessionView>,
}

/// Lists where the caller is signed in.
#[utoipa::path(get, path = "/account/sessions", tag = "account", responses(
    (status = 200, body = SessionList),
    (status = 404, description = "`supabase-mode`: sessions are kept in Supabase", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn list_sessions(State(state): State<AppState>, person: Person) -> Result<Json<SessionList>> {
    let sessions = state.store.open_sessions(person.user_id()).await?;
    let sessions = sessions.into_iter().map(|session| SessionView::of(session, person.session_id)).collect();
    Ok(Json(SessionList { sessions }))
}

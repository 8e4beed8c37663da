//! What every way of signing in ends with.

use axum::extract::FromRequestParts;
use chassis::http::RequestId;
use chassis::http::rate::{Exceeded, Reading, Standing};
use http::header::USER_AGENT;
use http::request::Parts;
use store::people::Actor;
use store::people::sessions::{NewToken, Session};

use super::links::RefreshToken;
use super::sign_ins;
use super::tokens::{self, TokenAnswer};
use crate::error::Result;
use crate::state::AppState;

/// What the audit log and sessions keep of a request: an extractor that never fails.
#[derive(Debug, Clone, Default)]
pub struct RequestContext {
    /// Nobody yet, in this request.
    pub actor: Actor,
    /// The client's program.
    pub user_agent: Option<String>,
    /// Where the client is, for limits.
    pub standing: Standing,
}

impl RequestContext {
    /// The request's id, for the audit log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.actor.request_id.as_deref()
    }

    /// Has the answer tell what a limit on signing in said, and refuses what came too soon.
    ///
    /// # Errors
    /// A 429 problem.
    pub(crate) fn limited(&self, said: Result<Option<Reading>, Exceeded>) -> Result<()> {
        let reading = match &said {
            Ok(reading) => *reading,
            Err(exceeded) => Some(exceeded.reading),
        };
        if let Some(reading) = reading {
            self.standing.tell(reading);
        }
        said.map(|_| ()).map_err(|exceeded| sign_ins::too_soon(&exceeded).into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestContext {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone());
        let user_agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        let standing = Standing::of(&parts.extensions);
        Ok(Self { actor: Actor { user: None, request_id }, user_agent, standing })
    }
}

/// The token's part that the store keeps.
pub(crate) fn stored<'a>(state: &AppState, token: &'a RefreshToken) -> NewToken<'a> {
    NewToken { hash: &token.hash, ttl: state.config.auth.refresh_token_ttl }
}

/// Opens a session by `open`, which is given the refresh token to store, and answers with its tokens. `None` passes.
pub(crate) async fn open_session<F>(state: &AppState, open: F) -> Result<Option<TokenAnswer>>
where
    F: AsyncFnOnce(NewToken<'_>) -> store::Result<Option<Session>>,
{
    let token = state.link_key.first_refresh_token(&*state.entropy);
    let Some(session) = open(stored(state, &token)).await? else {
        return Ok(None);
    };
    metrics::counter!("sign_ins_total", "outcome" => "success").increment(1);
    tokens::answer(state, session, token.secret).map(Some)
}

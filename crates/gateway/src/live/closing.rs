//! When a stream ends although there may be more to tell.

use std::pin::Pin;
use std::time::Duration;

use axum::response::sse::Event;
use chassis::auth::Caller;
use chassis::http::sse;
use domain::ids::{JobId, UserId};
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};
use uuid::Uuid;

use super::pulse::Beat;
use crate::config::AuthMode;
use crate::state::AppState;

/// Watches over one stream.
#[derive(Debug)]
pub(crate) struct Closing {
    state: AppState,
    user: UserId,
    session: Option<Uuid>,
    token_expires: Pin<Box<Sleep>>,
    drain_notices: watch::Receiver<u64>,
}

/// Why the stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The token it was opened with has expired.
    TokenExpired,
    /// The reader has signed out or was disabled.
    SessionEnded,
    /// A release drains this gateway, or it is told to end.
    Drain,
}

impl Closing {
    /// For a stream that `caller` opens now.
    pub(crate) fn new(state: &AppState, caller: &Caller) -> Self {
        let left = caller.expires_at.signed_duration_since(state.clock.now());
        Self {
            state: state.clone(),
            user: caller.user_id(),
            // Supabase's sessions are its own, and end with their token here.
            session: caller.session_id.filter(|_| state.config.auth.mode == AuthMode::Local),
            token_expires: Box::pin(sleep(left.to_std().unwrap_or(Duration::ZERO))),
            drain_notices: state.shutdown.drain_notices(),
        }
    }

    /// Waits until the stream has to end. May be dropped and called again.
    pub(super) async fn wait(&mut self) -> Why {
        tokio::select! {
            () = &mut self.token_expires => Why::TokenExpired,
            // An error means that the service is gone: the same.
            _ = self.drain_notices.changed() => Why::Drain,
            () = self.state.shutdown.soft.cancelled() => Why::Drain,
        }
    }

    /// Whether the reader has signed out or was disabled since, and how `job` stands.
    pub(super) async fn beat(&self, job: Option<JobId>) -> Beat {
        let session = self.session.map(|session| (session, self.user));
        self.state.live.pulse.ask(session, job.map(|job| (self.user, job))).await
    }
}

impl Why {
    /// The stream's last message.
    pub(super) fn event(self) -> Event {
        match self {
            Self::TokenExpired => sse::token_expired(),
            Self::SessionEnded => sse::end("session_ended", "the session has ended; sign in again"),
            Self::Drain => sse::reconnect("this gateway is being replaced"),
        }
    }
}

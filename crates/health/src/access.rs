//! Who may see what: everybody the states, people who signed in what is behind them, admins all, and orders.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use chassis::auth::{Caller, Role};
use chassis::http::Problem;
use chassis::http::rate::check_person;
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::state::AppState;

/// For whom an answer is. Nobody has to sign in; a token that came and is no good is refused, so that whoever sent it
/// renews it. Where tokens cannot be verified (whoever signs them is away), everybody is told what anybody is: how things
/// stand is asked for when something is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Audience {
    /// Whoever asks.
    Anybody,
    /// Somebody who has signed in.
    Person,
    /// An admin.
    Admin,
}

/// A caller with the platform role `admin`.
#[derive(Debug, Clone)]
pub(crate) struct Admin(Caller);

impl Deref for Admin {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Admin {
    /// By which name an order is kept.
    pub(crate) fn name(&self) -> String {
        self.claims.email.clone().unwrap_or_else(|| self.claims.subject.to_string())
    }
}

impl FromRequestParts<AppState> for Audience {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(Self::Anybody);
        }
        let caller = match Caller::from_request_parts(parts, state).await {
            Ok(caller) => caller,
            Err(problem) if problem.status() == StatusCode::SERVICE_UNAVAILABLE => {
                tracing::warn!(cause = problem.log_cause().map(tracing::field::display), "tokens cannot be verified");
                return Ok(Self::Anybody);
            }
            Err(problem) => return Err(problem),
        };
        check_person(&parts.extensions, caller.subject)?;
        Ok(if caller.role == Role::Admin { Self::Admin } else { Self::Person })
    }
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        check_person(&parts.extensions, caller.subject)?;
        caller.require(Role::Admin)?;
        Ok(Self(caller))
    }
}

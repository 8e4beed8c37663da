//! Who may see deployments and give orders: admins; orders besides need a fresh sign-in.

use std::ops::Deref;

use axum::extract::FromRequestParts;
use chassis::auth::{Caller, Role};
use chassis::http::Problem;
use chassis::http::rate::check_person;
use http::request::Parts;

use crate::state::AppState;

/// A caller with the platform role `admin`.
#[derive(Debug, Clone)]
pub(crate) struct Admin(pub(crate) Caller);

/// An [`Admin`] who has signed in within the last 15 minutes: who may give orders.
#[derive(Debug, Clone)]
pub(crate) struct Orderer(Admin);

impl Deref for Admin {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Orderer {
    /// By which name the order stands in the journal.
    pub(crate) fn name(&self) -> String {
        let claims = &self.0.claims;
        claims.email.clone().unwrap_or_else(|| claims.subject.to_string())
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

impl FromRequestParts<AppState> for Orderer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let admin = Admin::from_request_parts(parts, state).await?;
        admin.require_fresh_sign_in(state.clock.now())?;
        Ok(Self(admin))
    }
}

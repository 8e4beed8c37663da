//! Who is let in, beyond a good signature: sessions that were ended and users who were disabled are refused within
//! [`Admission`]'s time to live, although their access tokens still verify.
//!
//! It is also where somebody is first seen, and given their personal workspace.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use chassis::auth::{Caller, Claims, Role};
use chassis::http::Problem;
use chassis::http::rate::check_person;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::UserId;
use http::request::Parts;
use store::people::Actor;
use uuid::Uuid;

use crate::config::AuthMode;
use crate::error::{ApiError, Result};
use crate::state::AppState;

/// With this many remembered sessions all are forgotten.
const MAX_REMEMBERED: usize = 10_000;

/// A person and their session.
type Who = (UserId, Option<Uuid>);

/// Sessions that were lately found to be live.
#[derive(Debug)]
pub struct Admission {
    ttl: TimeDelta,
    admitted: Mutex<HashMap<Who, DateTime<Utc>>>,
}

impl Admission {
    /// Remembers for `ttl`.
    #[must_use]
    pub fn new(ttl: Duration) -> Self {
        Self { ttl: TimeDelta::from_std(ttl).unwrap_or(TimeDelta::MAX), admitted: Mutex::default() }
    }

    fn is_fresh(&self, who: Who, now: DateTime<Utc>) -> bool {
        let admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        admitted.get(&who).is_some_and(|at| (now - *at).abs() < self.ttl)
    }

    fn remember(&self, who: Who, now: DateTime<Utc>) {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        if admitted.len() >= MAX_REMEMBERED {
            // Looking for the old ones at every request would cost more than asking about all of them once again.
            admitted.clear();
        }
        admitted.insert(who, now);
    }

    /// Forgets `user`, so that what was changed holds at once on this gateway.
    pub fn forget(&self, user: UserId) {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        admitted.retain(|(remembered, _), _| *remembered != user);
    }
}

/// A signed-in person whose session holds: what handlers take when they must know who is calling. Everybody else gets
/// a 401 problem. Derefs to [`Caller`].
#[derive(Debug, Clone)]
pub struct Person(pub Caller);

/// A [`Person`] with the platform role `admin`; others get a 403 problem.
#[derive(Debug, Clone)]
pub struct Admin(pub Person);

impl Deref for Person {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl Deref for Admin {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.0
    }
}

impl FromRequestParts<AppState> for Person {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let caller = Caller::from_request_parts(parts, state).await?;
        check_person(&parts.extensions, caller.subject)?;
        check(state, &caller).await?;
        Ok(Self(caller))
    }
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let person = Person::from_request_parts(parts, state).await?;
        person.require(Role::Admin)?;
        Ok(Self(person))
    }
}

async fn check(state: &AppState, claims: &Claims) -> Result<()> {
    let who = (UserId(claims.subject), claims.session_id);
    let now = state.clock.now();
    if state.admission.is_fresh(who, now) {
        return Ok(());
    }
    let live = match claims.session_id {
        // Supabase ends its sessions itself; what it has signed holds until it expires.
        _ if state.config.auth.mode == AuthMode::Supabase => true,
        Some(session) => state.store.session_is_live(session, who.0).await?,
        None => false,
    };
    if !live {
        return Err(Problem::invalid_token("the session has ended; sign in again").into());
    }
    let name = claims.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or("personal");
    state.store.ensure_personal_workspace(&Actor::platform().by(who.0), who.0, name).await?;
    state.admission.remember(who, now);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_grows_old_and_is_bounded() {
        let admission = Admission::new(Duration::from_secs(10));
        let start = DateTime::UNIX_EPOCH;
        let who = (UserId(Uuid::from_u128(1)), None);
        admission.remember(who, start);
        assert!(admission.is_fresh(who, start + TimeDelta::seconds(9)));
        assert!(!admission.is_fresh(who, start + TimeDelta::seconds(10)));
        for number in 0..20_000 {
            admission.remember((UserId(Uuid::from_u128(number)), None), start);
        }
        assert!(admission.admitted.lock().unwrap().len() <= MAX_REMEMBERED);
        admission.forget(who.0);
        assert!(!admission.is_fresh(who, start));
    }
}

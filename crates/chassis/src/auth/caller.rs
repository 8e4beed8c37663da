//! The caller of a request, as an axum extractor.

use axum::extract::{FromRef, FromRequestParts};
use domain::ids::UserId;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::{AuthError, Claims, Role, Verifier};
use crate::http::Problem;

/// Seconds after which a caller may try again when keys cannot be read.
const KEYS_RETRY_SECONDS: u64 = 5;

/// Who is calling: verified. A handler that takes it refuses everyone else with a 401 problem.
///
/// The router's state must give a [`Verifier`] (`FromRef`).
#[derive(Debug, Clone)]
pub struct Caller {
    /// What the token says.
    pub claims: Claims,
}

impl std::ops::Deref for Caller {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.claims
    }
}

impl Caller {
    /// The person, for the store.
    #[must_use]
    pub fn user_id(&self) -> UserId {
        UserId(self.claims.subject)
    }

    /// Refuses callers without `role`.
    ///
    /// # Errors
    /// A 403 problem.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        require(&self.claims, role)
    }
}

/// Refuses claims without `role`.
///
/// # Errors
/// A 403 problem.
pub fn require(claims: &Claims, role: Role) -> Result<(), Problem> {
    if claims.role == role {
        return Ok(());
    }
    Err(Problem::forbidden(format!("this needs the platform role {role}; yours is {}", claims.role)))
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        let token = bearer_token(parts)?;
        let claims = Verifier::from_ref(state).verify(token).await.map_err(refused)?;
        let caller = Self { claims };
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

fn bearer_token(parts: &Parts) -> Result<&str, Problem> {
    let missing = || Problem::unauthorized("sign in: send `Authorization: Bearer <access token>`");
    let value = parts.headers.get(AUTHORIZATION).ok_or_else(missing)?.to_str().map_err(|_| missing())?;
    let (scheme, token) = value.split_once(' ').ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    Ok(token.trim())
}

fn refused(error: AuthError) -> Problem {
    match error {
        AuthError::KeysUnavailable(cause) => {
            Problem::unavailable("tokens cannot be verified at present", KEYS_RETRY_SECONDS).cause(cause)
        }
        error => Problem::invalid_token(error.to_string()),
    }
}

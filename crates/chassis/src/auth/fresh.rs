//! A fresh sign-in: what a stolen access token does not have for long.

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use super::Claims;
use crate::http::Problem;

/// A sign-in younger than this is fresh.
pub const FRESH_SIGN_IN: TimeDelta = TimeDelta::minutes(15);

impl Claims {
    /// Whether the person has proved who they are lately. Refreshing a token is no proof.
    #[must_use]
    pub fn signed_in_lately(&self, now: DateTime<Utc>) -> bool {
        self.signed_in_at.is_some_and(|at| now - at < FRESH_SIGN_IN)
    }

    /// Refuses who has not signed in lately.
    ///
    /// # Errors
    /// A 403 problem of the kind `fresh-sign-in-required`.
    pub fn require_fresh_sign_in(&self, now: DateTime<Utc>) -> Result<(), Problem> {
        if self.signed_in_lately(now) {
            return Ok(());
        }
        let minutes = FRESH_SIGN_IN.num_minutes();
        let detail = format!("this needs a sign-in of the last {minutes} minutes; sign in again and repeat it");
        Err(Problem::new(StatusCode::FORBIDDEN, "fresh-sign-in-required", "Fresh sign-in required").detail(detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;

    #[test]
    fn fifteen_minutes_are_lately_and_no_time_at_all_is_not() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let claims = |signed_in_at| Claims {
            subject: uuid::Uuid::nil(),
            email: None,
            role: Role::Admin,
            session_id: None,
            expires_at: now,
            assurance_level: None,
            signed_in_at,
        };
        assert!(claims(Some(now - TimeDelta::seconds(899))).require_fresh_sign_in(now).is_ok());
        let refused = claims(Some(now - TimeDelta::seconds(900))).require_fresh_sign_in(now).unwrap_err();
        assert_eq!((refused.status(), refused.slug()), (StatusCode::FORBIDDEN, "fresh-sign-in-required"));
        assert!(!claims(None).signed_in_lately(now));
    }
}

//! What a verified token says.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{AuthError, Role};

/// The statements of a verified token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who: the user's id.
    pub subject: Uuid,
    /// The user's e-mail address, if the issuer tells it.
    pub email: Option<String>,
    /// What they may do on the platform.
    pub role: Role,
    /// The sign-in this token belongs to; ending it ends its refresh tokens.
    pub session_id: Option<Uuid>,
    /// From when the token is refused.
    pub expires_at: DateTime<Utc>,
    /// Authentication assurance level: `aal1` one factor, `aal2` two.
    pub assurance_level: Option<String>,
    /// When the person last proved who they are (from `amr`); refreshing a token does not move it.
    pub signed_in_at: Option<DateTime<Utc>>,
}

/// One way by which the person proved who they are, as in Supabase's `amr` claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthMethod {
    /// `password`, `totp`, ...
    pub method: String,
    /// When, in seconds since 1970.
    pub timestamp: i64,
}

/// A token's payload before it is judged. Unknown members are ignored.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RawClaims {
    pub(super) exp: Option<f64>,
    pub(super) nbf: Option<f64>,
    pub(super) sub: Option<String>,
    pub(super) iss: Option<String>,
    pub(super) aud: Option<Audience>,
    role: Option<String>,
    email: Option<String>,
    session_id: Option<Uuid>,
    aal: Option<String>,
    #[serde(default)]
    amr: Value,
    #[serde(default)]
    app_metadata: Value,
    #[serde(default)]
    is_anonymous: bool,
}

/// One audience or several (RFC 7519, section 4.1.3).
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub(super) fn contains(&self, name: &str) -> bool {
        match self {
            Self::One(only) => only == name,
            Self::Several(all) => all.iter().any(|one| one == name),
        }
    }
}

impl RawClaims {
    /// The claims of a person. Supabase's `anon` and `service_role` keys are validly signed tokens too, but nobody.
    pub(super) fn of_a_person(self, expires_at: DateTime<Utc>) -> Result<Claims, AuthError> {
        if self.role.as_deref().is_some_and(|role| role != "authenticated") || self.is_anonymous {
            return Err(AuthError::NotAPerson);
        }
        let subject = self.sub.as_deref().and_then(|subject| subject.parse().ok());
        let subject: Uuid = subject.ok_or(AuthError::Claim("sub"))?;
        let role = match self.app_metadata.get("role") {
            None | Some(Value::Null) => Role::default(),
            Some(role) => {
                role.as_str().and_then(|role| role.parse().ok()).ok_or(AuthError::Claim("app_metadata.role"))?
            }
        };
        let signed_in_at = latest_method(&self.amr);
        Ok(Claims {
            subject,
            email: self.email.filter(|email| !email.is_empty()),
            role,
            session_id: self.session_id,
            expires_at,
            assurance_level: self.aal,
            signed_in_at,
        })
    }
}

/// The last time among `amr`'s entries; issuers that list plain strings tell none.
fn latest_method(amr: &Value) -> Option<DateTime<Utc>> {
    let times = amr.as_array()?.iter().filter_map(|entry| entry.get("timestamp")?.as_i64());
    DateTime::from_timestamp(times.max()?, 0)
}

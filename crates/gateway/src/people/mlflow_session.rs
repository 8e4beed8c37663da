//! The cookie that opens MLflow to an admin for a while.
//!
//! MLflow is a site of its own below `/mlflow`, where a browser sends no bearer token. The cookie says who, from which
//! session, until when, signed with `SECRET_KEY`. It lets nobody into the API, and a token lets nobody into MLflow. With
//! each request to MLflow nginx asks about it ([`crate::routes::mlflow_access`]).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::Caller;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::UserId;
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::links::LinkKey;

/// For how long MLflow is open, at most: never longer than the token it was asked for with.
const MINUTES: i64 = 15;

/// What the cookie says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MlflowSession {
    /// The admin.
    pub(crate) user: UserId,
    /// The session they asked from; none where Supabase signs people in without one.
    pub(crate) session: Option<Uuid>,
    /// Until when, Unix seconds.
    expires: i64,
}

impl MlflowSession {
    /// For whom, from now on.
    pub(crate) fn begin(caller: &Caller, now: DateTime<Utc>) -> Self {
        let expires = (now + TimeDelta::minutes(MINUTES)).timestamp().min(caller.claims.expires_at.timestamp());
        Self { user: caller.user_id(), session: caller.claims.session_id, expires }
    }

    /// The header that sets it.
    pub(crate) fn set_cookie(&self, key: &LinkKey, public_url: &Url, now: DateTime<Utc>) -> String {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let signature = URL_SAFE_NO_PAD.encode(key.mlflow_signature(&text));
        let secure = if is_https(public_url) { "; Secure" } else { "" };
        let seconds = (self.expires - now.timestamp()).max(0);
        let name = cookie_name(public_url);
        format!("{name}={text}.{signature}; Path=/mlflow; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }

    /// What a valid cookie among `cookies` says; `None` without one.
    pub(crate) fn read<'a>(
        cookies: impl Iterator<Item = &'a str>,
        key: &LinkKey,
        public_url: &Url,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let named = |pair: &&str| pair.trim().split_once('=').is_some_and(|(name, _)| name == cookie_name(public_url));
        let value = |pair: &'a str| pair.trim().split_once('=').map(|(_, value)| value);
        // Whoever can set one beside ours must not win by coming first.
        cookies
            .flat_map(|header| header.split(';'))
            .filter(named)
            .filter_map(value)
            .find_map(|value| Self::verified(value, key))
            .filter(|session| now.timestamp() < session.expires)
    }

    fn verified(value: &str, key: &LinkKey) -> Option<Self> {
        let (text, signature) = value.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !key.is_mlflow_signature(text, &signature) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// With `__Secure-` a browser takes it over HTTPS alone.
fn cookie_name(public_url: &Url) -> &'static str {
    if is_https(public_url) { "__Secure-e2i-mlflow" } else { "e2i-mlflow" }
}

fn is_https(public_url: &Url) -> bool {
    public_url.scheme() == "https"
}

#[cfg(test)]
mod tests {
    use chassis::config::Secret;

    use super::*;

    #[test]
    fn it_holds_until_it_expires_for_its_key_and_place_alone() {
        let key = |text: &str| LinkKey::new(&Secret::new(text.to_owned()));
        let (https, http) = (Url::parse("https://e2i.example").unwrap(), Url::parse("http://localhost").unwrap());
        let start = DateTime::from_timestamp(1_000_000, 0).unwrap();
        let session = MlflowSession { user: UserId(Uuid::from_u128(1)), session: None, expires: 1_000_900 };
        let header = session.set_cookie(&key("ours"), &https, start);
        assert!(header.starts_with("__Secure-e2i-mlflow="), "{header}");
        assert!(header.ends_with("; Path=/mlflow; Max-Age=900; HttpOnly; SameSite=Strict; Secure"), "{header}");
        let cookie = format!("other=1; {}", header.split(';').next().unwrap());
        let read = |key: &LinkKey, url, seconds| {
            MlflowSession::read(std::iter::once(cookie.as_str()), key, url, start + TimeDelta::seconds(seconds))
        };
        assert_eq!(read(&key("ours"), &https, 899), Some(session.clone()));
        assert_eq!(read(&key("ours"), &https, 900), None);
        assert_eq!(read(&key("theirs"), &https, 0), None);
        assert_eq!(read(&key("ours"), &http, 0), None);
        assert!(!session.set_cookie(&key("ours"), &http, start).contains("Secure"));
        let changed = cookie.replace("e2i-mlflow=e", "e2i-mlflow=f");
        assert_eq!(MlflowSession::read(std::iter::once(changed.as_str()), &key("ours"), &https, start), None);
    }
}

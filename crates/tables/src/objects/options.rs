//! What an S3 store needs besides its URL.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Credentials and place of an S3 store. A folder needs none of it.
///
/// It may be serialised, so that a parent can hand it to a child over a pipe; `Debug` shows no secret.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Access key: `DO_SPACES_KEY`.
    pub key: Option<String>,
    /// Its secret: `DO_SPACES_SECRET`.
    pub secret: Option<String>,
    /// The provider's address without the bucket: `DO_SPACES_ENDPOINT`, as `https://nyc3.digitaloceanspaces.com`;
    /// `https://` when it has no scheme. Without it: Amazon's own.
    pub endpoint: Option<String>,
    /// The region that requests are signed for; `us-east-1` when not given, which Spaces takes everywhere.
    pub region: Option<String>,
}

impl Options {
    /// Key and secret, or what is missing.
    pub(super) fn credentials(&self) -> Result<(&str, &str), String> {
        let given = |value: &'_ Option<String>| value.as_deref().is_some_and(|value| !value.is_empty());
        match (&self.key, &self.secret) {
            (Some(key), Some(secret)) if given(&self.key) && given(&self.secret) => Ok((key, secret)),
            _ if given(&self.key) => Err("it is on S3, and the secret is missing; set DO_SPACES_SECRET".to_owned()),
            _ => Err("it is on S3, and the access key is missing; set DO_SPACES_KEY and DO_SPACES_SECRET".to_owned()),
        }
    }

    /// The endpoint with its scheme.
    pub(super) fn endpoint(&self) -> Result<Option<String>, String> {
        let Some(given) = self.endpoint.as_deref().filter(|given| !given.is_empty()) else { return Ok(None) };
        let full = if given.contains("://") { given.to_owned() } else { format!("https://{given}") };
        match url::Url::parse(&full) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(Some(full.trim_end_matches('/').to_owned()))
            }
            _ => Err("DO_SPACES_ENDPOINT is no address; give one like https://nyc3.digitaloceanspaces.com".to_owned()),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |value: &Option<String>| value.as_ref().map(|_| "***");
        formatter
            .debug_struct("Options")
            .field("key", &hidden(&self.key))
            .field("secret", &hidden(&self.secret))
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown_but_travel() {
        let options = Options { key: Some("K3Y".to_owned()), secret: Some("S3CR3T".to_owned()), ..Options::default() };
        let shown = format!("{options:?}");
        assert!(!shown.contains("K3Y") && !shown.contains("S3CR3T"), "{shown}");
        let frame = serde_json::to_string(&options).unwrap();
        assert_eq!(serde_json::from_str::<Options>(&frame).unwrap(), options);
        assert_eq!(serde_json::from_str::<Options>("{}").unwrap(), Options::default());
    }

    #[test]
    fn endpoints_are_addresses() {
        let endpoint = |given: &str| Options { endpoint: Some(given.to_owned()), ..Options::default() }.endpoint();
        assert_eq!(endpoint("nyc3.example.com"), Ok(Some("https://nyc3.example.com".to_owned())));
        assert_eq!(endpoint("http://[::1]:9/"), Ok(Some("http://[::1]:9".to_owned())));
        assert_eq!(endpoint(""), Ok(None));
        for wrong in ["ftp://x", "https://", "a b"] {
            assert!(endpoint(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let refused = |key: &str, secret: &str| {
            Options { key: Some(key.to_owned()), secret: Some(secret.to_owned()), ..Options::default() }
                .credentials()
                .unwrap_err()
        };
        assert!(refused("", "x").contains("DO_SPACES_KEY"));
        assert!(refused("x", "").contains("set DO_SPACES_SECRET"));
    }
}

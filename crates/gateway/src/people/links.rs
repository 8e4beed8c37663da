//! Secrets that people carry: one-time links, links to shared analyses and refresh tokens. Postgres knows them only as
//! keyed hashes.

use chassis::config::Secret;
use chassis::entropy::Entropy;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use url::Url;

/// Bytes of randomness in a secret.
const SECRET_BYTES: usize = 32;

/// `SECRET_KEY`, in the one form in which it is used.
#[derive(Clone)]
pub struct LinkKey {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LinkKey([redacted])")
    }
}

/// A refresh token: the secret itself for the client, its hash for the store.
#[derive(Clone)]
pub struct RefreshToken {
    /// For the client.
    pub secret: String,
    /// For the store.
    pub hash: Vec<u8>,
}

impl LinkKey {
    /// Uses `SECRET_KEY`.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[must_use]
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub fn new(secret_key: &Secret<String>) -> Self {
        let mac = Hmac::new_from_slice(secret_key.expose().as_bytes()).expect("HMAC takes keys of any length");
        Self { mac }
    }

    /// The hash by which the store knows a link's secret.
    #[must_use]
    pub fn link_hash(&self, secret: &str) -> Vec<u8> {
        self.keyed("one-time link", secret)
    }

    /// The hash by which the store knows the token of a shared analysis.
    #[must_use]
    pub fn share_hash(&self, token: &str) -> Vec<u8> {
        self.keyed("shared analysis", token)
    }

    /// The signature of a cookie that opens MLflow.
    #[must_use]
    pub fn mlflow_signature(&self, text: &str) -> Vec<u8> {
        self.keyed("mlflow session", text)
    }

    /// Whether it is that signature, in constant time.
    #[must_use]
    pub fn is_mlflow_signature(&self, text: &str, signature: &[u8]) -> bool {
        self.purpose("mlflow session", text).verify_slice(signature).is_ok()
    }

    /// The first refresh token of a session.
    #[must_use]
    pub fn first_refresh_token(&self, entropy: &dyn Entropy) -> RefreshToken {
        self.refresh_token(entropy.token(SECRET_BYTES))
    }

    /// A refresh token that a client sent.
    #[must_use]
    pub fn refresh_token(&self, secret: String) -> RefreshToken {
        let hash = self.keyed("refresh token", &secret);
        RefreshToken { secret, hash }
    }

    /// The one child of a refresh token: derived, so that asking twice gives the same (see `store::people::sessions`).
    #[must_use]
    pub fn child(&self, parent: &RefreshToken) -> RefreshToken {
        let secret = self.keyed("child of refresh token", &parent.secret);
        self.refresh_token(base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, secret))
    }

    /// The purpose keeps a secret of one kind from passing as one of another.
    fn keyed(&self, purpose: &str, secret: &str) -> Vec<u8> {
        self.purpose(purpose, secret).finalize().into_bytes().to_vec()
    }

    fn purpose(&self, purpose: &str, secret: &str) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(secret.as_bytes());
        mac
    }
}

/// A new secret for a link.
#[must_use]
pub fn new_secret(entropy: &dyn Entropy) -> String {
    entropy.token(SECRET_BYTES)
}

/// What is handed over: a page of the web app and a secret. It stands in the fragment, which browsers send to no server
/// and no log sees.
#[must_use]
pub fn address(public_url: &Url, page: &str, secret: &str) -> String {
    format!("{}/{page}#token={secret}", public_url.as_str().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use chassis::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn a_child_is_always_the_same_and_needs_the_key() {
        let key = |text: &str| LinkKey::new(&Secret::new(text.to_owned()));
        let parent = key("ours").first_refresh_token(&*SeededEntropy::new(1));
        assert_eq!(key("ours").child(&parent).secret, key("ours").child(&parent).secret);
        assert_ne!(key("ours").child(&parent).secret, key("theirs").child(&parent).secret);
        assert_ne!(key("ours").link_hash(&parent.secret), parent.hash, "purposes are kept apart");
        assert_ne!(key("ours").link_hash(&parent.secret), key("ours").share_hash(&parent.secret));
        assert!(!format!("{:?}", key("ours")).contains("ours"));
    }
}

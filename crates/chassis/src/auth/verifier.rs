//! Judges tokens.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::claims::RawClaims;
use super::verified::Verified;
use super::{Claims, KeySource, VerificationKey};
use crate::clock::SharedClock;

/// The audience of every token for people, Supabase's name for it.
pub const AUDIENCE: &str = "authenticated";
/// How far the clocks of issuer and verifier may differ, in seconds.
const LEEWAY_SECONDS: f64 = 5.0;
/// Longest token that is looked at.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// Why a token was refused. The messages are for the caller and tell nothing of ours.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Not three parts of base64url JSON, or too long.
    #[error("the token is malformed")]
    Malformed,
    /// The header names no key.
    #[error("the token's header has no kid")]
    NoKeyId,
    /// The header demands extensions we do not have (RFC 7515, section 4.1.11).
    #[error("the token's header has critical extensions that are not understood")]
    Critical,
    /// The key is not among those we trust.
    #[error("the token is signed by a key that is not known here")]
    UnknownKey,
    /// The algorithm is not the key's.
    #[error("the token's algorithm is not the one its key is for")]
    Algorithm,
    /// The signature does not hold.
    #[error("the token's signature is wrong")]
    Signature,
    /// A required claim is missing or wrong.
    #[error("the token's claim {0} is missing or wrong")]
    Claim(&'static str),
    /// Too old.
    #[error("the token has expired; sign in again or refresh it")]
    Expired,
    /// Too early.
    #[error("the token is not valid yet")]
    NotYet,
    /// An `anon`, `service_role` or anonymous token.
    #[error("the token does not belong to a person")]
    NotAPerson,
    /// The keys cannot be read at present; not the caller's fault.
    #[error("tokens cannot be verified at present")]
    KeysUnavailable(#[source] anyhow::Error),
}

/// Verifies tokens of one issuer against one source of keys.
#[derive(Debug, Clone)]
pub struct Verifier {
    keys: Arc<dyn KeySource>,
    legacy: Option<Arc<VerificationKey>>,
    issuer: String,
    clock: SharedClock,
    verified: Arc<Verified>,
}

/// The issuer of tokens of the gateway at `public_url`: `<public_url>/auth/v1`.
#[must_use]
pub fn issuer(public_url: &Url) -> String {
    format!("{}/auth/v1", public_url.as_str().trim_end_matches('/'))
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

impl Verifier {
    /// A verifier of tokens issued by `issuer` (see [`issuer`]).
    pub fn new(keys: Arc<dyn KeySource>, issuer: impl Into<String>, clock: SharedClock) -> Self {
        Self { keys, legacy: None, issuer: issuer.into(), clock, verified: Arc::default() }
    }

    /// Verifies tokens that say HS256 with `secret` too, as Supabase signed before it had key pairs. The secret is the
    /// only key for that algorithm: no published key ever serves as one, and `secret` verifies nothing else.
    #[must_use]
    pub fn with_legacy_secret(mut self, secret: &[u8]) -> Self {
        let key = DecodingKey::from_secret(secret);
        self.legacy = Some(Arc::new(VerificationKey { algorithm: Algorithm::HS256, key }));
        self
    }

    /// Verifies a token and tells what it says.
    ///
    /// # Errors
    /// The first reason to refuse it.
    pub async fn verify(&self, token: &str) -> Result<Claims, AuthError> {
        let header = read_header(token)?;
        if header.crit.is_some() {
            return Err(AuthError::Critical);
        }
        let key = self.key_for(&header).await?;
        if header.alg.parse() != Ok(key.algorithm) {
            return Err(AuthError::Algorithm);
        }
        let claims = if let Some(claims) = self.verified.claims(token, &key) {
            claims
        } else {
            let decoded = jsonwebtoken::decode::<RawClaims>(token, &key.key, &signature_only(key.algorithm));
            let claims = decoded.map_err(|error| reason(&error))?.claims;
            self.verified.keep(token, key, claims.clone());
            claims
        };
        let expires_at = self.judge(&claims)?;
        claims.of_a_person(expires_at)
    }

    /// The key the header names. A legacy token names none, or one that is in no document.
    async fn key_for(&self, header: &Header) -> Result<Arc<VerificationKey>, AuthError> {
        if let Some(legacy) = self.legacy.as_ref().filter(|_| header.alg == "HS256") {
            return Ok(legacy.clone());
        }
        let kid = header.kid.as_deref().ok_or(AuthError::NoKeyId)?;
        self.keys.find(kid).await.map_err(AuthError::KeysUnavailable)?.ok_or(AuthError::UnknownKey)
    }

    /// The claims that hold for every token: who issued it, for whom, and when it is valid.
    fn judge(&self, claims: &RawClaims) -> Result<DateTime<Utc>, AuthError> {
        if claims.iss.as_deref() != Some(self.issuer.as_str()) {
            return Err(AuthError::Claim("iss"));
        }
        if !claims.aud.as_ref().is_some_and(|audience| audience.contains(AUDIENCE)) {
            return Err(AuthError::Claim("aud"));
        }
        let now = self.clock.now().timestamp_millis() as f64 / 1000.0;
        let expires = claims.exp.ok_or(AuthError::Claim("exp"))?;
        if now >= expires + LEEWAY_SECONDS {
            return Err(AuthError::Expired);
        }
        if claims.nbf.is_some_and(|not_before| now + LEEWAY_SECONDS < not_before) {
            return Err(AuthError::NotYet);
        }
        #[expect(clippy::cast_possible_truncation, reason = "seconds; a float too large saturates and is refused")]
        DateTime::from_timestamp(expires as i64, 0).ok_or(AuthError::Claim("exp"))
    }
}

fn read_header(token: &str) -> Result<Header, AuthError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(AuthError::Malformed);
    }
    let (header, _) = token.split_once('.').ok_or(AuthError::Malformed)?;
    let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| AuthError::Malformed)?;
    serde_json::from_slice(&header).map_err(|_| AuthError::Malformed)
}

/// The library checks the signature alone. Its own checks of claims pass a token without them and read the machine's
/// clock, so the claims are judged here.
fn signature_only(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn reason(error: &jsonwebtoken::errors::Error) -> AuthError {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => AuthError::Signature,
        ErrorKind::InvalidAlgorithm => AuthError::Algorithm,
        _ => AuthError::Malformed,
    }
}

//! What a JWKS document (RFC 7517) gives us.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

use super::VerificationKey;

/// Keys by `kid`.
pub(super) type Keys = HashMap<String, Arc<VerificationKey>>;

/// Reads a JWKS document; keys of kinds we do not use are skipped, as RFC 7517 asks.
pub(super) fn parse(bytes: &[u8]) -> anyhow::Result<Keys> {
    #[derive(serde::Deserialize)]
    struct Document {
        keys: Vec<serde_json::Value>,
    }
    let document: Document = serde_json::from_slice(bytes).context("it is no JWKS document")?;
    let usable = document.keys.into_iter().filter_map(|key| usable(&serde_json::from_value(key).ok()?));
    Ok(usable.collect())
}

/// ES256 and RS256 public keys for signatures. The algorithm follows from the key's type and curve, never from a token;
/// where the key names one it must be that. A shared secret (`oct`) in a public document is none.
fn usable(jwk: &Jwk) -> Option<(String, Arc<VerificationKey>)> {
    let kid = jwk.common.key_id.clone()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|named| named != name) {
        return None;
    }
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some((kid, Arc::new(VerificationKey { algorithm, key })))
}

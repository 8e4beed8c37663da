//! Tokens whose signature was found to hold, so that it is computed once and not with every request.
//!
//! Only the signature is remembered, with the very key that it holds for: what a token claims (expiry above all) is judged
//! anew each time, and a key that is known no more, or was read anew, makes the signature be computed again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::VerificationKey;
use super::claims::RawClaims;

/// Tokens that are remembered; then all are forgotten.
const MOST: usize = 10_000;

/// By the token's SHA-256: whoever reads this memory must not find tokens.
#[derive(Debug, Default)]
pub(super) struct Verified {
    tokens: Mutex<HashMap<[u8; 32], Held>>,
}

#[derive(Debug)]
struct Held {
    by: Arc<VerificationKey>,
    claims: RawClaims,
}

impl Verified {
    /// What the token says, when its signature by this key is known to hold.
    pub(super) fn claims(&self, token: &str, key: &Arc<VerificationKey>) -> Option<RawClaims> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let held = tokens.get(&digest(token))?;
        Arc::ptr_eq(&held.by, key).then(|| held.claims.clone())
    }

    /// Remembers that the signature holds.
    pub(super) fn keep(&self, token: &str, by: Arc<VerificationKey>, claims: RawClaims) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MOST {
            tokens.clear();
        }
        tokens.insert(digest(token), Held { by, claims });
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

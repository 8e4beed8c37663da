//! Whether the bytes come from who has the secret: `X-Hub-Signature-256: sha256=<hex of HMAC-SHA-256>`
//! (<https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>).

use chassis::config::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Bytes of an HMAC-SHA-256.
const LENGTH: usize = 32;

/// A signature as it was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; LENGTH]);

impl Signature {
    /// Reads the header; `None` when it is no signature of this kind. Case does not matter.
    #[must_use]
    pub fn read(header: &str) -> Option<Self> {
        let hex = header.strip_prefix("sha256=")?.as_bytes();
        if hex.len() != 2 * LENGTH {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut bytes = [0; LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Some(Self(bytes))
    }
}

/// A secret in the form in which it is used.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key([redacted])")
    }
}

impl Key {
    /// Of a secret.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    #[must_use]
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    pub fn new(secret: &Secret<String>) -> Self {
        Self(Hmac::new_from_slice(secret.expose().as_bytes()).expect("HMAC takes keys of any length"))
    }
}

/// Whether one of the keys signed these bytes. Every key is asked, and each comparison takes the same time whatever is
/// claimed: how long it takes tells nothing.
#[must_use]
pub fn holds(keys: &[Key], claimed: Signature, body: &[u8]) -> bool {
    keys.iter().fold(false, |found, key| {
        let mut mac = key.0.clone();
        mac.update(body);
        found | mac.verify_slice(&claimed.0).is_ok()
    })
}

/// The header's value for these bytes: what GitHub, and tests of ours, send.
#[must_use]
pub fn sign(key: &Key, body: &[u8]) -> String {
    let mut mac = key.0.clone();
    mac.update(body);
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let hex = mac.finalize().into_bytes().into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    "sha256=".chars().chain(hex).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::new(&Secret::new(text.to_owned()))
    }

    #[test]
    fn github_s_own_example_holds() {
        // From GitHub's page on validating deliveries.
        let claimed = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let keys = [key("It's a Secret to Everybody")];
        let claimed = Signature::read(claimed).unwrap();
        assert!(holds(&keys, claimed, b"Hello, World!"));
        assert!(!holds(&keys, claimed, b"Hello, World?"));
        assert!(!holds(&[key("another")], claimed, b"Hello, World!"));
        assert!(!holds(&[], claimed, b"Hello, World!"));
    }

    #[test]
    fn both_secrets_sign_while_one_is_changed() {
        let (new, old) = (key("the new secret, long enough"), key("the old secret, long enough"));
        let keys = [new.clone(), old.clone()];
        for signer in [new, old] {
            assert!(holds(&keys, Signature::read(&sign(&signer, b"body")).unwrap(), b"body"));
        }
    }

    #[test]
    fn what_is_no_signature_is_none() {
        for wrong in [
            "",
            "sha256=",
            "sha1=757107ea",
            "sha256=75",
            &format!("sha256={}", "g".repeat(64)),
            &format!("sha256={}é", "a".repeat(62)),
        ] {
            assert_eq!(Signature::read(wrong), None, "{wrong}");
        }
        assert!(Signature::read(&format!("sha256={}", "A".repeat(64))).is_some());
    }
}

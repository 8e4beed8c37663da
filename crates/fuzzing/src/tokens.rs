//! Tokens, forged and signed.

use std::sync::{Arc, LazyLock};

use chassis::auth::{KeySource, VerificationKey, Verifier};
use chassis::clock::TestClock;
use chrono::DateTime;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde_json::Value;

/// Who issues the tokens of this house.
const ISSUER: &str = "https://e2i.example.org/auth/v1";
/// The time there is.
const NOW: i64 = 1_800_000_000;
/// A key for this purpose alone: what a corpus says must mean the same on every machine.
const SECRET: &[u8] = b"a key that opens nothing, for tokens that are thrown away";

/// One key, whatever it is asked for as.
#[derive(Debug)]
struct OneKey(Arc<VerificationKey>);

impl KeySource for OneKey {
    fn find<'a>(&'a self, kid: &'a str) -> BoxFuture<'a, anyhow::Result<Option<Arc<VerificationKey>>>> {
        let found = (kid == "one").then(|| self.0.clone());
        async move { Ok(found) }.boxed()
    }
}

static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let key = VerificationKey { algorithm: Algorithm::HS256, key: DecodingKey::from_secret(SECRET) };
    let clock = TestClock::at(DateTime::from_timestamp(NOW, 0).unwrap_or_default());
    Verifier::new(Arc::new(OneKey(Arc::new(key))), ISSUER, clock)
});

/// A token as it comes; and where the bytes are JSON, a token that says so, with a signature that holds: what is let in is
/// of this issuer, for people, and has not expired.
///
/// # Panics
/// When a promise is broken.
pub fn token(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let verified = VERIFIER.verify(text).now_or_never();
        assert!(matches!(verified, Some(Err(_))), "a token that nobody signed was let in");
    }
    let Ok(claims) = serde_json::from_slice::<Value>(bytes) else { return };
    let header = Header { kid: Some("one".to_owned()), ..Header::new(Algorithm::HS256) };
    let Ok(signed) = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(SECRET)) else { return };
    let Some(Ok(person)) = VERIFIER.verify(&signed).now_or_never() else { return };
    assert_eq!(claims["iss"], ISSUER);
    let audience = &claims["aud"];
    let for_people =
        audience == "authenticated" || audience.as_array().is_some_and(|all| all.contains(&"authenticated".into()));
    assert!(for_people, "{audience}");
    assert!(person.expires_at.timestamp() > NOW - 6, "let in until {}", person.expires_at);
    assert_eq!(claims["sub"].as_str().and_then(|sub| sub.parse().ok()), Some(person.subject));
}

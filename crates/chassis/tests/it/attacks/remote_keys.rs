//! Tokens of a Supabase project: forged, of revoked keys, while its keys are away.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::{AuthError, Claims, RemoteJwks, RemoteLimits, Role, Verifier};
use chassis::clock::TestClock;
use chrono::{DateTime, TimeDelta};
use futures::future::join_all;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::project::{Pair, Project};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://abc.supabase.co/auth/v1";
const LEGACY_SECRET: &str = "super-secret-jwt-token-with-at-least-32-characters";

struct House {
    project: Project,
    clock: Arc<TestClock>,
    keys: RemoteJwks,
    verifier: Verifier,
}

impl House {
    async fn new() -> Self {
        let project = Project::start().await;
        let clock = TestClock::at(DateTime::from_timestamp(NOW, 0).unwrap());
        let client = RemoteJwks::client().unwrap();
        let keys = RemoteJwks::new(project.jwks(), client, RemoteLimits::default(), clock.clone());
        let verifier = Verifier::new(Arc::new(keys.clone()), ISSUER, clock.clone());
        Self { project, clock, keys, verifier }
    }

    async fn ask(&self, token: &str) -> Result<Claims, AuthError> {
        self.verifier.verify(token).await
    }

    /// Longer than the cooldown.
    fn wait(&self) {
        self.clock.advance(TimeDelta::seconds(11));
    }

    /// Until a fetch in the background has come in.
    async fn fetched(&self, fetches: u64) {
        for _ in 0..200 {
            if self.project.fetches() >= fetches {
                tokio::time::sleep(Duration::from_millis(100)).await;
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} fetches, not {fetches}", self.project.fetches());
    }
}

fn claims() -> Value {
    json!({
        "sub": "6f3a2b7c-31d4-4c0e-9a53-0a6f0c1d2e3f", "aud": "authenticated", "iss": ISSUER, "exp": NOW + 360_000,
        "role": "authenticated", "email": "ada@example.org", "session_id": "11111111-2222-4333-8444-555555555555",
        "is_anonymous": false, "app_metadata": {"provider": "email", "role": "admin"}, "user_metadata": {"role": "user"},
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn hs256(kid: Option<&str>, secret: &[u8], claims: &Value) -> String {
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode([7; 64]))
}

#[tokio::test]
async fn real_tokens_of_both_kinds_of_key_are_let_in() {
    let house = House::new().await;
    let (curve, rsa) = (Pair::es256(), Pair::rs256("rsa-1"));
    house.project.publish(&[&curve, &rsa]);
    for pair in [&curve, &rsa] {
        let claims = house.ask(&pair.sign(&claims())).await.unwrap();
        assert_eq!((claims.role, claims.email.as_deref()), (Role::Admin, Some("ada@example.org")));
    }
    assert_eq!(house.project.fetches(), 1, "one document has both");
}

#[tokio::test]
async fn rs256_public_key_as_hs256_secret_is_refused() {
    let house = House::new().await;
    let rsa = Pair::rs256("rsa-1");
    house.project.publish(&[&rsa]);
    let modulus = URL_SAFE_NO_PAD.decode(rsa.public["n"].as_str().unwrap()).unwrap();
    for secret in [rsa.public.to_string().into_bytes(), modulus, rsa.public["n"].as_str().unwrap().into()] {
        let token = hs256(Some("rsa-1"), &secret, &claims());
        assert!(matches!(house.ask(&token).await, Err(AuthError::Algorithm)));
        let legacy = house.verifier.clone().with_legacy_secret(LEGACY_SECRET.as_bytes());
        assert!(matches!(legacy.verify(&token).await, Err(AuthError::Signature)), "with a legacy secret too");
    }
    let es256_named = unsigned(&json!({"alg": "ES256", "kid": "rsa-1"}), &claims());
    assert!(matches!(house.ask(&es256_named).await, Err(AuthError::Algorithm)), "the key's algorithm, not the token's");
}

#[tokio::test]
async fn a_legacy_secret_verifies_hs256_alone() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let legacy = house.verifier.clone().with_legacy_secret(LEGACY_SECRET.as_bytes());
    legacy.verify(&hs256(None, LEGACY_SECRET.as_bytes(), &claims())).await.unwrap();
    legacy.verify(&curve.sign(&claims())).await.unwrap();
    assert!(matches!(legacy.verify(&hs256(None, b"another", &claims())).await, Err(AuthError::Signature)));
    let without = house.ask(&hs256(None, LEGACY_SECRET.as_bytes(), &claims())).await;
    assert!(matches!(without, Err(AuthError::NoKeyId)), "where no secret is set there is none");
    let none = unsigned(&json!({"alg": "none"}), &claims());
    assert!(matches!(legacy.verify(&none).await, Err(AuthError::NoKeyId)));
}

#[tokio::test]
async fn a_secret_in_the_public_document_is_no_key() {
    let house = House::new().await;
    let curve = Pair::es256();
    let mut secret = Pair::es256();
    secret.public = json!({"kty": "oct", "kid": "oct-1", "alg": "HS256", "k": "c2VjcmV0"});
    house.project.publish(&[&curve, &secret]);
    let token = hs256(Some("oct-1"), b"secret", &claims());
    assert!(matches!(house.ask(&token).await, Err(AuthError::UnknownKey)));
}

#[tokio::test]
async fn anon_service_role_and_anonymous_are_nobody() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let legacy = house.verifier.clone().with_legacy_secret(LEGACY_SECRET.as_bytes());
    for role in ["anon", "service_role"] {
        // As the project's own API keys are, but for what would get them refused even earlier.
        for token in
            [curve.sign(&with("role", json!(role))), hs256(None, LEGACY_SECRET.as_bytes(), &with("role", json!(role)))]
        {
            assert!(matches!(legacy.verify(&token).await, Err(AuthError::NotAPerson)), "{role}");
        }
    }
    let real_key = json!({"iss": "supabase", "ref": "abc", "role": "service_role", "iat": NOW, "exp": NOW + 100_000});
    assert!(legacy.verify(&hs256(None, LEGACY_SECRET.as_bytes(), &real_key)).await.is_err(), "the key as it is");
    let anonymous = curve.sign(&with("is_anonymous", json!(true)));
    assert!(matches!(house.ask(&anonymous).await, Err(AuthError::NotAPerson)));
    let elsewhere = curve.sign(&with("iss", json!("https://other.supabase.co/auth/v1")));
    assert!(matches!(house.ask(&elsewhere).await, Err(AuthError::Claim("iss"))), "another project's");
}

#[tokio::test]
async fn role_admin_in_user_metadata_is_ignored() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let mut claims = with("user_metadata", json!({"role": "admin"}));
    claims["app_metadata"] = json!({"provider": "email"});
    assert_eq!(house.ask(&curve.sign(&claims)).await.unwrap().role, Role::User);
}

#[tokio::test]
async fn jku_jwk_and_x5u_headers_are_never_followed() {
    let house = House::new().await;
    let (ours, theirs) = (Pair::es256(), Pair::es256());
    house.project.publish(&[&ours]);
    let trap = Project::start().await;
    trap.publish(&[&theirs]);
    let address = trap.jwks().to_string();
    for kid in [&ours.kid, &theirs.kid] {
        let header = json!({"alg": "ES256", "kid": kid, "jku": address, "x5u": address, "jwk": theirs.public});
        assert!(house.ask(&unsigned(&header, &claims())).await.is_err());
    }
    assert!(matches!(house.ask(&theirs.sign(&claims())).await, Err(AuthError::UnknownKey)));
    assert_eq!(trap.fetches(), 0);
}

#[tokio::test]
async fn an_unknown_kid_flood_is_one_fetch_per_cooldown() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let good = curve.sign(&claims());
    house.ask(&good).await.unwrap();
    for round in 1..=3 {
        house.wait();
        let tokens: Vec<_> = (0..500)
            .map(|number| unsigned(&json!({"alg": "ES256", "kid": format!("{round}-{number}")}), &claims()))
            .collect();
        for answer in join_all(tokens.iter().map(|token| house.ask(token))).await {
            assert!(matches!(answer, Err(AuthError::UnknownKey)));
        }
        house.ask(&good).await.unwrap();
        assert_eq!(house.project.fetches(), 1 + round, "all at once, and one fetch");
    }
}

#[tokio::test]
async fn rotation_standby_current_revoked_has_no_401_and_the_revoked_key_is_refused() {
    let house = House::new().await;
    let (old, new) = (Pair::rs256("old"), Pair::es256());
    house.project.publish(&[&old]);
    house.ask(&old.sign(&claims())).await.unwrap();
    house.project.publish(&[&old, &new]);
    house.wait();
    // The new key signs at once, before anybody has read that it is there.
    house.ask(&new.sign(&claims())).await.unwrap();
    house.ask(&old.sign(&claims())).await.unwrap();
    let fetches = house.project.fetches();
    house.project.publish(&[&new]);
    house.clock.advance(TimeDelta::minutes(10));
    house.ask(&new.sign(&claims())).await.unwrap();
    house.fetched(fetches + 1).await;
    assert!(matches!(house.ask(&old.sign(&claims())).await, Err(AuthError::UnknownKey)), "revoked");
    house.ask(&new.sign(&claims())).await.unwrap();
}

#[tokio::test]
async fn keys_down_at_the_start_is_503_until_they_are_up() {
    let house = House::new().await;
    house.keys.warm_up().await;
    let curve = Pair::es256();
    let token = curve.sign(&claims());
    assert!(matches!(house.ask(&token).await, Err(AuthError::KeysUnavailable(_))));
    house.project.publish(&[&curve]);
    assert!(matches!(house.ask(&token).await, Err(AuthError::KeysUnavailable(_))), "within the cooldown");
    house.wait();
    house.ask(&token).await.unwrap();
}

#[tokio::test]
async fn keys_down_later_serves_known_keys_for_a_day_and_then_says_503() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let token = curve.sign(&claims());
    house.ask(&token).await.unwrap();
    house.project.go_down();
    house.clock.advance(TimeDelta::hours(23));
    house.ask(&token).await.unwrap();
    house.clock.advance(TimeDelta::hours(2));
    assert!(matches!(house.ask(&token).await, Err(AuthError::KeysUnavailable(_))));
    house.project.publish(&[&curve]);
    house.wait();
    house.ask(&token).await.unwrap();
}

#[tokio::test]
async fn an_endless_document_and_a_redirect_are_not_read() {
    let house = House::new().await;
    let curve = Pair::es256();
    let token = curve.sign(&claims());
    house.project.answer_endlessly();
    let answer = tokio::time::timeout(Duration::from_secs(8), house.ask(&token)).await.unwrap();
    assert!(matches!(answer, Err(AuthError::KeysUnavailable(_))));
    let elsewhere = Project::start().await;
    elsewhere.publish(&[&curve]);
    house.project.redirect(elsewhere.jwks().as_str());
    house.wait();
    assert!(matches!(house.ask(&token).await, Err(AuthError::KeysUnavailable(_))));
    assert_eq!(elsewhere.fetches(), 0);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_take_the_fetch_with_them() {
    let house = House::new().await;
    let curve = Pair::es256();
    house.project.publish(&[&curve]);
    let token = curve.sign(&claims());
    let gone = tokio::time::timeout(Duration::from_millis(5), house.ask(&token)).await;
    assert!(gone.is_err(), "the answer takes 50 ms");
    house.fetched(1).await;
    house.ask(&token).await.unwrap();
    assert_eq!(house.project.fetches(), 1);
}

//! Attacks on tokens, and keys that come and go.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::keys::{KeyRing, create_key};
use chassis::auth::{AuthError, Caller, JwksFile, Role, Verifier};
use chassis::clock::TestClock;
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

const ISSUER: &str = "https://e2i.example.org/auth/v1";
const NOW: i64 = 1_800_000_000;
const SUBJECT: &str = "6f3a2b7c-31d4-4c0e-9a53-0a6f0c1d2e3f";

struct House {
    folder: tempfile::TempDir,
    ring: KeyRing,
    clock: Arc<TestClock>,
    file: Arc<JwksFile>,
    verifier: Verifier,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing::load_or_create(&folder.path().join("keys")).unwrap();
        let clock = TestClock::at(DateTime::from_timestamp(NOW, 0).unwrap());
        let file = Arc::new(JwksFile::new(folder.path().join("jwks.json"), clock.clone()));
        let house = Self { verifier: Verifier::new(file.clone(), ISSUER, clock.clone()), folder, ring, clock, file };
        house.publish();
        house
    }

    fn jwks(&self) -> PathBuf {
        self.folder.path().join("jwks.json")
    }

    fn publish(&self) {
        self.ring.publish(&self.jwks()).unwrap();
    }

    fn sign(&self, claims: &Value) -> String {
        self.ring.current().sign(claims).unwrap()
    }

    async fn refused(&self, token: &str) -> AuthError {
        self.verifier.verify(token).await.expect_err("the token must be refused")
    }
}

fn claims() -> Value {
    json!({
        "sub": SUBJECT, "aud": "authenticated", "iss": ISSUER, "exp": NOW + 3600, "iat": NOW, "role": "authenticated",
        "email": "ada@example.org", "session_id": "11111111-2222-4333-8444-555555555555", "aal": "aal1",
        "amr": [{"method": "password", "timestamp": NOW - 60}],
        "app_metadata": {"provider": "email", "role": "admin"}, "user_metadata": {},
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn forge(header: &Value, claims: &Value, signature: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_good_token_tells_who_is_calling() {
    let house = House::new();
    let claims = house.verifier.verify(&house.sign(&claims())).await.unwrap();
    assert_eq!(claims.subject.to_string(), SUBJECT);
    assert_eq!(claims.email.as_deref(), Some("ada@example.org"));
    assert_eq!(claims.role, Role::Admin);
    assert_eq!(claims.expires_at.timestamp(), NOW + 3600);
    assert_eq!(claims.signed_in_at.unwrap().timestamp(), NOW - 60);
    let several = with("aud", json!(["other", "authenticated"]));
    house.verifier.verify(&house.sign(&several)).await.unwrap();
}

#[tokio::test]
async fn required_claims_are_required() {
    let house = House::new();
    for name in ["exp", "sub", "aud", "iss"] {
        let error = house.refused(&house.sign(&without(name))).await;
        assert!(matches!(error, AuthError::Claim(missing) if missing == name), "{name}: {error:?}");
    }
    for (name, value) in [
        ("iss", json!("https://evil.example.org/auth/v1")),
        ("aud", json!("other")),
        ("aud", json!([])),
        ("sub", json!("not-a-uuid")),
        ("app_metadata", json!({"role": "emperor"})),
    ] {
        assert!(matches!(house.refused(&house.sign(&with(name, value))).await, AuthError::Claim(_)), "{name}");
    }
    assert!(matches!(house.refused(&house.sign(&with("exp", json!("soon")))).await, AuthError::Malformed));
}

#[tokio::test]
async fn time_is_judged_with_five_seconds_of_leeway() {
    let house = House::new();
    let accepted = async |claims: Value| house.verifier.verify(&house.sign(&claims)).await;
    assert!(accepted(with("exp", json!(NOW - 4))).await.is_ok());
    assert!(matches!(accepted(with("exp", json!(NOW - 6))).await, Err(AuthError::Expired)));
    assert!(accepted(with("nbf", json!(NOW + 4))).await.is_ok());
    assert!(matches!(accepted(with("nbf", json!(NOW + 6))).await, Err(AuthError::NotYet)));
    assert!(matches!(accepted(with("exp", json!(1e300))).await, Err(AuthError::Claim("exp"))));
}

#[tokio::test]
async fn alg_none_is_refused_with_and_without_a_key_id() {
    let house = House::new();
    let kid = house.ring.current().kid();
    for alg in ["none", "None", "nOnE", ""] {
        let token = forge(&json!({"alg": alg, "kid": kid}), &claims(), b"");
        assert!(matches!(house.refused(&token).await, AuthError::Algorithm), "{alg:?}");
    }
    assert!(matches!(house.refused(&forge(&json!({"alg": "none"}), &claims(), b"")).await, AuthError::NoKeyId));
}

#[tokio::test]
async fn the_public_key_is_no_hmac_secret() {
    let house = House::new();
    let public = fs::read(house.jwks()).unwrap();
    let jwk = serde_json::to_value(&house.ring.jwks().keys[0]).unwrap();
    let point =
        [jwk["x"].as_str().unwrap(), jwk["y"].as_str().unwrap()].map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let uncompressed = [vec![4], point.concat()].concat();
    for secret in [public, uncompressed, point.concat()] {
        let header = Header { kid: Some(house.ring.current().kid().into()), ..Header::new(Algorithm::HS256) };
        let token = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&secret)).unwrap();
        assert!(matches!(house.refused(&token).await, AuthError::Algorithm));
    }
}

#[tokio::test]
async fn a_key_that_comes_with_the_token_leads_nowhere() {
    let house = House::new();
    let other = tempfile::tempdir().unwrap();
    let attacker = KeyRing::load_or_create(other.path()).unwrap();
    let jwk = serde_json::to_value(&attacker.jwks().keys[0]).unwrap();
    let header =
        |kid: &str| json!({"alg": "ES256", "kid": kid, "jwk": jwk, "jku": "https://evil.example.org/jwks.json"});
    let signed = attacker.current().sign(&claims()).unwrap();
    assert!(matches!(house.refused(&signed).await, AuthError::UnknownKey));
    let with_own_kid = forge(&header(attacker.current().kid()), &claims(), &[7; 64]);
    assert!(matches!(house.refused(&with_own_kid).await, AuthError::UnknownKey));
    let with_our_kid = forge(&header(house.ring.current().kid()), &claims(), &[7; 64]);
    assert!(matches!(house.refused(&with_our_kid).await, AuthError::Signature));
}

#[tokio::test]
async fn a_changed_payload_or_a_cut_token_is_refused() {
    let house = House::new();
    let token = house.sign(&claims());
    let parts: Vec<_> = token.split('.').collect();
    let payload = URL_SAFE_NO_PAD.encode(with("sub", json!("00000000-0000-4000-8000-000000000000")).to_string());
    let changed = format!("{}.{payload}.{}", parts[0], parts[2]);
    assert!(matches!(house.refused(&changed).await, AuthError::Signature));
    for cut in ["", "a", "a.b", parts[0], &token[..token.len() - 40], &format!("{token}.x"), &"x".repeat(9000)] {
        house.refused(cut).await;
    }
    let critical =
        forge(&json!({"alg": "ES256", "kid": house.ring.current().kid(), "crit": ["b64"]}), &claims(), &[0; 64]);
    assert!(matches!(house.refused(&critical).await, AuthError::Critical));
}

#[tokio::test]
async fn api_keys_of_supabase_are_nobody() {
    let house = House::new();
    for role in ["anon", "service_role", "supabase_admin"] {
        let token = house.sign(&with("role", json!(role)));
        assert!(matches!(house.refused(&token).await, AuthError::NotAPerson), "{role}");
    }
    let anonymous = house.sign(&with("is_anonymous", json!(true)));
    assert!(matches!(house.refused(&anonymous).await, AuthError::NotAPerson));
}

#[tokio::test]
async fn the_role_is_never_taken_from_what_users_write() {
    let house = House::new();
    let mut claims = without("app_metadata");
    claims["user_metadata"] = json!({"role": "admin"});
    assert_eq!(house.verifier.verify(&house.sign(&claims)).await.unwrap().role, Role::User);
}

#[tokio::test]
async fn a_flood_of_unknown_keys_reads_the_file_once_per_cooldown() {
    let house = House::new();
    house.verifier.verify(&house.sign(&claims())).await.unwrap();
    house.clock.advance(TimeDelta::seconds(2));
    for number in 0..1000 {
        let token = forge(&json!({"alg": "ES256", "kid": format!("kid-{number}")}), &claims(), &[0; 64]);
        assert!(matches!(house.refused(&token).await, AuthError::UnknownKey));
    }
    assert_eq!(house.file.reads().await, 2, "one at the start, one for the flood");
}

#[tokio::test]
async fn keys_rotate_without_a_refusal() {
    let mut house = House::new();
    let keys = house.folder.path().join("keys");
    let old = house.sign(&claims());
    house.verifier.verify(&old).await.unwrap();
    let old_kid = house.ring.current().kid().to_owned();

    let new_kid = create_key(&keys).unwrap();
    house.ring = KeyRing::load_or_create(&keys).unwrap();
    assert_eq!(house.ring.current().kid(), old_kid, "a new key stands by first");
    house.publish();
    fs::write(keys.join("current"), &new_kid).unwrap();
    house.ring = KeyRing::load_or_create(&keys).unwrap();
    house.clock.advance(TimeDelta::seconds(2));
    let new = house.sign(&claims());
    house.verifier.verify(&new).await.unwrap();
    house.verifier.verify(&old).await.unwrap();

    fs::remove_file(keys.join(format!("{old_kid}.pem"))).unwrap();
    house.ring = KeyRing::load_or_create(&keys).unwrap();
    house.publish();
    house.clock.advance(TimeDelta::seconds(31));
    assert!(matches!(house.refused(&old).await, AuthError::UnknownKey));
    house.verifier.verify(&new).await.unwrap();
}

#[tokio::test]
async fn without_keys_the_caller_is_told_to_come_back_and_known_keys_outlive_the_file() {
    let house = House::new();
    let token = house.sign(&claims());
    fs::remove_file(house.jwks()).unwrap();
    assert!(matches!(house.refused(&token).await, AuthError::KeysUnavailable(_)));
    house.publish();
    house.clock.advance(TimeDelta::seconds(2));
    house.verifier.verify(&token).await.unwrap();
    fs::write(house.jwks(), "half a docu").unwrap();
    house.clock.advance(TimeDelta::seconds(60));
    house.verifier.verify(&token).await.unwrap();
}

#[derive(Clone)]
struct State {
    verifier: Verifier,
}

impl FromRef<State> for Verifier {
    fn from_ref(state: &State) -> Self {
        state.verifier.clone()
    }
}

#[tokio::test]
async fn the_extractor_answers_with_problems() {
    let house = House::new();
    let router = Router::new()
        .route("/me", get(|caller: Caller| async move { caller.subject.to_string() }))
        .route("/admin", get(|caller: Caller| async move { caller.require(Role::Admin).map(|()| "yes") }))
        .with_state(State { verifier: house.verifier.clone() });
    let ask = async |path: &str, authorization: Option<String>| {
        let mut request = http::Request::get(path);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        let response = router.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
        let header = response.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        (response.status().as_u16(), header)
    };
    assert_eq!(ask("/me", None).await, (401, Some("Bearer".into())));
    assert_eq!(ask("/me", Some("Basic YTpi".into())).await, (401, Some("Bearer".into())));
    let invalid = Some("Bearer error=\"invalid_token\"".to_owned());
    assert_eq!(ask("/me", Some("Bearer x.y.z".into())).await, (401, invalid));
    assert_eq!(ask("/me", Some(format!("bearer {}", house.sign(&claims())))).await, (200, None));
    assert_eq!(ask("/admin", Some(format!("Bearer {}", house.sign(&claims())))).await, (200, None));
    let user = house.sign(&with("app_metadata", json!({"role": "user"})));
    assert_eq!(ask("/admin", Some(format!("Bearer {user}"))).await, (403, None));
}

#[tokio::test]
async fn a_token_seen_before_is_judged_anew_and_falls_with_its_key() {
    let house = House::new();
    let token = house.sign(&claims());
    for _ in 0..2 {
        assert_eq!(house.verifier.verify(&token).await.unwrap().role, Role::Admin);
    }
    // Its first part and payload, another signature.
    let other = house.sign(&with("email", json!("eve@example.org")));
    let (head, _) = token.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    assert!(matches!(house.refused(&format!("{head}.{signature}")).await, AuthError::Signature));
    house.clock.advance(TimeDelta::seconds(3590));
    house.verifier.verify(&token).await.unwrap();
    house.clock.advance(TimeDelta::seconds(20));
    assert!(matches!(house.refused(&token).await, AuthError::Expired));

    let long = house.sign(&with("exp", json!(NOW + 1_000_000)));
    house.verifier.verify(&long).await.unwrap();
    fs::write(house.jwks(), r#"{"keys": []}"#).unwrap();
    house.clock.advance(TimeDelta::minutes(2));
    assert!(matches!(house.refused(&long).await, AuthError::UnknownKey));
}

//! Signing in, in the shape that supabase-js reads.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;

use crate::house::{ADMIN, House, PASSWORD, body, problem};

#[tokio::test]
async fn a_sign_in_has_what_supabase_js_reads() {
    let house = House::build().await;
    let response = house.try_sign_in(" Admin@Example.ORG ", PASSWORD).await;
    assert_eq!(response.headers()["cache-control"], "no-store");
    let answer = body(response, 200).await;
    assert_eq!(answer["token_type"], "bearer");
    assert_eq!(answer["expires_in"], 3600);
    assert!(answer["expires_at"].as_i64().unwrap() > 1_700_000_000);
    let user = &answer["user"];
    assert_eq!((&user["aud"], &user["role"]), (&json!("authenticated"), &json!("authenticated")));
    assert_eq!(user["email"], ADMIN);
    assert_eq!(user["app_metadata"], json!({"provider": "email", "providers": ["email"], "role": "admin"}));
    assert_eq!(user["user_metadata"], json!({}));
    for time in ["created_at", "updated_at", "confirmed_at", "email_confirmed_at", "last_sign_in_at"] {
        chrono::DateTime::parse_from_rfc3339(user[time].as_str().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn the_access_token_says_who_signed_it_and_verifies_with_the_published_key() {
    let house = House::build().await;
    let admin = house.admin().await;
    let keys = body(house.ask(Method::GET, "/auth/v1/.well-known/jwks.json", None, None).await, 200).await;
    let file = std::fs::read(house.env.get("JWKS_FILE").unwrap()).unwrap();
    assert_eq!(keys, serde_json::from_slice::<serde_json::Value>(&file).unwrap());
    let header = jsonwebtoken::decode_header(&admin.access_token).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
    assert_eq!(header.kid.as_deref(), keys["keys"][0]["kid"].as_str());
    let claims: serde_json::Value = jsonwebtoken::dangerous::insecure_decode_claims(&admin.access_token).unwrap();
    assert_eq!(claims["iss"], "https://e2i.example.org/auth/v1");
    assert_eq!((&claims["aud"], &claims["sub"]), (&json!("authenticated"), &json!(admin.id)));
    assert_eq!(claims["amr"][0]["method"], "password");
    assert!(claims["session_id"].is_string());
}

#[tokio::test]
async fn wrong_password_nobody_and_disabled_sound_alike() {
    let house = House::build().await;
    let admin = house.admin().await;
    let gone = house.user(&admin, "gone@example.org").await;
    body(house.patch(&format!("/api/v1/admin/users/{}", gone.id), &admin, json!({"disabled": true})).await, 200).await;
    let mut messages = Vec::new();
    for (email, password) in [
        (ADMIN, "wrong horse battery"),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("gone@example.org", PASSWORD),
    ] {
        let mut refused = problem(house.try_sign_in(email, password).await, 400, "invalid-credentials").await;
        assert_eq!(refused["code"], 400);
        assert_eq!(refused["error_code"], "invalid_credentials");
        assert_eq!(refused["msg"], "Invalid login credentials");
        refused.as_object_mut().unwrap().remove("request_id");
        messages.push(refused);
    }
    messages.dedup();
    assert_eq!(messages.len(), 1, "{messages:?}");
}

#[tokio::test]
async fn nobody_takes_as_long_as_a_wrong_password() {
    let house = House::build().await;
    let time = async |email: &str| {
        let mut fastest = Duration::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            house.try_sign_in(email, "wrong horse battery").await;
            fastest = fastest.min(start.elapsed());
        }
        fastest.as_secs_f64()
    };
    let (somebody, nobody) = (time(ADMIN).await, time("nobody@example.org").await);
    assert!((0.5..2.0).contains(&(nobody / somebody)), "somebody {somebody} s, nobody {nobody} s");
}

#[tokio::test]
async fn what_is_no_sign_in_is_told_in_the_same_shape() {
    let house = House::build().await;
    let token = async |query: &str, body| house.ask(Method::POST, &format!("/auth/v1/token{query}"), None, body).await;
    let refused = problem(token("", Some(json!({}))).await, 400, "unsupported-grant-type").await;
    assert_eq!(refused["error_code"], "unsupported_grant_type");
    let refused = problem(token("?grant_type=password", Some(json!({"email": ADMIN}))).await, 400, "validation-failed");
    assert_eq!(refused.await["error_code"], "validation_failed");
    let refused = problem(token("?grant_type=password", None).await, 415, "unsupported-media-type").await;
    assert_eq!((&refused["code"], &refused["error_code"]), (&json!(415), &json!("validation_failed")));
    let refused = problem(house.ask(Method::GET, "/auth/v1/user", None, None).await, 401, "unauthorized").await;
    assert_eq!((&refused["code"], &refused["error_code"]), (&json!(401), &json!("no_authorization")));
    assert_eq!(refused["msg"], refused["detail"]);
}

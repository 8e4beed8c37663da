//! Invites and resets without mail.

use http::Method;
use reqwest::Response;
use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Person, body, problem};

async fn invite(house: &House, admin: &Person, email: &str) -> Value {
    body(house.post("/api/v1/admin/users", admin, json!({"email": email})).await, 201).await
}

async fn accept(house: &House, token: &Value, password: &str) -> Response {
    let body = json!({"token": token, "password": password});
    house.ask(Method::POST, "/auth/v1/link/accept", None, Some(body)).await
}

#[tokio::test]
async fn an_invite_sets_the_password_once_and_signs_in() {
    let house = House::build().await;
    let admin = house.admin().await;
    let invited = invite(&house, &admin, "ada@example.org").await;
    assert_eq!((&invited["user"]["has_password"], &invited["invite"]["kind"]), (&json!(false), &json!("invite")));
    let token = &invited["invite"]["token"];
    let url = invited["invite"]["url"].as_str().unwrap();
    assert_eq!(url, format!("https://e2i.example.org/accept#token={}", token.as_str().unwrap()));
    problem(house.try_sign_in("ada@example.org", PASSWORD).await, 400, "invalid-credentials").await;
    problem(accept(&house, token, "short").await, 422, "weak-password").await;
    let ada = Person::of(&body(accept(&house, token, PASSWORD).await, 200).await);
    assert_eq!(ada.email, "ada@example.org");
    body(house.get("/api/v1/account", &ada).await, 200).await;
    let refused = problem(accept(&house, token, "another horse battery").await, 403, "otp-expired").await;
    assert_eq!(refused["error_code"], "otp_expired");
    house.sign_in("ada@example.org").await;
}

#[tokio::test]
async fn of_many_who_accept_at_once_one_does() {
    let house = House::build().await;
    let admin = house.admin().await;
    let invited = invite(&house, &admin, "ada@example.org").await;
    let token = &invited["invite"]["token"];
    let answers = futures::future::join_all((0..4).map(|_| accept(&house, token, PASSWORD))).await;
    let accepted = answers.iter().filter(|answer| answer.status() == 200).count();
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn a_reset_ends_all_sessions() {
    let house = House::build().await;
    let admin = house.admin().await;
    let ada = house.user(&admin, "ada@example.org").await;
    let path = format!("/api/v1/admin/users/{}/link", ada.id);
    let link = body(house.ask(Method::POST, &path, Some(&admin), None).await, 201).await;
    assert_eq!(link["kind"], "reset");
    body(house.get("/auth/v1/user", &ada).await, 200).await;
    body(accept(&house, &link["token"], "another horse battery").await, 200).await;
    problem(house.get("/auth/v1/user", &ada).await, 401, "invalid-token").await;
    problem(house.try_sign_in("ada@example.org", PASSWORD).await, 400, "invalid-credentials").await;
    body(house.try_sign_in("ada@example.org", "another horse battery").await, 200).await;
}

#[tokio::test]
async fn replaced_expired_forged_links_and_those_of_the_disabled_are_refused() {
    let house = House::build().await;
    let admin = house.admin().await;
    let invited = invite(&house, &admin, "ada@example.org").await;
    let id = invited["user"]["id"].as_str().unwrap();
    let path = format!("/api/v1/admin/users/{id}/link");
    let newer = body(house.ask(Method::POST, &path, Some(&admin), None).await, 201).await;
    problem(accept(&house, &invited["invite"]["token"], PASSWORD).await, 403, "otp-expired").await;
    problem(accept(&house, &json!("made-up"), PASSWORD).await, 403, "otp-expired").await;
    body(house.patch(&format!("/api/v1/admin/users/{id}"), &admin, json!({"disabled": true})).await, 200).await;
    problem(accept(&house, &newer["token"], PASSWORD).await, 403, "otp-expired").await;
    problem(house.ask(Method::POST, &path, Some(&admin), None).await, 409, "conflict").await;
    body(house.patch(&format!("/api/v1/admin/users/{id}"), &admin, json!({"disabled": false})).await, 200).await;
    house.execute("UPDATE e2i.one_time_links SET expires_at = now()").await;
    problem(accept(&house, &newer["token"], PASSWORD).await, 403, "otp-expired").await;
}

#[tokio::test]
async fn a_link_s_secret_is_known_under_the_secret_key_alone() {
    let house = House::build().await;
    let admin = house.admin().await;
    let invited = invite(&house, &admin, "ada@example.org").await;
    let stored: Vec<u8> =
        sqlx::query_scalar("SELECT token_hash FROM e2i.one_time_links").fetch_one(&house.database).await.unwrap();
    let key = |text: &str| gateway::people::links::LinkKey::new(&chassis::config::Secret::new(text.to_owned()));
    let token = invited["invite"]["token"].as_str().unwrap();
    assert_eq!(key(house.env.get("SECRET_KEY").unwrap()).link_hash(token), stored);
    assert_ne!(key("another secret key").link_hash(token), stored);
}

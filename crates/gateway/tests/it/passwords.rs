//! Changing one's own password.

use serde_json::json;

use crate::house::{ADMIN, House, PASSWORD, body, problem};

const NEW: &str = "another horse battery";

#[tokio::test]
async fn a_fresh_sign_in_may_change_the_password_and_ends_the_other_sessions() {
    let house = House::build().await;
    let (own, other) = (house.admin().await, house.admin().await);
    body(house.put("/auth/v1/user", &own, json!({"password": NEW})).await, 200).await;
    body(house.get("/auth/v1/user", &own).await, 200).await;
    problem(house.get("/auth/v1/user", &other).await, 401, "invalid-token").await;
    problem(house.try_sign_in(ADMIN, PASSWORD).await, 400, "invalid-credentials").await;
    body(house.try_sign_in(ADMIN, NEW).await, 200).await;
    assert_eq!(house.audited("user.password").await, 1);
}

#[tokio::test]
async fn an_old_sign_in_must_prove_itself() {
    let house = House::build().await;
    let first = house.admin().await;
    house.execute("UPDATE e2i.sessions SET signed_in_at = now() - interval '16 minutes'").await;
    let old = crate::house::Person::of(&body(house.refresh(&first.refresh_token).await, 200).await);
    let refused =
        problem(house.put("/auth/v1/user", &old, json!({"password": NEW})).await, 400, "reauthentication-needed");
    assert_eq!(refused.await["error_code"], "reauthentication_needed");
    let wrong = json!({"password": NEW, "current_password": "wrong horse battery"});
    problem(house.put("/auth/v1/user", &old, wrong).await, 400, "invalid-credentials").await;
    let right = json!({"password": NEW, "current_password": PASSWORD});
    body(house.put("/auth/v1/user", &old, right).await, 200).await;
}

#[tokio::test]
async fn weak_and_unchanged_passwords_are_refused() {
    let house = House::build().await;
    let admin = house.admin().await;
    let change = async |password: &str| house.put("/auth/v1/user", &admin, json!({"password": password})).await;
    let refused = problem(change("short").await, 422, "weak-password").await;
    assert_eq!((&refused["error_code"], &refused["code"]), (&json!("weak_password"), &json!(422)));
    problem(change(ADMIN).await, 422, "weak-password").await;
    problem(change(PASSWORD).await, 422, "same-password").await;
    problem(house.put("/auth/v1/user", &admin, json!({"data": {"role": "admin"}})).await, 400, "validation-failed")
        .await;
}

//! Where somebody is signed in, and signing out there.

use http::Method;
use serde_json::{Value, json};

use crate::house::{ADMIN, House, PASSWORD, Person, body, problem};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn sign_in_with(house: &House, agent: &str) -> Person {
    let path = format!("http://{}/auth/v1/token?grant_type=password", house.address);
    let request =
        house.client().post(path).header("user-agent", agent).json(&json!({"email": ADMIN, "password": PASSWORD}));
    Person::of(&body(request.send().await.unwrap(), 200).await)
}

async fn sessions(house: &House, person: &Person) -> Vec<Value> {
    let answer = body(house.get("/api/v1/account/sessions", person).await, 200).await;
    answer["sessions"].as_array().unwrap().clone()
}

fn path(session: &Value) -> String {
    format!("/api/v1/account/sessions/{}", session["id"].as_str().unwrap())
}

#[tokio::test]
async fn sessions_are_listed_with_device_and_use_and_this_one_is_marked() {
    let house = House::build().await;
    let browser = sign_in_with(&house, FIREFOX).await;
    let program = sign_in_with(&house, "curl/8.5.0").await;
    let browser = Person::of(&body(house.refresh(&browser.refresh_token).await, 200).await);
    let listed = sessions(&house, &browser).await;
    let devices: Vec<_> = listed.iter().map(|session| (&session["device"], &session["is_current"])).collect();
    assert_eq!(
        devices,
        [(&json!("Firefox on Linux"), &json!(true)), (&json!("curl"), &json!(false))],
        "last used first"
    );
    assert_eq!(listed[0]["user_agent"], FIREFOX);
    assert!(listed[0]["last_used_at"].as_str().unwrap() > listed[0]["signed_in_at"].as_str().unwrap());
    let marked = sessions(&house, &program).await.into_iter().find(|session| session["is_current"] == true).unwrap();
    assert_eq!(marked["device"], "curl");
}

#[tokio::test]
async fn one_session_is_ended_and_the_others_stay() {
    let house = House::build().await;
    let (here, there) = (house.admin().await, sign_in_with(&house, FIREFOX).await);
    let other = sessions(&house, &here).await.into_iter().find(|session| session["is_current"] == false).unwrap();
    assert_eq!(house.delete(&path(&other), &here).await.status(), 204);
    problem(house.get("/api/v1/account", &there).await, 401, "invalid-token").await;
    problem(house.refresh(&there.refresh_token).await, 400, "refresh-token-not-found").await;
    problem(house.delete(&path(&other), &here).await, 404, "not-found").await;
    assert_eq!(sessions(&house, &here).await.len(), 1);
    body(house.refresh(&here.refresh_token).await, 200).await;
    let detail: Value = sqlx::query_scalar("SELECT detail FROM e2i.audit_log WHERE action = 'session.end'")
        .fetch_one(&house.database)
        .await
        .unwrap();
    assert_eq!(detail, json!({"scope": "one", "sessions": 1, "session": other["id"]}));
}

#[tokio::test]
async fn sessions_that_ended_or_expired_are_not_listed() {
    let house = House::build().await;
    let (gone, expired, here) = (house.admin().await, sign_in_with(&house, FIREFOX).await, house.admin().await);
    assert_eq!(house.ask(Method::POST, "/auth/v1/logout?scope=local", Some(&gone), None).await.status(), 204);
    house
        .execute(
            "UPDATE e2i.refresh_tokens t SET expires_at = now() FROM e2i.sessions s
             WHERE s.id = t.session_id AND s.user_agent LIKE 'Mozilla%'",
        )
        .await;
    let listed = sessions(&house, &here).await;
    assert_eq!((listed.len(), &listed[0]["is_current"]), (1, &json!(true)));
    drop(expired);
}

//! Refresh tokens and the end of sessions.

use http::Method;
use serde_json::json;

use crate::house::{ADMIN, House, Person, body, problem};

#[tokio::test]
async fn refreshing_rotates_and_keeps_the_sign_in() {
    let house = House::build().await;
    let first = house.admin().await;
    let second = Person::of(&body(house.refresh(&first.refresh_token).await, 200).await);
    assert_ne!(first.refresh_token, second.refresh_token);
    let third = Person::of(&body(house.refresh(&second.refresh_token).await, 200).await);
    body(house.get("/auth/v1/user", &third).await, 200).await;
    let claim = |person: &Person, name: &str| {
        let claims: serde_json::Value = jsonwebtoken::dangerous::insecure_decode_claims(&person.access_token).unwrap();
        claims[name].clone()
    };
    assert_eq!(claim(&first, "session_id"), claim(&third, "session_id"));
    assert_eq!(claim(&first, "amr"), claim(&third, "amr"), "refreshing is no sign-in");
}

#[tokio::test]
async fn two_tabs_and_a_lost_answer_get_the_same_child() {
    let house = House::build().await;
    let person = house.admin().await;
    let (one, two, three) = tokio::join!(
        house.refresh(&person.refresh_token),
        house.refresh(&person.refresh_token),
        house.refresh(&person.refresh_token)
    );
    let one = Person::of(&body(one, 200).await);
    assert_eq!(one.refresh_token, Person::of(&body(two, 200).await).refresh_token);
    assert_eq!(one.refresh_token, Person::of(&body(three, 200).await).refresh_token);
    body(house.refresh(&one.refresh_token).await, 200).await;
}

#[tokio::test]
async fn the_parent_is_refused_after_ten_seconds_and_ends_the_session() {
    let house = House::build().await;
    let first = house.admin().await;
    let second = Person::of(&body(house.refresh(&first.refresh_token).await, 200).await);
    house.execute("UPDATE e2i.refresh_tokens SET exchanged_at = exchanged_at - interval '11 seconds'").await;
    let refused = problem(house.refresh(&first.refresh_token).await, 400, "refresh-token-already-used").await;
    assert_eq!(refused["error_code"], "refresh_token_already_used");
    problem(house.refresh(&second.refresh_token).await, 400, "refresh-token-not-found").await;
    problem(house.get("/api/v1/account", &second).await, 401, "invalid-token").await;
    assert_eq!(house.audited("session.reuse").await, 1);
}

#[tokio::test]
async fn an_older_token_ends_the_session_even_within_ten_seconds() {
    let house = House::build().await;
    let first = house.admin().await;
    let second = Person::of(&body(house.refresh(&first.refresh_token).await, 200).await);
    let third = Person::of(&body(house.refresh(&second.refresh_token).await, 200).await);
    problem(house.refresh(&first.refresh_token).await, 400, "refresh-token-already-used").await;
    problem(house.refresh(&third.refresh_token).await, 400, "refresh-token-not-found").await;
}

#[tokio::test]
async fn reuse_in_one_session_leaves_the_others() {
    let house = House::build().await;
    let (stolen, other) = (house.admin().await, house.admin().await);
    body(house.refresh(&stolen.refresh_token).await, 200).await;
    house.execute("UPDATE e2i.refresh_tokens SET exchanged_at = exchanged_at - interval '1 minute'").await;
    problem(house.refresh(&stolen.refresh_token).await, 400, "refresh-token-already-used").await;
    body(house.refresh(&other.refresh_token).await, 200).await;
}

#[tokio::test]
async fn unknown_and_expired_tokens_are_refused() {
    let house = House::build().await;
    let person = house.admin().await;
    let refused = problem(house.refresh("made up").await, 400, "refresh-token-not-found").await;
    assert_eq!(refused["error_code"], "refresh_token_not_found");
    house.execute("UPDATE e2i.refresh_tokens SET expires_at = now()").await;
    problem(house.refresh(&person.refresh_token).await, 400, "refresh-token-not-found").await;
}

#[tokio::test]
async fn no_token_stands_in_the_database() {
    let house = House::build().await;
    let person = house.admin().await;
    let next = Person::of(&body(house.refresh(&person.refresh_token).await, 200).await);
    let dump: String = sqlx::query_scalar(
        "SELECT string_agg(t::text, ' ') FROM (
             SELECT to_jsonb(r) t FROM e2i.refresh_tokens r UNION ALL SELECT to_jsonb(s) FROM e2i.sessions s
             UNION ALL SELECT to_jsonb(a) FROM e2i.audit_log a UNION ALL SELECT to_jsonb(u) FROM e2i.users u
         ) all_rows",
    )
    .fetch_one(&house.database)
    .await
    .unwrap();
    for secret in [&person.refresh_token, &next.refresh_token, &person.access_token] {
        assert!(!dump.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn logging_out_ends_what_was_asked_for() {
    let house = House::build().await;
    let logout = async |person: &Person, scope: &str| {
        let response = house.ask(Method::POST, &format!("/auth/v1/logout{scope}"), Some(person), None).await;
        response.status().as_u16()
    };
    let works = async |person: &Person| house.get("/auth/v1/user", person).await.status() == 200;
    let (one, two, three) = (house.admin().await, house.admin().await, house.admin().await);
    assert_eq!(logout(&one, "?scope=local").await, 204);
    assert_eq!((works(&one).await, works(&two).await, works(&three).await), (false, true, true));
    problem(house.refresh(&one.refresh_token).await, 400, "refresh-token-not-found").await;
    assert_eq!(logout(&two, "?scope=others").await, 204);
    assert_eq!((works(&two).await, works(&three).await), (true, false));
    let again = house.sign_in(ADMIN).await;
    assert_eq!(logout(&two, "?scope=sideways").await, 400);
    assert_eq!(logout(&two, "").await, 204);
    assert_eq!((works(&two).await, works(&again).await), (false, false));
    assert_eq!(logout(&two, "").await, 401);
    assert_eq!(house.audited("session.end").await, 3);
}

#[tokio::test]
async fn an_ended_session_is_remembered_as_live_for_the_configured_time_only() {
    let house = House::build_with(|env| env.with("SESSION_CHECK_TTL", "1s")).await;
    let person = house.admin().await;
    body(house.get("/api/v1/account", &person).await, 200).await;
    house.execute("UPDATE e2i.sessions SET revoked_at = now()").await;
    body(house.get("/api/v1/account", &person).await, 200).await;
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let refused = problem(house.get("/api/v1/account", &person).await, 401, "invalid-token").await;
    assert_eq!(refused["detail"], json!("the session has ended; sign in again"));
}

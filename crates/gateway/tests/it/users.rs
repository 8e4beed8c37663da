//! Admins and the people they manage.

use chassis::config::Secret;
use gateway::config::FirstPerson;
use gateway::people::bootstrap;
use http::Method;
use serde_json::json;
use store::people::users::Ensured;

use crate::house::{ADMIN, House, PASSWORD, body, problem};

#[tokio::test]
async fn only_admins_manage_people() {
    let house = House::build().await;
    let admin = house.admin().await;
    let ada = house.user(&admin, "ada@example.org").await;
    let one = format!("/api/v1/admin/users/{}", ada.id);
    let link = format!("{one}/link");
    let new = || Some(json!({"email": "x@example.org"}));
    let attempts = [
        (Method::GET, "/api/v1/admin/users", None),
        (Method::POST, "/api/v1/admin/users", new()),
        (Method::GET, &one, None),
        (Method::PATCH, &one, Some(json!({"role": "admin"}))),
        (Method::POST, &link, None),
    ];
    for (method, path, body) in attempts {
        problem(house.ask(method.clone(), path, Some(&ada), body.clone()).await, 403, "forbidden").await;
        problem(house.ask(method, path, None, body).await, 401, "unauthorized").await;
    }
}

#[tokio::test]
async fn users_are_made_found_and_listed_in_pages() {
    let house = House::build().await;
    let admin = house.admin().await;
    for name in ["c", "a", "b"] {
        let new = json!({"email": format!("{name}@example.org"), "password": PASSWORD});
        let response = house.post("/api/v1/admin/users", &admin, new).await;
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let made = body(response, 201).await;
        assert!(made.get("invite").is_none(), "{made}");
        assert_eq!(body(house.get(&location, &admin).await, 200).await, made["user"]);
    }
    let first = body(house.get("/api/v1/admin/users?limit=2", &admin).await, 200).await;
    assert_eq!(first["next"], ADMIN);
    let second = body(house.get(&format!("/api/v1/admin/users?limit=2&after={ADMIN}"), &admin).await, 200).await;
    let emails: Vec<_> = [&first, &second]
        .iter()
        .flat_map(|page| page["users"].as_array().unwrap())
        .map(|user| user["email"].as_str().unwrap())
        .collect();
    assert_eq!(emails, ["a@example.org", ADMIN, "b@example.org", "c@example.org"]);
    assert!(second.get("next").is_none());
    problem(house.get("/api/v1/admin/users?limit=0", &admin).await, 400, "bad-request").await;
    assert_eq!(house.audited("user.create").await, 4);
}

#[tokio::test]
async fn bad_wishes_are_refused_with_the_reason() {
    let house = House::build().await;
    let admin = house.admin().await;
    let create = async |new| house.post("/api/v1/admin/users", &admin, new).await;
    problem(create(json!({"email": ADMIN.to_uppercase()})).await, 409, "conflict").await;
    let refused = problem(create(json!({"email": "no address"})).await, 422, "unprocessable-content").await;
    assert!(refused["detail"].as_str().unwrap().contains("no address"), "{refused}");
    problem(create(json!({"email": "x@example.org", "role": "emperor"})).await, 422, "unprocessable-content").await;
    problem(create(json!({"email": "x@example.org", "password": "short"})).await, 422, "weak-password").await;
    problem(create(json!({"mail": "x@example.org"})).await, 422, "unprocessable-content").await;
    let nobody = "/api/v1/admin/users/00000000-0000-4000-8000-000000000000";
    problem(house.get(nobody, &admin).await, 404, "not-found").await;
    problem(house.patch(nobody, &admin, json!({"disabled": true})).await, 404, "not-found").await;
    problem(house.get("/api/v1/admin/users/7", &admin).await, 404, "not-found").await;
}

#[tokio::test]
async fn disabling_ends_every_session_and_enabling_lets_sign_in_again() {
    let house = House::build().await;
    let admin = house.admin().await;
    let ada = house.user(&admin, "ada@example.org").await;
    let other = house.sign_in("ada@example.org").await;
    let path = format!("/api/v1/admin/users/{}", ada.id);
    let disabled = body(house.patch(&path, &admin, json!({"disabled": true})).await, 200).await;
    assert_eq!(disabled["disabled"], true);
    for session in [&ada, &other] {
        problem(house.get("/api/v1/account", session).await, 401, "invalid-token").await;
        problem(house.refresh(&session.refresh_token).await, 400, "refresh-token-not-found").await;
    }
    problem(house.try_sign_in("ada@example.org", PASSWORD).await, 400, "invalid-credentials").await;
    body(house.patch(&path, &admin, json!({"disabled": false})).await, 200).await;
    problem(house.get("/api/v1/account", &ada).await, 401, "invalid-token").await;
    house.sign_in("ada@example.org").await;
    assert_eq!(house.audited("user.change").await, 2);
}

#[tokio::test]
async fn a_new_role_holds_from_the_next_sign_in_and_the_old_one_no_longer() {
    let house = House::build().await;
    let admin = house.admin().await;
    let ada = house.user_with_role(&admin, "ada@example.org", "admin").await;
    body(house.get("/api/v1/admin/users", &ada).await, 200).await;
    let path = format!("/api/v1/admin/users/{}", ada.id);
    body(house.patch(&path, &admin, json!({"role": "user"})).await, 200).await;
    problem(house.get("/api/v1/admin/users", &ada).await, 401, "invalid-token").await;
    let ada = house.sign_in("ada@example.org").await;
    problem(house.get("/api/v1/admin/users", &ada).await, 403, "forbidden").await;
}

#[tokio::test]
async fn the_last_admin_stays() {
    let house = House::build().await;
    let admin = house.admin().await;
    let own = format!("/api/v1/admin/users/{}", admin.id);
    for change in [json!({"disabled": true}), json!({"role": "user"}), json!({"role": "canary", "disabled": false})] {
        problem(house.patch(&own, &admin, change).await, 409, "last-admin").await;
    }
    // Somebody who has not accepted the invite cannot sign in, and so is no other admin.
    let invited = json!({"email": "second@example.org", "role": "admin"});
    body(house.post("/api/v1/admin/users", &admin, invited).await, 201).await;
    problem(house.patch(&own, &admin, json!({"disabled": true})).await, 409, "last-admin").await;
    house.user_with_role(&admin, "third@example.org", "admin").await;
    body(house.patch(&own, &admin, json!({"disabled": true})).await, 200).await;
}

#[tokio::test]
async fn two_admins_cannot_remove_each_other_at_once() {
    let house = House::build().await;
    let one = house.admin().await;
    let two = house.user_with_role(&one, "second@example.org", "admin").await;
    let (path_one, path_two) = (format!("/api/v1/admin/users/{}", one.id), format!("/api/v1/admin/users/{}", two.id));
    tokio::join!(
        house.patch(&path_two, &one, json!({"disabled": true})),
        house.patch(&path_one, &two, json!({"disabled": true}))
    );
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.users WHERE role = 'admin' AND disabled_at IS NULL")
        .fetch_one(&house.database)
        .await
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn bootstrapping_again_changes_nothing_and_mends_what_is_missing() {
    let house = House::build().await;
    let store = gateway::state::connect(house.env.get("DATABASE_URL").unwrap(), 5).await.unwrap();
    let person =
        |email: &str, password: &str| FirstPerson { email: email.into(), password: Secret::new(password.into()) };
    let admin = person(ADMIN, "never looked at again");
    let canary = person("canary@example.org", PASSWORD);
    let first = bootstrap::people(&store, &admin, Some(&canary)).await.unwrap();
    assert_eq!((first.admin, first.canary), (Ensured::Present, Some(Ensured::Created)));
    let second = bootstrap::people(&store, &admin, Some(&canary)).await.unwrap();
    assert_eq!((second.admin, second.canary), (Ensured::Present, Some(Ensured::Present)));
    let rotated = person("canary@example.org", "another horse battery");
    let third = bootstrap::people(&store, &admin, Some(&rotated)).await.unwrap();
    assert_eq!(third.canary, Some(Ensured::Updated));
    body(house.try_sign_in("canary@example.org", "another horse battery").await, 200).await;
    house.admin().await;
    house.execute("UPDATE e2i.users SET disabled_at = now() WHERE role = 'admin'").await;
    assert_eq!(bootstrap::people(&store, &admin, None).await.unwrap().admin, Ensured::Updated);
    house.admin().await;
    let error = bootstrap::people(&store, &admin, Some(&person(ADMIN, PASSWORD))).await.unwrap_err();
    assert!(error.to_string().contains("CANARY_EMAIL"), "{error}");
}

#[tokio::test]
async fn of_two_that_bootstrap_at_once_one_makes_the_admin() {
    let servers = servers::fresh().await.unwrap();
    store::schema::migrate(&servers.database_url, &store::schema::Patience::default()).await.unwrap();
    let store = gateway::state::connect(&servers.database_url, 5).await.unwrap();
    let admin =
        |name: &str| FirstPerson { email: format!("{name}@example.org"), password: Secret::new(PASSWORD.into()) };
    let (a, b) = (admin("a"), admin("b"));
    let (one, two) = tokio::join!(bootstrap::people(&store, &a, None), bootstrap::people(&store, &b, None));
    let mut outcomes = [one.unwrap().admin, two.unwrap().admin];
    outcomes.sort_by_key(|outcome| *outcome == Ensured::Present);
    assert_eq!(outcomes, [Ensured::Created, Ensured::Present]);
}

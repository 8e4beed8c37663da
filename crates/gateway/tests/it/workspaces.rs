//! Workspaces: what is not yours does not exist.

use http::Method;
use serde_json::{Value, json};

use crate::house::{House, Person, body, problem};

async fn create(house: &House, owner: &Person, name: &str) -> String {
    let made = body(house.post("/api/v1/workspaces", owner, json!({"name": name})).await, 201).await;
    made["id"].as_str().unwrap().to_owned()
}

async fn add(house: &House, owner: &Person, workspace: &str, member: &Person, role: &str) -> Value {
    let path = format!("/api/v1/workspaces/{workspace}/members");
    body(house.post(&path, owner, json!({"email": member.email, "role": role})).await, 200).await
}

#[tokio::test]
async fn everybody_has_a_personal_workspace() {
    let house = House::build().await;
    let admin = house.admin().await;
    let account = body(house.get("/api/v1/account", &admin).await, 200).await;
    assert_eq!(account["role"], "admin");
    let workspaces = account["workspaces"].as_array().unwrap();
    assert_eq!(workspaces.len(), 1);
    assert_eq!(
        (&workspaces[0]["name"], &workspaces[0]["personal"], &workspaces[0]["role"]),
        (&json!("admin"), &json!(true), &json!("owner"))
    );
}

#[tokio::test]
async fn somebody_first_seen_gets_a_personal_workspace() {
    let house = House::build().await;
    let admin = house.admin().await;
    house.execute("DELETE FROM e2i.workspaces").await;
    let (one, two) = tokio::join!(house.get("/api/v1/workspaces", &admin), house.get("/api/v1/workspaces", &admin));
    for list in [one, two] {
        assert_eq!(body(list, 200).await["workspaces"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn an_owner_makes_names_and_shares_a_workspace() {
    let house = House::build().await;
    let admin = house.admin().await;
    let (ada, bob) = (house.user(&admin, "ada@example.org").await, house.user(&admin, "bob@example.org").await);
    let id = create(&house, &ada, "  Brand team ").await;
    let path = format!("/api/v1/workspaces/{id}");
    assert_eq!(body(house.get(&path, &ada).await, 200).await["name"], "Brand team");
    let renamed = body(house.patch(&path, &ada, json!({"name": "Brands"})).await, 200).await;
    assert_eq!(renamed["name"], "Brands");
    assert_eq!(add(&house, &ada, &id, &bob, "viewer").await["role"], "viewer");
    assert_eq!(body(house.get(&path, &bob).await, 200).await["role"], "viewer");
    let member = format!("{path}/members/{}", bob.id);
    assert_eq!(body(house.put(&member, &ada, json!({"role": "analyst"})).await, 200).await["role"], "analyst");
    let members = body(house.get(&format!("{path}/members"), &bob).await, 200).await;
    let listed: Vec<_> = members["members"].as_array().unwrap().iter().map(|member| &member["email"]).collect();
    assert_eq!(listed, ["ada@example.org", "bob@example.org"]);
    body(house.delete(&member, &bob).await, 204).await;
    problem(house.get(&path, &bob).await, 404, "not-found").await;
    for (action, count) in [("workspace.rename", 1), ("member.put", 2), ("member.remove", 1)] {
        assert_eq!(house.audited(action).await, count, "{action}");
    }
}

#[tokio::test]
async fn strangers_and_even_admins_see_nothing() {
    let house = House::build().await;
    let admin = house.admin().await;
    let (ada, eve) = (house.user(&admin, "ada@example.org").await, house.user(&admin, "eve@example.org").await);
    let id = create(&house, &ada, "Secret").await;
    let workspace = format!("/api/v1/workspaces/{id}");
    let members = format!("{workspace}/members");
    let (own, eves) = (format!("{members}/{}", ada.id), format!("{members}/{}", eve.id));
    let attempts = [
        (Method::GET, &workspace, None),
        (Method::PATCH, &workspace, Some(json!({"name": "Mine"}))),
        (Method::GET, &members, None),
        (Method::POST, &members, Some(json!({"email": "eve@example.org", "role": "owner"}))),
        (Method::POST, &members, Some(json!({"email": "nobody@example.org", "role": "owner"}))),
        (Method::PUT, &eves, Some(json!({"role": "owner"}))),
        (Method::DELETE, &own, None),
        (Method::DELETE, &eves, None),
    ];
    for stranger in [&eve, &admin] {
        for (method, path, body) in &attempts {
            let answer = house.ask(method.clone(), path, Some(stranger), body.clone()).await;
            problem(answer, 404, "not-found").await;
        }
        let list = body(house.get("/api/v1/workspaces", stranger).await, 200).await;
        assert!(!list.to_string().contains(&id));
    }
    assert_eq!(body(house.get(&workspace, &ada).await, 200).await["name"], "Secret");
}

#[tokio::test]
async fn members_who_are_no_owners_change_nothing() {
    let house = House::build().await;
    let admin = house.admin().await;
    let (ada, bob) = (house.user(&admin, "ada@example.org").await, house.user(&admin, "bob@example.org").await);
    let id = create(&house, &ada, "Team").await;
    let workspace = format!("/api/v1/workspaces/{id}");
    for role in ["viewer", "analyst"] {
        add(&house, &ada, &id, &bob, role).await;
        let promote = json!({"role": "owner"});
        problem(house.patch(&workspace, &bob, json!({"name": "Mine"})).await, 403, "forbidden").await;
        let own = format!("{workspace}/members/{}", bob.id);
        problem(house.put(&own, &bob, promote).await, 403, "forbidden").await;
        problem(house.delete(&format!("{workspace}/members/{}", ada.id), &bob).await, 403, "forbidden").await;
    }
}

#[tokio::test]
async fn the_last_owner_stays() {
    let house = House::build().await;
    let admin = house.admin().await;
    let (ada, bob) = (house.user(&admin, "ada@example.org").await, house.user(&admin, "bob@example.org").await);
    let id = create(&house, &ada, "Team").await;
    let members = format!("/api/v1/workspaces/{id}/members");
    let (own, bobs) = (format!("{members}/{}", ada.id), format!("{members}/{}", bob.id));
    problem(house.delete(&own, &ada).await, 409, "last-owner").await;
    problem(house.put(&own, &ada, json!({"role": "viewer"})).await, 409, "last-owner").await;
    add(&house, &ada, &id, &bob, "owner").await;
    tokio::join!(house.delete(&bobs, &ada), house.delete(&own, &bob));
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM e2i.workspace_members WHERE workspace_id = $1::uuid")
        .bind(&id)
        .fetch_one(&house.database)
        .await
        .unwrap();
    assert_eq!(left, 1, "two owners who remove each other at once leave one");
}

#[tokio::test]
async fn bad_wishes_are_refused_with_the_reason() {
    let house = House::build().await;
    let admin = house.admin().await;
    problem(house.post("/api/v1/workspaces", &admin, json!({"name": "  "})).await, 422, "unprocessable-content").await;
    let long = "x".repeat(201);
    problem(house.post("/api/v1/workspaces", &admin, json!({"name": long})).await, 422, "unprocessable-content").await;
    let id = create(&house, &admin, "Team").await;
    let members = format!("/api/v1/workspaces/{id}/members");
    let nobody = json!({"email": "nobody@example.org", "role": "viewer"});
    let refused = problem(house.post(&members, &admin, nobody).await, 422, "unprocessable-content").await;
    assert!(refused["detail"].as_str().unwrap().contains("nobody@example.org"), "{refused}");
    let unknown = format!("{members}/00000000-0000-4000-8000-000000000000");
    problem(house.put(&unknown, &admin, json!({"role": "viewer"})).await, 422, "unprocessable-content").await;
    problem(house.delete(&unknown, &admin).await, 404, "not-found").await;
    let canary = house.user_with_role(&admin, "canary@example.org", "canary").await;
    problem(house.post("/api/v1/workspaces", &canary, json!({"name": "Nest"})).await, 403, "forbidden").await;
}

/// Postgres stores every character but this one.
#[tokio::test]
async fn nul_in_a_text_is_the_callers_fault() {
    let house = House::build().await;
    let admin = house.admin().await;
    let named =
        problem(house.post("/api/v1/workspaces", &admin, json!({"name": "a\0b"})).await, 400, "bad-request").await;
    assert!(named["detail"].as_str().unwrap().contains("U+0000"), "{named}");
    for path in ["/api/v1/datasets?name=a%00", "/api/v1/analyses?agent=%00", "/api/v1/admin/users?after=%00"] {
        problem(house.get(path, &admin).await, 400, "bad-request").await;
    }
}

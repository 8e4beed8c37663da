//! A gateway whose people are kept in Supabase.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::project::{Pair, Project};
use crate::house::{House, Person, body, problem};

const ANN: &str = "6f3a2b7c-31d4-4c0e-9a53-0a6f0c1d2e3f";
const LEGACY_SECRET: &str = "super-secret-jwt-token-with-at-least-32-characters";

async fn house(project: &Project) -> House {
    let url = format!("http://{}", project.address);
    House::build_with(move |env| {
        let env = env.with("AUTH_MODE", "supabase").with("SUPABASE_URL", url).with("SUPABASE_ANON_KEY", "anon-key");
        env.with("JWKS_COOLDOWN", "100ms").with("JWT_SECRET_KEY", LEGACY_SECRET)
    })
    .await
}

#[expect(clippy::disallowed_methods, reason = "the gateway under test goes by the machine's clock")]
fn claims(project: &Project, subject: &str) -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({
        "sub": subject, "aud": "authenticated", "iss": format!("http://{}/auth/v1", project.address), "iat": now,
        "exp": now + 3600, "role": "authenticated", "email": "ann@example.org", "is_anonymous": false,
        "session_id": "11111111-2222-4333-8444-555555555555", "app_metadata": {"provider": "email"}, "user_metadata": {},
    })
}

fn person(token: String) -> Person {
    Person { id: ANN.into(), email: "ann@example.org".into(), access_token: token, refresh_token: String::new() }
}

#[tokio::test]
async fn people_of_the_project_work_here_and_sign_in_there() {
    let project = Project::start().await;
    let (curve, rsa) = (Pair::es256(), Pair::rs256("rsa-1"));
    project.publish(&[&curve, &rsa]);
    let house = house(&project).await;
    let config = body(house.ask(Method::GET, "/config.json", None, None).await, 200).await;
    let url = format!("http://{}", project.address);
    assert_eq!((&config["auth_mode"], &config["supabase_url"]), (&json!("supabase"), &json!(url)));
    assert_eq!(
        (&config["supabase_anon_key"], &config["auth_url"]),
        (&json!("anon-key"), &json!(format!("{url}/auth/v1")))
    );
    for pair in [&curve, &rsa] {
        let ann = person(pair.sign(&claims(&project, ANN)));
        let account = body(house.get("/api/v1/account", &ann).await, 200).await;
        assert_eq!((&account["id"], &account["role"]), (&json!(ANN), &json!("user")));
        assert_eq!(account["workspaces"][0]["personal"], true, "{account}");
        assert_eq!(account["workspaces"].as_array().unwrap().len(), 1);
        problem(house.get("/api/v1/admin/users", &ann).await, 404, "supabase-mode").await;
    }
    // Work of their own, and with others who have been here.
    let ann = person(curve.sign(&claims(&project, ANN)));
    let workspace = body(house.post("/api/v1/workspaces", &ann, json!({"name": "shared"})).await, 201).await;
    let members = format!("/api/v1/workspaces/{}/members", workspace["id"].as_str().unwrap());
    let bob = uuid::Uuid::from_u128(7).to_string();
    let role = json!({"role": "viewer"});
    problem(house.put(&format!("{members}/{bob}"), &ann, role.clone()).await, 422, "unprocessable-content").await;
    let bobs = person(curve.sign(&claims(&project, &bob)));
    body(house.get("/api/v1/account", &bobs).await, 200).await;
    body(house.put(&format!("{members}/{bob}"), &ann, role).await, 200).await;
    for (method, path) in [
        (Method::POST, "/auth/v1/token?grant_type=password"),
        (Method::POST, "/auth/v1/link/accept"),
        (Method::GET, "/auth/v1/user"),
        (Method::GET, "/auth/v1/.well-known/jwks.json"),
        (Method::GET, "/api/v1/account/sessions"),
    ] {
        let refused = problem(house.ask(method, path, None, Some(json!({}))).await, 404, "supabase-mode").await;
        assert_eq!(refused["auth_url"], format!("{url}/auth/v1"));
    }
}

#[tokio::test]
async fn project_api_keys_forged_tokens_and_user_metadata_open_nothing() {
    let project = Project::start().await;
    let curve = Pair::es256();
    project.publish(&[&curve]);
    let house = house(&project).await;
    let get = async |token: String| house.get("/api/v1/account", &person(token)).await;
    for (name, value) in [("role", json!("anon")), ("role", json!("service_role")), ("is_anonymous", json!(true))] {
        let mut claims = claims(&project, ANN);
        claims[name] = value;
        problem(get(curve.sign(&claims)).await, 401, "invalid-token").await;
    }
    let stranger = Pair::es256();
    problem(get(stranger.sign(&claims(&project, ANN))).await, 401, "invalid-token").await;
    let header = jsonwebtoken::Header { kid: Some(curve.kid.clone()), ..Default::default() };
    let public = jsonwebtoken::EncodingKey::from_secret(curve.public.to_string().as_bytes());
    let confused = jsonwebtoken::encode(&header, &claims(&project, ANN), &public).unwrap();
    problem(get(confused).await, 401, "invalid-token").await;
    let mut vain = claims(&project, ANN);
    vain["user_metadata"] = json!({"role": "admin"});
    let account = body(get(curve.sign(&vain)).await, 200).await;
    assert_eq!(account["role"], "user");
    let legacy = jsonwebtoken::EncodingKey::from_secret(LEGACY_SECRET.as_bytes());
    let legacy = jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims(&project, ANN), &legacy).unwrap();
    body(get(legacy).await, 200).await;
}

#[tokio::test]
async fn keys_away_at_the_start_are_503_and_then_people_are_let_in() {
    let project = Project::start().await;
    let curve = Pair::es256();
    let house = house(&project).await;
    let ann = person(curve.sign(&claims(&project, ANN)));
    let away = house.get("/api/v1/account", &ann).await;
    assert!(away.headers().contains_key("retry-after"));
    problem(away, 503, "service-unavailable").await;
    project.publish(&[&curve]);
    let mut status = 0;
    for _ in 0..100 {
        status = house.get("/api/v1/account", &ann).await.status().as_u16();
        assert!([200, 503].contains(&status), "{status}: never 401");
        if status == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(status, 200);
    project.go_down();
    body(house.get("/api/v1/account", &ann).await, 200).await;
}

#[tokio::test]
async fn an_admin_of_the_project_opens_mlflow_until_their_token_expires() {
    let project = Project::start().await;
    let curve = Pair::es256();
    project.publish(&[&curve]);
    let house = house(&project).await;
    let mut claimed = claims(&project, ANN);
    let open = async |claimed: &Value| {
        house.ask(Method::POST, "/api/v1/admin/mlflow-session", Some(&person(curve.sign(claimed))), None).await
    };
    problem(open(&claimed).await, 403, "forbidden").await;
    claimed["app_metadata"]["role"] = json!("admin");
    claimed["exp"] = json!(claimed["iat"].as_i64().unwrap() + 60);
    let opened = open(&claimed).await;
    assert_eq!(opened.status(), 204);
    let cookie = opened.headers()["set-cookie"].to_str().unwrap();
    let seconds: i64 = cookie.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    let asked = house.client().get(format!("http://{}/internal/mlflow-access", house.address));
    let answer = asked.header("cookie", pair).header("x-original-method", "GET").send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

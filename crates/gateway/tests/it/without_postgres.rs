//! Postgres is away: every route says so, and when to come back.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::json;
use servers::Postgres;

use crate::house::{House, body};

/// Routes that say what they have to say without the database.
const WITHOUT_DATABASE: &[&str] = &[
    "/config.json",
    "/auth/v1/.well-known/jwks.json",
    "/openapi.json",
    "/docs",
    "/auth/v1/health",
    "/auth/v1/settings",
];

#[tokio::test]
async fn every_route_that_needs_it_answers_503_with_retry_after_and_works_again_when_it_is_back() {
    let postgres = Postgres::for_test().await.unwrap();
    postgres.create_database("e2i").await.unwrap();
    let mut servers = servers::fresh().await.unwrap();
    servers.database_url = postgres.url("e2i");
    let house = House::build_on(servers, |env| env).await;
    let admin = house.admin().await;
    postgres.stop().await.unwrap();
    let document = serde_json::to_value(gateway::openapi_document()).unwrap();
    let mut asked = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let at = path.replace("{class}", "small");
            let at = at
                .split('/')
                .map(|part| if part.starts_with('{') { "00000000-0000-4000-8000-000000000000" } else { part });
            asked.push((method, path.clone(), at.collect::<Vec<_>>().join("/")));
        }
    }
    assert!(asked.len() > 50, "{} routes", asked.len());
    let begun = Instant::now();
    let answers = asked.iter().map(|(method, path, at)| {
        let (house, admin) = (&house, &admin);
        async move {
            let with_body = [Method::POST, Method::PUT, Method::PATCH].contains(method).then(|| json!({}));
            let answer = house.ask(method.clone(), at, Some(admin), with_body).await;
            let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
            let kind = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
            (method, path, answer.status().as_u16(), retry_after, kind)
        }
    });
    let mut away = 0;
    for (method, path, status, retry_after, kind) in futures::future::join_all(answers).await {
        if status == 503 {
            away += 1;
            let seconds: u64 = retry_after.expect(path).parse().unwrap();
            assert!((1..=60).contains(&seconds), "{method} {path}: Retry-After {seconds}");
            assert!(*method == Method::HEAD || kind.as_deref() == Some("application/problem+json"), "{method} {path}");
            continue;
        }
        assert!(status < 500, "{method} {path}: {status}");
        let reads = *method == Method::GET && !WITHOUT_DATABASE.contains(&path.as_str());
        assert!(!reads || path.starts_with("/docs"), "{method} {path}: {status} without a database");
    }
    assert!(away > 40, "only {away} of {} routes need Postgres", asked.len());
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    postgres.restart().await.unwrap();
    let me = house.sign_in(crate::house::ADMIN).await;
    body(house.get("/api/v1/admin/dispatch", &me).await, 200).await;
}

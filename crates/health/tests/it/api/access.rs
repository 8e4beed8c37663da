//! Who may order, whose tokens hold, which origins, how often.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::house::{House, Plan, slug, told};

const ORDERS: [(Method, &str); 3] = [
    (Method::POST, "/api/v1/status/windows"),
    (Method::DELETE, "/api/v1/status/windows/1"),
    (Method::POST, "/api/v1/status/alerts/test"),
];

#[tokio::test]
async fn only_admins_order() {
    let house = House::new().await;
    for (method, path) in ORDERS {
        let (status, problem) = told(house.ask(method.clone(), path).json(&json!({})).send().await.unwrap()).await;
        assert_eq!((status, slug(&problem)), (StatusCode::UNAUTHORIZED, "unauthorized"), "{path}");
        let user = house.as_one("user", method, path).json(&json!({}));
        let answer = user.send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let (status, problem) = told(answer).await;
        assert_eq!((status, slug(&problem)), (StatusCode::FORBIDDEN, "forbidden"), "{path}");
        assert!(problem["request_id"].is_string(), "{problem}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_good_is_refused_and_one_that_cannot_be_judged_is_nobodys() {
    let (house, other) = (House::new().await, House::new().await);
    for path in ["/health", "/api/v1/status", "/api/v1/status/incidents"] {
        for token in [house.token("admin", -60), other.token("admin", 3600), "x".to_owned()] {
            let (status, problem) = told(house.ask(Method::GET, path).bearer_auth(token).send().await.unwrap()).await;
            assert_eq!((status, slug(&problem)), (StatusCode::UNAUTHORIZED, "invalid-token"), "{path}");
        }
    }
    // Whoever signs tokens has never been there: what is wrong is told all the same.
    let house = House::new().await;
    house.lose_keys();
    let (status, now) = house.get("admin", "/api/v1/status").await;
    assert_eq!((status, &now["alerts"]), (StatusCode::OK, &json!(null)));
    let (status, _) = house.post("/api/v1/status/alerts/test", &json!({})).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "an order waits for the keys");
}

#[tokio::test]
async fn errors_are_problems() {
    let house = House::new().await;
    for (method, path, status, kind) in [
        (Method::GET, "/api/v1/status/nothing", StatusCode::NOT_FOUND, "not-found"),
        (Method::DELETE, "/health", StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
        (Method::DELETE, "/api/v1/status/windows/x", StatusCode::NOT_FOUND, "not-found"),
    ] {
        let answer = house.as_one("admin", method, path).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        let (found, problem) = told(answer).await;
        assert_eq!((found, slug(&problem)), (status, kind), "{path}");
    }
}

#[tokio::test]
async fn scripts_of_named_origins_may_ask() {
    let variables = [("CORS_ORIGINS", "https://app.example.org".to_owned())];
    let house = House::with(Plan { variables: &variables, ..Plan::default() }).await;
    for (origin, allowed) in [("https://app.example.org", true), ("https://evil.example.org", false)] {
        for path in ["/health", "/api/v1/status", "/api/v1/status/nothing"] {
            let answer = house.ask(Method::GET, path).header("origin", origin).send().await.unwrap();
            let headers = answer.headers();
            let named = headers.get("access-control-allow-origin").map(|value| value.to_str().unwrap());
            assert_eq!(named, allowed.then_some(origin), "{path}");
            assert!(!headers.contains_key("access-control-allow-credentials"));
        }
        let preflight = house
            .ask(Method::OPTIONS, "/api/v1/status/windows")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        let answer = preflight.send().await.unwrap();
        assert_eq!(answer.headers().contains_key("access-control-allow-origin"), allowed);
    }
}

#[tokio::test]
async fn an_address_asks_so_often_and_health_is_free() {
    let variables = [("RATE_LIMIT_ADDRESS_PER_MINUTE", "5".to_owned())];
    let house = House::with(Plan { variables: &variables, ..Plan::default() }).await;
    for _ in 0..20 {
        assert_eq!(house.get("nobody", "/health").await.0, StatusCode::OK);
    }
    for _ in 0..5 {
        assert_eq!(house.get("nobody", "/api/v1/status").await.0, StatusCode::OK);
    }
    let answer = house.ask(Method::GET, "/api/v1/status").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers().contains_key("retry-after") && answer.headers().contains_key("ratelimit"));
}

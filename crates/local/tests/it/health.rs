//! The health service beside the platform that it looks at, through a real nginx.

use local::platform::Platform;
use serde_json::Value;

use crate::house::{E2I, eventually};
use crate::wire;

fn nginx(platform: &Platform) -> std::net::SocketAddr {
    platform.public_url().trim_start_matches("http://").parse().unwrap()
}

/// What anybody is told, with the answer's code.
async fn health(platform: &Platform) -> (u16, Value) {
    let answer = wire::get(wire::client(2), nginx(platform), "/health", "").await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or(Value::Null))
}

fn state(body: &Value, part: &str) -> String {
    body["checks"][part][0]["state"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_is_down_is_said_through_nginx_and_nothing_else_is_blamed() {
    let platform = Platform::for_test_with_health(E2I, 1, &[("HEALTH_CANARY_EVERY", "10m")]).await.unwrap();
    let parts = ["nginx", "gateway", "worker", "postgres", "redis", "object-store", "canary"];
    eventually("every part has been looked at and is well", async || {
        let (code, body) = health(&platform).await;
        let well = parts.iter().all(|part| ["pass", "warn"].contains(&state(&body, part).as_str()));
        (code == 200 && well).then_some(())
    })
    .await;
    let status = wire::get(wire::client(2), nginx(&platform), "/api/v1/status", "").await;
    assert_eq!(status.status, 200, "{status:?}");
    // For good: a killed one is started again.
    platform.workers()[0].stop().await;
    let body = eventually("the worker is said to be down", async || {
        let (code, body) = health(&platform).await;
        (code == 503 && state(&body, "worker") == "fail").then_some(body)
    })
    .await;
    for part in ["nginx", "gateway", "postgres", "redis"] {
        assert_ne!(state(&body, part), "fail", "{part}: {body}");
    }
    let private = platform.workers()[0].private_address().to_string();
    assert!(!body.to_string().contains(&private), "anybody is told an address: {body}");
    // It waits for nobody: without the gateway it answers on.
    platform.gateway().stop().await;
    assert_eq!(health(&platform).await.0, 503);
    platform.stop().await;
}

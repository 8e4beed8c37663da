//! Ways to the private port, and out of the public paths.

use super::{targets, victim};
use crate::wire::{self, client};

const PATHS: [&str; 22] = [
    "/metrics",
    "/livez",
    "/readyz",
    "/metrics/",
    "//metrics",
    "/%6d%65%74rics",
    "/metrics%00",
    "/metrics%2f",
    "/api/../metrics",
    "/api/v1/../../metrics",
    "/api/v1/%2e%2e/%2e%2e/metrics",
    "/api/v1/..%2f..%2fmetrics",
    "/api/v1/..%252f..%252fmetrics",
    "/api/v1/..;/..;/metrics",
    "/docs/../metrics",
    "/docs/..%2f..%2f..%2fetc/passwd",
    "/docs/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/../../../../etc/passwd",
    "/auth/v1/../../readyz",
    "/config.json/../metrics",
    "/api/v1/events/../../../metrics",
    "/.git/config",
];

fn tells_nothing(answer: &wire::Answer, asked: &str) {
    assert!((400..500).contains(&answer.status), "{asked}: {answer:?}");
    for private in ["# TYPE", "# HELP", "http_requests_total", "\"revision\"", "root:x:", "[core]"] {
        assert!(!answer.body.contains(private), "{asked} tells {private}: {}", answer.body);
    }
}

#[tokio::test]
async fn metrics_and_readiness_are_never_reachable_by_path() {
    let platform = victim(&[]).await;
    for (target, address) in targets(&platform) {
        for path in PATHS {
            tells_nothing(&wire::get(client(2), address, path, "").await, &format!("{target} {path}"));
        }
    }
}

#[tokio::test]
async fn metrics_and_readiness_are_never_reachable_by_host() {
    let platform = victim(&[]).await;
    let private = platform.gateway().private_address();
    for (target, address) in targets(&platform) {
        let by_host = format!("GET /metrics HTTP/1.1\r\nHost: {private}\r\nConnection: close\r\n\r\n");
        tells_nothing(&wire::send(client(2), address, by_host.as_bytes()).await, &format!("{target} by host"));
        let absolute = format!("GET http://{private}/metrics HTTP/1.1\r\nHost: {private}\r\nConnection: close\r\n\r\n");
        tells_nothing(&wire::send(client(2), address, absolute.as_bytes()).await, &format!("{target} absolute"));
        let connect = format!("CONNECT {private} HTTP/1.1\r\nHost: {private}\r\nConnection: close\r\n\r\n");
        tells_nothing(&wire::send(client(2), address, connect.as_bytes()).await, &format!("{target} CONNECT"));
    }
}

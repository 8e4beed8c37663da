//! The private port and the subcommand that asks it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chassis::lifecycle::Shutdown;
use chassis::private::{Check, Identity, router, serve_private};
use chassis::{healthcheck, telemetry};
use tokio::net::TcpListener;

async fn start(checks: Vec<Check>, shutdown: &Shutdown) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let identity = Identity { service: "e2i-test", version: "1.2.3", revision: "abc123".into() };
    let router = router(identity, checks, telemetry::metrics::install().unwrap(), shutdown);
    let shutdown = shutdown.clone();
    tokio::spawn(async move { serve_private(listener, router, &shutdown).await });
    address
}

async fn ask(address: SocketAddr, path: &'static str) -> Result<String, String> {
    let asked = tokio::task::spawn_blocking(move || healthcheck::ask(address, path));
    asked.await.unwrap().map_err(|error| format!("{error:#}"))
}

#[tokio::test]
async fn readiness_follows_its_checks_and_tells_the_revision() {
    let up = Arc::new(AtomicBool::new(true));
    let probed = Arc::clone(&up);
    let check = Check::new("postgres", Duration::from_secs(1), move || {
        let up = probed.load(Ordering::Relaxed);
        async move { if up { Ok(()) } else { Err(anyhow::anyhow!("connection refused")) } }
    });
    let shutdown = Shutdown::new();
    let address = start(vec![check], &shutdown).await;
    let body: serde_json::Value = serde_json::from_str(&ask(address, "/readyz").await.unwrap()).unwrap();
    assert_eq!((&body["status"], &body["revision"]), (&"pass".into(), &"abc123".into()), "{body}");
    up.store(false, Ordering::Relaxed);
    let error = ask(address, "/readyz").await.unwrap_err();
    assert!(error.contains("503") && error.contains("connection refused"), "{error}");
    ask(address, "/livez").await.unwrap();
    up.store(true, Ordering::Relaxed);
    shutdown.begin(Duration::from_mins(1));
    let error = ask(address, "/readyz").await.unwrap_err();
    assert!(error.contains("\"draining\":true"), "the private port still tells while draining: {error}");
}

#[tokio::test]
async fn a_check_that_never_answers_fails_in_time() {
    let check = Check::new("redis", Duration::from_millis(100), std::future::pending);
    let address = start(vec![check], &Shutdown::new()).await;
    let error = ask(address, "/readyz").await.unwrap_err();
    assert!(error.contains("no answer within 100 ms"), "{error}");
}

#[tokio::test]
async fn without_something_optional_it_is_ready_and_says_so() {
    let redis =
        Check::new("redis", Duration::from_secs(1), || async { anyhow::bail!("connection refused") }).optional();
    let address = start(vec![redis], &Shutdown::new()).await;
    let body: serde_json::Value = serde_json::from_str(&ask(address, "/readyz").await.unwrap()).unwrap();
    assert_eq!((&body["status"], &body["degraded"]), (&"warn".into(), &serde_json::json!(["redis"])), "{body}");
}

#[tokio::test]
async fn metrics_are_rendered() {
    let address = start(Vec::new(), &Shutdown::new()).await;
    metrics::counter!("healthcheck_test_total").increment(1);
    assert!(ask(address, "/metrics").await.unwrap().contains("healthcheck_test_total 1"));
}

#[tokio::test]
async fn nobody_listening_is_said() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert!(ask(address, "/livez").await.unwrap_err().contains("nobody listens"));
}

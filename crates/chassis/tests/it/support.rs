//! A small service made of chassis parts, and a client that can misbehave.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use chassis::entropy::SeededEntropy;
use chassis::http::{Json, Path, Problem, Query, ServerLimits, Stack, serve};
use chassis::lifecycle::Shutdown;
use futures::stream;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Body limit of the test service.
pub(crate) const BODY_LIMIT: u64 = 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Greeting {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
struct Page {
    limit: u8,
}

pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: Shutdown,
    pub(crate) server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Service {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/greet", post(|Json(greeting): Json<Greeting>| async move { Json(greeting) }))
        .nest("/items", Router::new().route("/{id}", get(|Path(id): Path<uuid::Uuid>| async move { id.to_string() })))
        .route("/pages", get(|Query(page): Query<Page>| async move { page.limit.to_string() }))
        .route("/panic", get(|| async { panic_with("the password is hunter2") }))
        .route("/fault", get(|| async { Problem::internal(anyhow::anyhow!("the password is hunter2")) }))
        .route("/slow", get(|| tokio::time::sleep(Duration::from_mins(1))))
        .route("/nap", get(|| async { tokio::time::sleep(Duration::from_millis(300)).await }))
        .route("/stream", get(endless))
        .route("/upload", post(|body: Body| async move { count(body).await }))
}

fn panic_with(message: &str) {
    panic!("{message}")
}

/// Slower than the request timeout, which does not hold for it.
async fn endless() -> Body {
    tokio::time::sleep(Duration::from_millis(900)).await;
    Body::from_stream(stream::iter([Ok::<_, std::io::Error>("event: late\n\n")]))
}

async fn count(body: Body) -> String {
    axum::body::to_bytes(body, usize::MAX).await.map_or_else(|_| "cut".to_owned(), |bytes| bytes.len().to_string())
}

pub(crate) fn stack() -> Stack {
    Stack {
        body_limit_bytes: BODY_LIMIT,
        request_timeout: Duration::from_millis(600),
        body_idle_timeout: Duration::from_millis(300),
        cors_origins: vec!["https://app.example.org".parse().unwrap()],
        streaming_routes: vec!["/stream"],
        upload_routes: vec!["/upload"],
        ..Stack::new(SeededEntropy::new(1))
    }
}

pub(crate) async fn start() -> Service {
    start_with(stack(), ServerLimits { header_read_timeout: Duration::from_millis(300), ..ServerLimits::default() })
        .await
}

pub(crate) async fn start_with(stack: Stack, limits: ServerLimits) -> Service {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = Shutdown::new();
    let router = stack.around(routes());
    let stop = shutdown.clone();
    let server = tokio::spawn(async move { serve(listener, router, limits, &stop).await });
    Service { address, shutdown, server }
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap()
}

/// Checks that an answer is a complete problem of `status` and gives its body.
pub(crate) async fn problem(response: reqwest::Response, status: u16) -> serde_json::Value {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let request_id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let path = response.url().path().to_owned();
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["status"], status, "{body}");
    assert_eq!(body["request_id"], request_id, "{body}");
    assert_eq!(body["instance"], path, "{body}");
    assert!(body["type"].as_str().unwrap().starts_with("urn:e2i:problem:"), "{body}");
    assert!(body["title"].is_string(), "{body}");
    body
}

/// Sends `bytes` as they are and reads until the server closes.
pub(crate) async fn raw(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _reset_is_an_end_too = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

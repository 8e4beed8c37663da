//! Every error is a complete problem, whoever made it.

use std::sync::{Arc, Mutex};

use tower::ServiceExt as _;

use crate::support::{BODY_LIMIT, client, problem, raw, routes, stack, start};

#[tokio::test]
async fn the_router_says_404_and_405() {
    let service = start().await;
    let body = problem(client().get(service.url("/nowhere")).send().await.unwrap(), 404).await;
    assert_eq!(body["detail"], "there is nothing at /nowhere");
    let response = client().delete(service.url("/hello")).send().await.unwrap();
    assert_eq!(response.headers()["allow"], "GET,HEAD");
    let body = problem(response, 405).await;
    assert_eq!(body["type"], "urn:e2i:problem:method-not-allowed");
}

#[tokio::test]
async fn extractors_say_what_was_wrong() {
    let service = start().await;
    let post = |media_type: &str, body: &'static str| {
        client().post(service.url("/greet")).header("content-type", media_type).body(body).send()
    };
    problem(post("text/plain", "{}").await.unwrap(), 415).await;
    let body = problem(post("application/json", "{not json").await.unwrap(), 400).await;
    assert!(body["detail"].as_str().unwrap().contains("line 1 column 2"), "{body}");
    let body = problem(post("application/json", r#"{"nome":"x"}"#).await.unwrap(), 422).await;
    assert!(body["detail"].as_str().unwrap().contains("unknown field `nome`"), "{body}");
    let body = problem(client().get(service.url("/pages?limit=many")).send().await.unwrap(), 400).await;
    assert!(body["detail"].as_str().unwrap().contains("invalid digit"), "{body}");
    let body = problem(client().get(service.url("/items/7")).send().await.unwrap(), 404).await;
    assert_eq!(body["detail"], "there is nothing at /items/7");
}

#[tokio::test]
async fn panics_and_faults_are_opaque() {
    let service = start().await;
    for path in ["/panic", "/fault"] {
        let body = problem(client().get(service.url(path)).send().await.unwrap(), 500).await;
        assert!(!body.to_string().contains("hunter2"), "{body}");
    }
    let alive = client().get(service.url("/hello")).send().await.unwrap();
    assert_eq!(alive.status(), 200, "a panic ends its request alone");
}

#[tokio::test]
async fn a_declared_length_above_the_limit_is_refused() {
    let service = start().await;
    let large = "x".repeat(usize::try_from(BODY_LIMIT).unwrap() + 1);
    let request = client().post(service.url("/greet")).header("content-type", "application/json").body(large);
    let body = problem(request.send().await.unwrap(), 413).await;
    assert_eq!(body["limit_bytes"], BODY_LIMIT);
}

#[tokio::test]
async fn a_chunked_body_meets_the_same_limit() {
    let service = start().await;
    let chunks = futures::stream::iter((0..40).map(|_| Ok::<_, std::io::Error>("x".repeat(100))));
    let request = client()
        .post(service.url("/greet"))
        .header("content-type", "application/json")
        .body(reqwest::Body::wrap_stream(chunks));
    let body = problem(request.send().await.unwrap(), 413).await;
    assert_eq!(body["limit_bytes"], BODY_LIMIT);
}

#[tokio::test]
async fn uploads_may_be_larger_but_not_stall() {
    let service = start().await;
    let request = client().post(service.url("/upload")).body("x".repeat(100_000));
    assert_eq!(request.send().await.unwrap().text().await.unwrap(), "100000");
    let stalled =
        raw(service.address, "POST /upload HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\nabc");
    assert!(stalled.await.ends_with("cut"));
}

#[tokio::test]
async fn a_slow_body_is_told_so() {
    let service = start().await;
    let head = "POST /greet HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{";
    let answer = raw(service.address, head).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[tokio::test]
async fn a_slow_handler_is_cut_and_a_stream_is_not() {
    let service = start().await;
    problem(client().get(service.url("/slow")).send().await.unwrap(), 504).await;
    let stream = client().get(service.url("/stream")).send().await.unwrap();
    assert_eq!(stream.text().await.unwrap(), "event: late\n\n");
}

#[tokio::test]
async fn request_ids_are_taken_over_when_sane() {
    let service = start().await;
    let id_of = async |given: &str| {
        let response = client().get(service.url("/hello")).header("x-request-id", given).send().await.unwrap();
        response.headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id_of("from-nginx-0001").await, "from-nginx-0001");
    assert_eq!(id_of("bad id!").await.len(), 32);
}

#[tokio::test]
async fn errors_carry_cors_headers_for_listed_origins_alone() {
    let service = start().await;
    let from = |origin: &'static str| client().get(service.url("/nowhere")).header("origin", origin).send();
    let listed = from("https://app.example.org").await.unwrap();
    assert_eq!(listed.headers()["access-control-allow-origin"], "https://app.example.org");
    assert!(listed.headers().get("access-control-allow-credentials").is_none());
    let stranger = from("https://evil.example.org").await.unwrap();
    assert!(stranger.headers().get("access-control-allow-origin").is_none());
    problem(stranger, 404).await;
}

#[tokio::test]
async fn a_preflight_is_answered_without_a_token() {
    let service = start().await;
    let request = client()
        .request(http::Method::OPTIONS, service.url("/greet"))
        .header("origin", "https://app.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,idempotency-key");
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.headers()["access-control-allow-headers"].to_str().unwrap().contains("idempotency-key"));
}

/// What a subscriber of this thread wrote.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_cause_of_a_fault_is_logged_once_with_the_request_s_id() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().json().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let router = stack().around(routes());
    for path in ["/fault", "/panic"] {
        let request = http::Request::get(path).header("x-request-id", "request-0001");
        let request = request.body(axum::body::Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), 500);
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let faults: Vec<&str> = text.lines().filter(|line| line.contains("hunter2")).collect();
    assert_eq!(faults.len(), 2, "{text}");
    assert!(faults.iter().all(|line| line.contains("request-0001") && line.contains("ERROR")), "{faults:?}");
}

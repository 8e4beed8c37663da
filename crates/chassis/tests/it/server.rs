//! The accept loop: slow clients, too many clients, the end.

use std::time::{Duration, Instant};

use chassis::http::ServerLimits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{client, problem, raw, stack, start, start_with};

#[tokio::test]
async fn slow_headers_are_cut() {
    let service = start().await;
    let started = Instant::now();
    let answer = raw(service.address, "GET /hello HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    assert!(!answer.contains("200"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(3), "cut after {:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let service = start().await;
    let started = Instant::now();
    raw(service.address, "").await;
    assert!(started.elapsed() < Duration::from_secs(3), "closed after {:?}", started.elapsed());
}

#[tokio::test]
async fn one_connection_too_many_is_told_so_fast() {
    let limits = ServerLimits { max_connections: 2, ..ServerLimits::default() };
    let service = start_with(stack(), limits).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        stream.write_all(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = [0; 512];
        assert!(stream.read(&mut answer).await.unwrap() > 0);
        held.push(stream);
    }
    let answer = raw(service.address, "GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    assert!(answer.contains("retry-after: 1"), "{answer}");
    drop(held);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(client().get(service.url("/hello")).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn one_request_too_many_is_told_so_fast() {
    let service = start_with(chassis::http::Stack { max_in_flight: 1, ..stack() }, ServerLimits::default()).await;
    let running = tokio::spawn(client().get(service.url("/nap")).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let refused = client().get(service.url("/hello")).send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    problem(refused, 503).await;
    assert_eq!(running.await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn every_answer_says_its_revision_errors_too() {
    let revision = Some("0123456789ab".parse().unwrap());
    let service = start_with(chassis::http::Stack { revision, ..stack() }, ServerLimits::default()).await;
    for path in ["/hello", "/nowhere"] {
        let answer = client().get(service.url(path)).send().await.unwrap();
        assert_eq!(answer.headers()["x-e2i-revision"], "0123456789ab", "{path}");
    }
}

#[tokio::test]
async fn the_end_lets_running_requests_finish_and_takes_no_more() {
    let service = start().await;
    let running = tokio::spawn(client().get(service.url("/nap")).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    service.shutdown.begin(Duration::from_secs(10));
    assert_eq!(running.await.unwrap().unwrap().status(), 200);
    service.server.await.unwrap().unwrap();
    assert!(TcpStream::connect(service.address).await.is_err());
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_end() {
    let service = start_with(stack(), ServerLimits::default()).await;
    let client = client();
    assert_eq!(client.get(service.url("/hello")).send().await.unwrap().status(), 200);
    service.shutdown.begin(Duration::from_mins(1));
    tokio::time::timeout(Duration::from_secs(2), service.server).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_forced_end_cuts_what_runs() {
    let service = start().await;
    let running = tokio::spawn(client().get(service.url("/nap")).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    service.shutdown.force();
    tokio::time::timeout(Duration::from_secs(1), service.server).await.unwrap().unwrap().unwrap();
    assert!(running.await.unwrap().is_err());
}

#[tokio::test]
async fn a_resting_connection_outlives_the_header_time_limit_but_not_its_own() {
    let limits = ServerLimits {
        header_read_timeout: Duration::from_millis(200),
        keep_alive_timeout: Duration::from_secs(1),
        ..ServerLimits::default()
    };
    let service = start_with(stack(), limits).await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let rest = tokio::time::timeout(Duration::from_secs(2), stream.read(&mut [0; 1024])).await;
    assert_eq!(rest.unwrap().unwrap(), 0, "closed by the server");
}

/// A proxy that is not told keeps the connection, and what it sends there next is lost.
#[tokio::test]
async fn an_answer_before_the_end_of_the_body_says_that_the_connection_ends() {
    let service = start().await;
    for head in [
        "POST /hello HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n",
        "POST /nowhere HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
        "POST /greet HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\n",
    ] {
        let answer = raw(service.address, head).await;
        assert!(answer.starts_with("HTTP/1.1 4") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
    let read = client().post(service.url("/upload")).body("hello").send().await.unwrap();
    assert_eq!((read.status().as_u16(), read.headers().get("connection")), (200, None));
}

/// Who is busy sending must still get to read why it was refused: no reset that overtakes the answer.
#[tokio::test]
async fn an_early_answer_reaches_a_client_that_is_still_sending() {
    const BODY_BYTES: usize = 8 << 20;
    let service = start().await;
    let mut stream = TcpStream::connect(service.address).await.unwrap();
    let head = format!("POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: {BODY_BYTES}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // The answer is there, unread, before the first byte of the body goes out.
    stream.readable().await.unwrap();
    stream.write_all(&vec![b'x'; BODY_BYTES]).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

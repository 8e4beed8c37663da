//! What nginx passes on, and how: headers, streams, large bodies, resting connections.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::upstream::Front;
use crate::house::eventually;
use crate::wire::{self, client};

const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn services_are_told_who_asks_and_claims_of_the_client_are_thrown_away() {
    let front = Front::start(LONG).await;
    let claims = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 198.51.100.1, 10.0.0.1\r\nX-Real-IP: 203.0.113.9\r\n\
                  Forwarded: for=203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\n\
                  X-Request-Id: claims-0001\r\nAuthorization: Bearer abc\r\n";
    for last in [2, 3] {
        assert_eq!(wire::get(client(last), front.address(), "/api/v1/me?secret=1", claims).await.status, 200);
        let head = front.last().head;
        assert!(head.contains(&format!("x-forwarded-for: 127.0.0.{last}\r\n")), "{head}");
        assert!(head.contains("x-forwarded-proto: http\r\n"), "{head}");
        assert!(head.contains("host: e2i\r\n") && head.contains("x-forwarded-host: e2i\r\n"), "{head}");
        assert!(head.contains("x-request-id: claims-0001\r\n"), "{head}");
        assert!(head.contains("authorization: bearer abc\r\n"), "{head}");
        for thrown_away in ["203.0.113", "198.51.100", "evil", "x-real-ip", "forwarded: for"] {
            assert!(!head.contains(thrown_away), "{thrown_away} in {head}");
        }
    }
    wire::get(client(2), front.address(), "/api/v1/me", "X-Request-Id: a b\"{}\r\n").await;
    let head = front.last().head;
    let id = head.split("x-request-id: ").nth(1).unwrap().split('\r').next().unwrap();
    assert!(id.len() == 32 && id.bytes().all(|letter| letter.is_ascii_hexdigit()), "{head}");
}

#[tokio::test]
async fn the_access_log_is_json_and_holds_no_secret() {
    let front = Front::start(LONG).await;
    wire::get(client(2), front.address(), "/api/v1/me?token=hunter2", "Authorization: Bearer hunter2\r\n").await;
    let log = front.nginx.access_log();
    let text = eventually("a line in the access log", async || {
        std::fs::read_to_string(&log).ok().filter(|text| text.contains('\n'))
    })
    .await;
    assert!(!text.contains("hunter2"), "{text}");
    let line: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((&line["client"], &line["path"]), (&"127.0.0.2".into(), &"/api/v1/me".into()));
    assert_eq!(line["status"], 200);
    // An error of nginx's own is answered from a path of its own.
    wire::get(client(2), front.address(), "/no/such/path?token=hunter2", "").await.problem(404, "not-found");
    let text = eventually("a line about the error", async || {
        std::fs::read_to_string(&log).ok().filter(|text| text.lines().count() == 2)
    })
    .await;
    let line: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((&line["path"], &line["status"]), (&"/no/such/path".into(), &404.into()));
}

#[tokio::test]
async fn events_arrive_one_by_one_and_are_never_compressed() {
    let front = Front::start(LONG).await;
    for path in ["/api/v1/events", "/api/v1/analyses/0199-a/events"] {
        let mut stream = wire::connect(client(2), front.address()).await;
        let request = format!("GET {path} HTTP/1.1\r\nHost: e2i\r\nAccept-Encoding: gzip, br\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut heard = String::new();
        for event in ["id: 1-1\ndata: {}\n\n", "id: 1-2\ndata: {}\n\n", ": heartbeat\n\n"] {
            // The next is sent only when this one has arrived: a buffer anywhere would hang the test.
            front.events.send(event).unwrap();
            let arrived = async {
                while !heard.contains(event) {
                    let mut bytes = [0; 4096];
                    let read = stream.read(&mut bytes).await.unwrap();
                    assert!(read > 0, "closed after {heard}");
                    heard.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
                }
            };
            tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("an event is held back");
        }
        assert!(!heard.to_ascii_lowercase().contains("content-encoding"), "{heard}");
        drop(stream);
        // The service notices with its next event that nobody listens, and takes the next connection.
        eventually("the closed stream is noticed", async || front.events.send(": heartbeat\n\n").ok()).await;
        break_off(&front).await;
    }
}

/// Two writes after the client has gone: the first is answered by a reset.
async fn break_off(front: &Front) {
    for _ in 0..3 {
        let _ = front.events.send(": heartbeat\n\n");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn json_is_compressed_but_not_where_tokens_are_answered() {
    let front = Front::start(LONG).await;
    let asked = "Accept-Encoding: gzip\r\n";
    let answer = wire::get(client(2), front.address(), "/api/v1/me", asked).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"), "{}", answer.head);
    let answer = wire::get(client(2), front.address(), "/auth/v1/user", asked).await;
    assert_eq!(answer.header("content-encoding"), None, "{}", answer.head);
}

#[tokio::test]
async fn a_large_upload_never_touches_the_disk_of_nginx() {
    const BYTES: usize = 100 << 20;
    let front = Front::start(LONG).await;
    front.forbid_temporary_files();
    for path in ["/api/v1/datasets?name=x", "/api/v1/uploads/0199-a"] {
        let mut stream = wire::connect(client(2), front.address()).await;
        let head = format!("POST {path} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nContent-Length: {BYTES}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let piece = vec![b'x'; 1 << 20];
        for _ in 0..BYTES / piece.len() {
            stream.write_all(&piece).await.unwrap();
        }
        assert_eq!(wire::read(&mut stream).await.status, 200);
        assert_eq!(front.last().body_bytes, BYTES as u64);
    }
    let log = std::fs::read_to_string(front.nginx.log()).unwrap();
    assert!(!log.contains("Permission denied"), "{log}");
}

#[tokio::test]
async fn a_connection_that_the_service_closed_while_it_rested_costs_no_request() {
    let front = Front::start(Duration::from_millis(50)).await;
    for round in 0..40_u64 {
        // Around the moment at which the service closes: before, in the middle, after.
        tokio::time::sleep(Duration::from_millis(30 + round)).await;
        let answer = wire::get(client(2), front.address(), "/api/v1/me", "").await;
        assert_eq!(answer.status, 200, "round {round}: {answer:?}");
    }
}

//! Requests that are too large in every way.

use super::{targets, victim};
use crate::wire::{self, client};

#[tokio::test]
async fn oversized_heads_are_refused_and_nothing_falls_over() {
    let platform = victim(&[]).await;
    for (target, address) in targets(&platform) {
        let line = "x".repeat(1 << 20);
        let attacks = [
            ("a path of 1 MiB", format!("GET /{line} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n\r\n")),
            ("a query of 1 MiB", format!("GET /config.json?{line} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n\r\n")),
            ("a method of 1 MiB", format!("{line} / HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n\r\n")),
            (
                "a token of 1 MiB",
                format!(
                    "GET /api/v1/workspaces HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nAuthorization: Bearer {line}\r\n\r\n"
                ),
            ),
            (
                "5,000 headers",
                format!(
                    "GET /config.json HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n{}\r\n",
                    "X-Many: 1\r\n".repeat(5000)
                ),
            ),
        ];
        for (name, request) in attacks {
            let answer = wire::send(client(2), address, request.as_bytes()).await;
            // 0: closed while we were still sending, which takes the answer away.
            assert!((400..500).contains(&answer.status) || answer.status == 0, "{target}, {name}: {}", answer.head);
            let well = wire::get(client(3), address, "/config.json", "").await;
            assert_eq!(well.status, 200, "{target} after {name}: {well:?}");
        }
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_however_it_is_announced() {
    let platform = victim(&[]).await;
    for (target, address) in targets(&platform) {
        let path = "/auth/v1/token?grant_type=password";
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\nContent-Type: application/json\r\n");
        let declared = format!("{head}Content-Length: 5000000\r\n\r\n");
        let answer = wire::send(client(2), address, declared.as_bytes()).await;
        answer.problem(413, "content-too-large");
        let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..5 {
            chunked.extend_from_slice(b"100000\r\n");
            chunked.extend_from_slice(&vec![b' '; 0x10_0000]);
            chunked.extend_from_slice(b"\r\n");
        }
        chunked.extend_from_slice(b"0\r\n\r\n");
        let answer = wire::send(client(2), address, &chunked).await;
        assert!(answer.status == 413 || answer.status == 0, "{target}: {answer:?}");
    }
}

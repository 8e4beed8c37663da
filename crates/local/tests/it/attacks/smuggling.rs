//! Request smuggling: two readers of one request must never disagree where it ends.

use super::{targets, victim};
use crate::wire::{self, client};

/// What would be executed as a request of its own by a reader who was fooled: a route that answers 200.
const HIDDEN: &str = "GET /config.json HTTP/1.1\r\nHost: e2i\r\n\r\n";

#[tokio::test]
async fn a_request_whose_end_is_ambiguous_is_refused() {
    let platform = victim(&[]).await;
    let length = HIDDEN.len();
    let chunk = format!("{length:x}\r\n{HIDDEN}\r\n0\r\n\r\n");
    let attacks = [
        ("two lengths", format!("Content-Length: 0\r\nContent-Length: {length}\r\n\r\n{HIDDEN}")),
        ("a list of lengths", format!("Content-Length: 0, {length}\r\n\r\n{HIDDEN}")),
        ("length and chunked", format!("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}")),
        ("chunked and length", format!("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n{chunk}")),
        ("an unknown encoding", format!("Transfer-Encoding: xchunked\r\n\r\n{chunk}")),
        ("chunked not last", format!("Transfer-Encoding: chunked, identity\r\n\r\n{chunk}")),
        ("two encodings", format!("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n{chunk}")),
        ("a space before the colon", format!("Transfer-Encoding : chunked\r\n\r\n{chunk}")),
        (
            "a folded header",
            format!("X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: {length}x\r\n\r\n{HIDDEN}"),
        ),
        ("a signed length", format!("Content-Length: +{length}\r\n\r\n{HIDDEN}")),
        ("a negative length", format!("Content-Length: -1\r\n\r\n{HIDDEN}")),
        ("a length in hexadecimal", format!("Content-Length: 0x10\r\n\r\n{HIDDEN}")),
        ("a chunk size that overflows", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx".to_owned()),
        ("a chunk without its end", format!("Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n{HIDDEN}")),
    ];
    for (target, address) in targets(&platform) {
        for (name, rest) in &attacks {
            // Content type and path of a route that reads its body.
            let head =
                "POST /auth/v1/token?grant_type=password HTTP/1.1\r\nHost: e2i\r\nContent-Type: application/json\r\n";
            let answer = wire::send(client(2), address, format!("{head}{rest}").as_bytes()).await;
            let answers = format!("{}{}", answer.head, answer.body).matches("HTTP/1.1 ").count();
            assert!(answers <= 1, "{target}, {name}: the hidden request was answered: {answer:?}");
            assert!(!answer.body.contains("auth_mode"), "{target}, {name}: {answer:?}");
            assert!(
                (400..600).contains(&answer.status) && answer.status != 500 || answer.status == 0,
                "{target}, {name}: {answer:?}"
            );
        }
    }
}

//! Claims about one's own address.

use super::victim;
use crate::wire::{self, client};

/// As many addresses as one likes in `X-Forwarded-For` are no way around a limit, and nobody else pays for it.
#[tokio::test]
async fn forged_forwarded_addresses_do_not_get_around_the_limit_on_sign_in() {
    let platform = victim(&[("RATE_LIMIT_SIGN_IN_PER_MINUTE", "5")]).await;
    let to = platform.nginx().unwrap().address();
    let try_sign_in = async |from: u8, number: usize| {
        let body = r#"{"email":"nobody@example.org","password":"wrong horse battery"}"#;
        let request = format!(
            "POST /auth/v1/token?grant_type=password HTTP/1.1\r\nHost: e2i\r\nConnection: close\r\n\
             X-Forwarded-For: 203.0.113.{number}, 198.51.100.{number}\r\nForwarded: for=203.0.113.{number}\r\n\
             X-Real-IP: 203.0.113.{number}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        wire::send(client(from), to, request.as_bytes()).await
    };
    let mut refused = None;
    for number in 0..20 {
        let answer = try_sign_in(2, number).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("twenty attempts of one client, and none was refused");
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds != "0"), "{refused:?}");
    assert_ne!(try_sign_in(3, 1).await.status, 429, "another client pays for it");
}

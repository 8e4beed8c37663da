//! One id per request, in the answer, the logs and every problem.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};

use crate::entropy::SharedEntropy;

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken over from a caller.
const MAX_LENGTH: usize = 64;

/// The id of the request being served, in the request's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Takes over a sane `x-request-id` (nginx sets one), makes one otherwise, and echoes it.
pub(super) async fn assign(State(entropy): State<SharedEntropy>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_sane(id));
    let id = given.map_or_else(|| entropy.uuid().simple().to_string(), str::to_owned);
    let echoed = HeaderValue::from_str(&id);
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(value) = echoed {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Short and of letters that cannot forge a log line.
fn is_sane(id: &str) -> bool {
    (8..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_ids_are_not_taken_over() {
        assert!(is_sane("3f2c9a1e-77b0"));
        for odd in ["", "short", "has space in it", "line\u{a}break", &"x".repeat(65), "{\"json\":1}"] {
            assert!(!is_sane(odd), "{odd:?}");
        }
    }
}

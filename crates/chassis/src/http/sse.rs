//! Server-sent events, as every service tells them: data is one JSON object, a heartbeat is a comment.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use futures::Stream;
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use serde_json::json;

use crate::entropy::Entropy;

/// Clients come back after this long, plus up to as much again, so that a restart is not met by all at once.
const RETRY: Duration = Duration::from_secs(1);

/// The answer that streams events: never cached, never buffered by a proxy.
pub fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// Says how soon to come back when the connection breaks. Carries no data: clients dispatch no event for it.
pub fn opening(entropy: &dyn Entropy) -> Event {
    Event::default().retry(RETRY + jitter(entropy, RETRY)).comment("the stream is open")
}

/// Keeps the connection, and whoever stands in between, awake.
pub fn heartbeat() -> Event {
    Event::default().comment("heartbeat")
}

/// An event called `name`.
pub fn with_data(name: &str, data: &impl Serialize) -> Event {
    // JSON text has no line breaks, and our types are always representable: the fallback is never seen.
    let text = serde_json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
    Event::default().event(name).data(text)
}

/// The stream is over: do not come back by yourself.
pub fn end(reason: &str, detail: &str) -> Event {
    with_data("end", &json!({"reason": reason, "detail": detail}))
}

/// The access token that the stream was opened with has expired.
pub fn token_expired() -> Event {
    end("token_expired", "the access token has expired; refresh it and follow again")
}

/// The stream is over here: come back at once, another process goes on.
pub fn reconnect(reason: &str) -> Event {
    with_data("reconnect", &json!({"reason": reason}))
}

/// A random share of `at_most`.
pub fn jitter(entropy: &dyn Entropy, at_most: Duration) -> Duration {
    let mut bytes = [0; 2];
    entropy.fill(&mut bytes);
    at_most.mul_f64(f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX))
}

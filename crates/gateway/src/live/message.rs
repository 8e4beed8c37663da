//! The messages of a stream. Data is always one JSON object.

use std::time::Duration;

use axum::response::sse::Event;
use chassis::entropy::Entropy;
use serde::Serialize;
use serde_json::json;

use domain::progress::{Envelope, JobEvent};

/// Clients come back after this long, plus up to as much again, so that a restart is not met by all at once.
const RETRY: Duration = Duration::from_secs(1);

/// Says how soon to come back when the connection breaks. Carries no data: clients dispatch no event for it.
pub(super) fn opening(entropy: &dyn Entropy) -> Event {
    Event::default().retry(RETRY + jitter(entropy, RETRY)).comment("the stream is open")
}

/// Keeps the connection, and whoever stands in between, awake.
pub(super) fn heartbeat() -> Event {
    Event::default().comment("heartbeat")
}

/// Something happened to a job: `state` or `progress`.
pub(super) fn told(envelope: &Envelope, id: &str) -> Event {
    let name = match envelope.event {
        JobEvent::State { .. } => "state",
        JobEvent::Progress(_) => "progress",
    };
    with_data(name, envelope).id(id)
}

/// Events may be missing before the next one; a snapshot follows.
pub(super) fn gap() -> Event {
    with_data("gap", &json!({"detail": "events may be missing here; the snapshot that follows says how things stand"}))
}

/// How things stand, from Postgres.
pub(super) fn snapshot(data: &impl Serialize) -> Event {
    with_data("snapshot", data)
}

/// The stream is over: do not come back by yourself.
pub(super) fn end(reason: &str, detail: &str) -> Event {
    with_data("end", &json!({"reason": reason, "detail": detail}))
}

/// The stream is over here: come back at once, another gateway goes on.
pub(super) fn reconnect(reason: &str) -> Event {
    with_data("reconnect", &json!({"reason": reason}))
}

/// A random share of `at_most`.
pub(super) fn jitter(entropy: &dyn Entropy, at_most: Duration) -> Duration {
    let mut bytes = [0; 2];
    entropy.fill(&mut bytes);
    at_most.mul_f64(f64::from(u16::from_le_bytes(bytes)) / f64::from(u16::MAX))
}

fn with_data(name: &str, data: &impl Serialize) -> Event {
    // JSON text has no line breaks, and our types are always representable: the fallback is never seen.
    let text = serde_json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
    Event::default().event(name).data(text)
}

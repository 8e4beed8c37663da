//! The messages of a stream. Data is always one JSON object.

use axum::response::sse::Event;
use chassis::http::sse::with_data;
use serde::Serialize;
use serde_json::json;

use domain::progress::{Envelope, JobEvent};

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

//! Live events: one subscription to Redis for the whole gateway, many readers over server-sent events.
//!
//! Redis keeps each job's events under their own ids (`{attempt}-{seq}`) and repeats them to whoever listens; Postgres
//! knows every state. A reader therefore never trusts that it has heard everything:
//!
//! 1. It subscribes first, then replays what is kept after the id it saw last, then goes on live and drops what it has
//!    told before: nothing is lost in between and nothing told twice.
//! 2. Where the kept events do not reach back far enough it says `gap` and tells a `snapshot` from Postgres.
//! 3. When the subscription was interrupted, or the reader was too slow for it, it replays again.
//! 4. With every heartbeat it compares what it told with Postgres, so that an event lost on the way (Redis away) leaves
//!    nobody hanging.
//!
//! [`analysis`] follows one analysis, [`everything`] all of a caller's; [`closing`] says when and how a stream ends.
//! A stream is pulled by its connection: a slow client holds back nobody but itself, and when the client goes, the
//! stream is dropped and no task is left.

pub(crate) mod analysis;
pub(crate) mod closing;
pub(crate) mod everything;
mod message;

use std::convert::Infallible;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use chassis::lifecycle::Shutdown;
use futures::Stream;
use http::{HeaderName, HeaderValue};
use queue::{Channel, Heard, Queue};
use tokio::sync::broadcast;

/// Events that a reader may be behind before it has to replay.
const BACKLOG: usize = 4096;

/// The gateway's one subscription; clones share it.
#[derive(Debug, Clone)]
pub struct Live {
    heard: broadcast::Sender<Heard>,
}

impl Live {
    /// Begins to listen, until `shutdown` is soft.
    #[must_use]
    pub fn start(queue: Queue, shutdown: &Shutdown) -> Self {
        let (heard, _) = broadcast::channel(BACKLOG);
        let soft = shutdown.soft.clone();
        let listening = queue::listen(queue, Channel::Events, heard.clone());
        shutdown.tasks.spawn(async move {
            tokio::select! {
                () = listening => {}
                () = soft.cancelled() => {}
            }
        });
        Self { heard }
    }

    /// From now on.
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Heard> {
        self.heard.subscribe()
    }
}

/// Counts open streams, also when a client just goes away.
struct Open(metrics::Gauge);

impl Open {
    fn new(kind: &'static str) -> Self {
        let gauge = metrics::gauge!("gateway_event_streams", "kind" => kind);
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}

/// The answer that streams events: never cached, never buffered by a proxy.
pub(crate) fn answer(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response = Sse::new(events).into_response();
    response.headers_mut().insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

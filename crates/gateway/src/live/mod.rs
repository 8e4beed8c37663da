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
//! [`hub`] hands events to those who read about them, [`pulse`] asks Postgres for many streams at once. [`analysis`]
//! follows one analysis, [`everything`] all of a caller's; [`closing`] says when and how a stream ends.
//! A stream is pulled by its connection: a slow client holds back nobody but itself, and when the client goes, the
//! stream is dropped and no task is left.

pub(crate) mod analysis;
pub(crate) mod closing;
pub(crate) mod everything;
pub(crate) mod hub;
mod message;
mod pulse;

use chassis::http::Problem;
use chassis::lifecycle::Shutdown;
use domain::progress::EventId;
use http::HeaderMap;
use queue::{Channel, Heard, Queue};
use store::Store;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use hub::{Hub, Subscription, Topic};
use pulse::Pulse;

/// Events that the hub may be behind the subscription before every reader has to replay.
const BACKLOG: usize = 4096;

/// The gateway's one subscription and its readers; clones share it.
#[derive(Debug, Clone)]
pub struct Live {
    hub: Hub,
    pulse: Pulse,
}

impl Live {
    /// Begins to listen, until `shutdown` is soft.
    #[must_use]
    pub fn start(queue: Queue, store: Store, shutdown: &Shutdown) -> Self {
        let (heard, incoming) = broadcast::channel(BACKLOG);
        let hub = Hub::default();
        let handing_on = hand_on(incoming, hub.clone());
        let soft = shutdown.soft.clone();
        let listening = queue::listen(queue, Channel::Events, heard);
        shutdown.tasks.spawn(async move {
            tokio::select! {
                () = listening => {}
                () = handing_on => {}
                () = soft.cancelled() => {}
            }
        });
        Self { hub, pulse: Pulse::start(store, shutdown) }
    }

    /// Reads about `topics` from now on.
    pub(crate) fn subscribe(&self, topics: Vec<Topic>) -> Subscription {
        self.hub.subscribe(topics)
    }
}

async fn hand_on(mut hears: broadcast::Receiver<Heard>, hub: Hub) {
    loop {
        match hears.recv().await {
            Ok(Heard::Event(event)) => hub.tell(&event),
            Ok(Heard::Cancel(_)) => {}
            Ok(Heard::Begun) | Err(RecvError::Lagged(_)) => hub.interrupt(),
            Err(RecvError::Closed) => return,
        }
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

/// The id of the last event that a client has seen; none from one that begins.
///
/// # Errors
/// 400 when it is no id.
pub fn last_event_id(headers: &HeaderMap) -> crate::error::Result<Option<EventId>> {
    let Some(given) = headers.get("last-event-id").filter(|given| !given.is_empty()) else { return Ok(None) };
    let text = String::from_utf8_lossy(given.as_bytes());
    let id = text.parse().map_err(|error| Problem::bad_request(format!("Last-Event-ID: {error}")))?;
    Ok(Some(id))
}

//! The dead man's switch: a watcher outside (`HEALTH_HEARTBEAT_URL`: healthchecks.io, another site's monitor) is told every
//! minute that this one is alive. It is told only while that is true: the engine ticks, parts are looked at, and what is seen
//! can be written. Silence is the alarm, and does not need anything of ours to work.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chassis::clock::SharedMonotonic;
use chassis::config::Secret;
use url::Url;

use crate::probes::http::Asker;

const EVERY: Duration = Duration::from_mins(1);
/// After one that did not arrive.
const AGAIN_AFTER: Duration = Duration::from_secs(10);
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// An engine that has not ticked for longer hangs.
const TICKS_WITHIN: Duration = Duration::from_secs(10);
/// Something is looked at several times in this.
const LOOKS_WITHIN: Duration = Duration::from_mins(1);

/// What the engine says of itself; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Arc<Mutex<Beat>>);

#[derive(Debug, Clone, Copy, Default)]
struct Beat {
    ticked: Option<Duration>,
    seen: Option<Duration>,
    can_write: bool,
}

impl Pulse {
    /// The engine goes on; whether what is seen can be written.
    pub fn ticked(&self, now: Duration, can_write: bool) {
        let mut beat = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        beat.ticked = Some(now);
        beat.can_write = can_write;
    }

    /// Something was looked at.
    pub fn seen(&self, now: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seen = Some(now);
    }

    /// Whether all of that is so now.
    #[must_use]
    pub fn is_alive(&self, now: Duration) -> bool {
        let beat = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let within = |at: Option<Duration>, limit| at.is_some_and(|at| now.saturating_sub(at) <= limit);
        beat.can_write && within(beat.ticked, TICKS_WITHIN) && within(beat.seen, LOOKS_WITHIN)
    }
}

/// Tells the watcher outside.
#[derive(Debug, Clone)]
pub struct Outward {
    asker: Asker,
    url: Secret<Url>,
}

impl Outward {
    /// At that address, which is a secret: who knows it can speak for us.
    #[must_use]
    pub fn new(asker: Asker, url: Secret<Url>) -> Self {
        Self { asker, url }
    }

    /// Tells until dropped.
    pub async fn run(self, pulse: Pulse, monotonic: SharedMonotonic) {
        loop {
            let pause = if !pulse.is_alive(monotonic.elapsed()) {
                // At the start nothing has been seen yet.
                Duration::from_secs(1)
            } else if self.tell().await {
                EVERY
            } else {
                AGAIN_AFTER
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn tell(&self) -> bool {
        let asked = tokio::time::timeout(ANSWERS_WITHIN, self.asker.get(self.url.expose().clone())).await;
        let words = match asked {
            Ok(Ok(answer)) if answer.status.is_success() => return true,
            Ok(Ok(answer)) => format!("answers {}", answer.status.as_u16()),
            Ok(Err(words)) => words,
            Err(_) => "no answer".to_owned(),
        };
        tracing::warn!(words, "the watcher outside could not be told");
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hangs_looks_at_nothing_or_cannot_write_is_not_alive() {
        let (pulse, at) = (Pulse::default(), Duration::from_secs);
        assert!(!pulse.is_alive(at(0)));
        pulse.ticked(at(1), true);
        assert!(!pulse.is_alive(at(1)), "nothing was looked at yet");
        pulse.seen(at(1));
        assert!(pulse.is_alive(at(2)));
        assert!(!pulse.is_alive(at(12)), "it does not tick");
        pulse.ticked(at(70), true);
        assert!(!pulse.is_alive(at(70)), "nothing is looked at");
        pulse.seen(at(70));
        pulse.ticked(at(71), false);
        assert!(!pulse.is_alive(at(71)), "nothing can be written");
    }
}

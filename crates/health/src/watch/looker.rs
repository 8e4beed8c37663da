//! When a part is looked at: one task a part, so that one that hangs delays no other.
//!
//! The next look begins one interval (a little less, so that looks of many parts do not fall together) after the last one
//! began; the engine shortens the interval while something is in doubt. A look that has not ended after a second is doubted:
//! others begin beside it, so that a part which hangs is found out in little more than one time limit instead of three.

use std::sync::Arc;
use std::time::Duration;

use chassis::entropy::SharedEntropy;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Time;
use super::look::look;
use crate::probes::Watched;
use crate::reading::Observation;

/// A look that has not ended by then is doubted.
const DOUBTED_AFTER: Duration = Duration::from_secs(1);
/// Looks with a longer limit take long by nature.
const LONGEST_DOUBTED: Duration = Duration::from_secs(5);
/// Looks at one part at a time.
const MOST_BESIDE: usize = 3;
/// By how much an interval is shortened at most.
const JITTER: f64 = 0.1;

/// What the engine tells a looker.
#[derive(Debug)]
pub(super) struct Orders {
    /// From look to look.
    pub(super) pace: watch::Sender<Duration>,
    /// Look now.
    pub(super) now: Arc<Notify>,
}

/// Looks at one part.
pub(super) struct Looker {
    watched: Watched,
    time: Time,
    entropy: SharedEntropy,
    pace: watch::Receiver<Duration>,
    now: Arc<Notify>,
    seen: mpsc::Sender<Observation>,
}

impl Looker {
    /// A looker, and what orders it about.
    pub(super) fn new(
        watched: Watched,
        time: Time,
        entropy: SharedEntropy,
        seen: mpsc::Sender<Observation>,
    ) -> (Self, Orders) {
        let (sender, pace) = watch::channel(watched.part.cadence.interval);
        let now = Arc::new(Notify::new());
        let orders = Orders { pace: sender, now: now.clone() };
        (Self { watched, time, entropy, pace, now, seen }, orders)
    }

    /// Looks until dropped, or until nobody wants to know.
    pub(super) async fn run(mut self) {
        let mut looks = JoinSet::new();
        // Those of all parts begin within a second, and not at once.
        let mut begun = Instant::now();
        let mut wait = Duration::from_secs(1).mul_f64(self.chance());
        let mut shortened = 1.0;
        loop {
            let due = self.due(begun, wait, looks.len());
            let is_due = async {
                match due {
                    Some(due) => tokio::time::sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let is_room = looks.len() < MOST_BESIDE;
            tokio::select! {
                Some(done) = looks.join_next() => {
                    // A look never panics: what it looks with runs in a task of its own.
                    if let Ok(observation) = done && self.seen.send(observation).await.is_err() {
                        return;
                    }
                    continue;
                }
                changed = self.pace.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    wait = self.pace.borrow_and_update().mul_f64(shortened);
                    continue;
                }
                () = is_due => {}
                () = self.now.notified(), if is_room => {}
            }
            looks.spawn(look(self.watched.clone(), self.time.clone()));
            begun = Instant::now();
            shortened = 1.0 - JITTER * self.chance();
            wait = self.pace.borrow().mul_f64(shortened);
        }
    }

    /// When the next look is due; not before one ends, where as many as may be are under way.
    fn due(&self, begun: Instant, wait: Duration, under_way: usize) -> Option<Instant> {
        if under_way == 0 {
            return Some(begun + wait);
        }
        let may_doubt = self.watched.part.cadence.timeout <= LONGEST_DOUBTED && under_way < MOST_BESIDE;
        may_doubt.then(|| begun + DOUBTED_AFTER)
    }

    /// From 0 to 1.
    fn chance(&self) -> f64 {
        let mut byte = [0];
        self.entropy.fill(&mut byte);
        f64::from(byte[0]) / 255.0
    }
}

//! What this worker says of itself: that it is there, and what it has counted.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use crate::state::Worker;
use crate::{counters, history};

const FLUSH: Duration = Duration::from_secs(1);
const HERE: Duration = Duration::from_secs(10);

/// Flushes the counters every second in which something was counted, and says that the worker is there every ten, until
/// dropped. What fails is tried again a second later; the totals are behind meanwhile.
pub(super) async fn run(worker: &Worker) {
    let mut ticks = tokio::time::interval(FLUSH);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said: Option<(Instant, bool)> = None;
    loop {
        ticks.tick().await;
        if let Err(error) = counters::flush(&worker.store).await {
            tracing::debug!(%error, "counters not added to the totals yet");
        }
        if let Err(error) = history::teach(&worker.store).await {
            tracing::debug!(%error, "how long some attempts took is not learned");
        }
        let resting = worker.shutdown.is_resting();
        if said.is_none_or(|(said, rested)| said.elapsed() >= HERE || rested != resting) {
            let config = &worker.config;
            // One that rests is there without a place: nobody counts on it.
            let places = if resting { (0, 0) } else { (config.concurrency, config.large_concurrency) };
            match worker.store.worker_is_here(&worker.name, places.0, places.1).await {
                Ok(()) => said = Some((Instant::now(), resting)),
                Err(error) => tracing::debug!(%error, "cannot say that this worker is here"),
            }
            if let Err(error) = history::read(&worker.store).await {
                tracing::debug!(%error, "what was learned cannot be read");
            }
        }
    }
}

/// What is still counted while the last attempts finish.
pub(super) async fn until_drained(worker: &Worker) {
    loop {
        let drained = worker.leases.held().is_empty();
        if let Err(error) = counters::flush(&worker.store).await {
            tracing::debug!(%error, "counters not added to the totals yet");
        }
        if drained {
            return;
        }
        tokio::time::sleep(FLUSH).await;
    }
}

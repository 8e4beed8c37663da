//! Jobs of workers that are gone.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior};

use crate::state::Worker;
use crate::{counters, telling};

/// Reaps every `period`, for ever. While Postgres was away nobody could renew a lease, so after that one full lease is
/// waited before any is called expired: seen as an error here, or as a young server by one who was not there.
pub(super) async fn run(worker: &Worker, period: Duration) {
    let lease = worker.config.lease;
    let mut ticks = tokio::time::interval(period.min(lease / 2));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut not_before = Instant::now();
    loop {
        ticks.tick().await;
        if let Err(error) = reap(worker, not_before).await {
            tracing::warn!(error = format!("{error:#}"), "cannot look for expired leases; trying again");
            not_before = Instant::now() + lease;
        }
    }
}

async fn reap(worker: &Worker, not_before: Instant) -> anyhow::Result<()> {
    if worker.store.database_uptime().await? < worker.config.lease || Instant::now() < not_before {
        return Ok(());
    }
    for ended in worker.store.reap().await? {
        tracing::warn!(job = %ended.job, attempt = ended.attempt, state = %ended.state, "its lease ran out");
        counters::reaped(ended.state.as_str());
        telling::tell_ended(worker, &ended).await;
    }
    Ok(())
}

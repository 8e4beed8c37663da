//! Jobs of workers that are gone.

use std::time::Duration;

use domain::job::JobState;
use store::attempts::Ended;
use store::dispatch::Loss;
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
    close_losses(worker).await?;
    let expired = worker.store.expired_leases().await?;
    if expired.is_empty() {
        return Ok(());
    }
    let reaped = worker.store.reap().await?;
    let queued_anew = |loss: &Loss| {
        let is_it = |ended: &Ended| (ended.job, ended.attempt) == (loss.lease.job, loss.lease.attempt);
        reaped.iter().any(|ended| is_it(ended) && ended.state == JobState::Queued)
    };
    let losses: Vec<Loss> = expired.into_iter().filter(queued_anew).collect();
    worker.store.note_losses(&losses).await?;
    for ended in reaped {
        tracing::warn!(job = %ended.job, attempt = ended.attempt, state = %ended.state, "its lease ran out");
        counters::reaped(ended.state.as_str());
        telling::tell_ended(worker, &ended).await;
    }
    Ok(())
}

async fn close_losses(worker: &Worker) -> anyhow::Result<()> {
    counters::recovered(worker.store.close_losses().await?.len());
    Ok(())
}

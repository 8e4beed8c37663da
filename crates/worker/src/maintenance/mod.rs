//! What keeps the promise that nothing is lost: any worker does it, under locks in Postgres.
//!
//! | part | when | what |
//! | --- | --- | --- |
//! | relay | every 0.5 s | puts due outbox rows on Redis, in fair order, within the window |
//! | epoch | every 1 s | Redis was wiped, restarted or failed over: dispatches everything anew |
//! | reaper | every 5 s | takes jobs from workers whose lease ran out |
//! | sweep | every 15 s | dispatches anew what Redis lost without a trace |

mod reaper;
mod redis_lost;

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use queue::Entry;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::counters;
use crate::state::Worker;

const RELAY: Duration = Duration::from_millis(500);
const EPOCH: Duration = Duration::from_secs(1);
const REAPER: Duration = Duration::from_secs(5);
const SWEEP: Duration = Duration::from_secs(15);

type Task = for<'a> fn(&'a Worker) -> BoxFuture<'a, anyhow::Result<()>>;

/// Looks after everything until the service ends softly: then another worker does.
pub(crate) async fn run(worker: Worker) {
    let all = async {
        tokio::join!(
            every(&worker, "epoch", EPOCH, |worker| redis_lost::check_epoch(worker).boxed()),
            every(&worker, "relay", RELAY, |worker| relay(worker).boxed()),
            every(&worker, "sweep", SWEEP, |worker| redis_lost::sweep(worker).boxed()),
            reaper::run(&worker, REAPER),
        )
    };
    tokio::select! {
        _ = all => {}
        () = worker.shutdown.soft.cancelled() => {}
    }
}

/// Does `task` every `period`, for ever; an error is told once when it begins and once when it ends.
async fn every(worker: &Worker, what: &str, period: Duration, task: Task) {
    let mut ticks = interval_at(Instant::now() + worker.jitter(period), period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failing = false;
    loop {
        ticks.tick().await;
        let outcome = task(worker).await;
        match &outcome {
            Ok(()) if failing => tracing::info!(what, "works again"),
            Err(error) if !failing => tracing::warn!(what, error = format!("{error:#}"), "does not work; trying on"),
            _ => {}
        }
        failing = outcome.is_err();
    }
}

/// Entry on Redis first, then the mark in Postgres: killed in between, it is put there twice, which is harmless.
async fn relay(worker: &Worker) -> anyhow::Result<()> {
    let due = worker.store.due(worker.config.dispatch_window.into()).await?;
    if due.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = due
        .iter()
        .map(|pending| {
            let entry = Entry {
                job: pending.job,
                dispatch_seq: pending.dispatch_seq,
                traceparent: pending.traceparent.clone(),
            };
            (pending.class, pending.priority, entry)
        })
        .collect();
    worker.queue.enqueue(&entries).await?;
    worker.store.mark_dispatched(&due).await?;
    counters::relayed(due.len());
    Ok(())
}

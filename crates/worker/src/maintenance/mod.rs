//! What keeps the promise that nothing is lost: any worker does it, under locks in Postgres.
//!
//! | part | when | what |
//! | --- | --- | --- |
//! | relay | as places come free, at most every 0.5 s | puts due jobs on Redis, in fair order, within the window |
//! | epoch | every 1 s | Redis was wiped, restarted or failed over: dispatches everything anew |
//! | reaper | every 5 s | takes jobs from workers whose lease ran out |
//! | sweep | every 15 s | dispatches anew what Redis lost without a trace |
//! | presence | every 1 s and 10 s | adds what was counted to the totals, says that this worker is there |

mod presence;
mod reaper;
mod redis_lost;
mod relay;

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::counters;
use crate::state::Worker;

/// After the relay could not do its work.
const RELAY_AGAIN: Duration = Duration::from_millis(500);
const EPOCH: Duration = Duration::from_secs(1);
const REAPER: Duration = Duration::from_secs(5);
const SWEEP: Duration = Duration::from_secs(15);

type Task = for<'a> fn(&'a Worker) -> BoxFuture<'a, anyhow::Result<()>>;

/// Looks after everything until the service ends softly: then another worker does.
pub(crate) async fn run(worker: Worker) {
    let all = async {
        tokio::join!(
            every(&worker, "epoch", EPOCH, |worker| redis_lost::check_epoch(worker).boxed()),
            relay(&worker),
            presence::run(&worker),
            every(&worker, "sweep", SWEEP, |worker| redis_lost::sweep(worker).boxed()),
            reaper::run(&worker, REAPER),
        )
    };
    tokio::select! {
        _ = all => {}
        () = worker.shutdown.soft.cancelled() => presence::until_drained(&worker).await,
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

/// Rounds of the relay, for ever: the next one when there is room, else after a while.
async fn relay(worker: &Worker) {
    let mut relay = relay::Relay::default();
    let mut failing = false;
    loop {
        let outcome = relay.round(worker).await;
        let wait = match &outcome {
            Ok(wait) => {
                if failing {
                    tracing::info!(what = "relay", "works again");
                }
                *wait
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(what = "relay", error = format!("{error:#}"), "does not work; trying on");
                }
                RELAY_AGAIN
            }
        };
        failing = outcome.is_err();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = counters::room_on_redis(), if !failing => {}
        }
    }
}

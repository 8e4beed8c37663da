//! Rest: during a release another worker takes new jobs. What runs here runs on and keeps its leases.
//!
//! Who told this worker to rest wakes it or ends it. Should that one have died, and nobody else take jobs, nothing would
//! ever be computed again: then the worker wakes by itself, and says so.

use std::time::Duration;

use domain::job::JobClass;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use crate::state::Worker;

/// How often a resting worker looks for others.
const LOOK: Duration = Duration::from_secs(1);

/// Tells of every rest and ends those that leave nobody at work, until the service ends softly.
pub(crate) async fn run(worker: Worker) {
    tokio::select! {
        () = watch(&worker) => {}
        () = worker.shutdown.soft.cancelled() => {}
    }
}

/// Waits until the worker rests, or does not.
pub(crate) async fn until(resting: &mut watch::Receiver<bool>, wanted: bool) {
    // The worker itself holds the other end.
    let _ = resting.wait_for(|resting| *resting == wanted).await;
}

async fn watch(worker: &Worker) {
    let gauge = metrics::gauge!("e2i_worker_resting");
    gauge.set(0.0);
    let mut resting = worker.shutdown.resting();
    loop {
        until(&mut resting, true).await;
        gauge.set(1.0);
        let running = |class| worker.load.running(class);
        let (small, large) = (running(JobClass::Small), running(JobClass::Large));
        tracing::info!(small, large, "resting: takes no new job, what runs goes on");
        tokio::select! {
            () = until(&mut resting, false) => tracing::info!("awake: takes jobs again"),
            () = nobody_else(worker) => {
                tracing::warn!(
                    alone_for = ?worker.config.rest_alone,
                    "waking by itself: nobody else takes jobs, and who told it to rest has not come back"
                );
                worker.shutdown.wake();
            }
        }
        gauge.set(0.0);
    }
}

/// Waits until nobody else has taken jobs for `WORKER_REST_ALONE`.
async fn nobody_else(worker: &Worker) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut since: Option<Instant> = None;
    loop {
        ticks.tick().await;
        match worker.store.others_take_jobs(&worker.name).await {
            Ok(false) => {
                if since.get_or_insert_with(Instant::now).elapsed() >= worker.config.rest_alone {
                    return;
                }
            }
            Ok(true) => since = None,
            // Nobody can say that they are there either.
            Err(error) => {
                tracing::debug!(%error, "whether others take jobs is not known");
                since = None;
            }
        }
    }
}

//! What Redis forgot is put there again.

use domain::job::{JobClass, Priority};

use crate::counters;
use crate::state::Worker;

/// How long a job may stand on a drained stream before it counts as lost there.
const LOST_AFTER_S: i32 = 60;

/// A new epoch: groups made anew, everything that was on Redis dispatched anew, then the epoch marked. In this order: a
/// worker killed in between leaves it to the next.
pub(super) async fn check_epoch(worker: &Worker) -> anyhow::Result<()> {
    if worker.queue.epoch_is_current().await? {
        return Ok(());
    }
    for class in JobClass::ALL {
        for priority in Priority::ALL {
            worker.queue.ensure_group(class, priority).await?;
        }
    }
    let count = worker.store.redispatch_all().await?;
    worker.queue.mark_epoch(&worker.entropy.uuid().to_string()).await?;
    counters::redispatched("epoch", count);
    if count > 0 {
        tracing::warn!(count, "Redis was wiped, restarted or failed over: queued jobs are dispatched anew");
    } else {
        tracing::info!("Redis is new; nothing had been dispatched before");
    }
    Ok(())
}

/// Partial loss is invisible to an epoch: what should stand on a stream where nothing stands is dispatched anew.
pub(super) async fn sweep(worker: &Worker) -> anyhow::Result<()> {
    for class in JobClass::ALL {
        for priority in Priority::ALL {
            if !worker.queue.is_drained(class, priority).await? {
                continue;
            }
            let count = worker.store.sweep(class, priority, LOST_AFTER_S).await?;
            if count > 0 {
                counters::redispatched("sweep", count);
                tracing::warn!(count, %class, %priority, "Redis had lost entries: dispatched anew");
            }
        }
    }
    Ok(())
}

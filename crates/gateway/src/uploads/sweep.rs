//! Removes what gateways that were killed in the middle of an upload left behind.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{MissedTickBehavior, interval};

use crate::state::AppState;

/// How often.
const PERIOD: Duration = Duration::from_hours(1);
/// An upload that began longer ago is dead: twice [`super::DEADLINE`].
const STALE: Duration = Duration::from_hours(24);

/// Sweeps at once and then every hour, until the service ends softly. Several gateways may sweep at once.
pub(crate) async fn run(state: AppState) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.shutdown.soft.cancelled() => return,
        }
        if let Err(error) = sweep(&state).await {
            tracing::warn!(error = format!("{error:#}"), "stale uploads could not be swept; trying again in an hour");
        }
    }
}

/// Removes rows and objects of uploads that never completed, and half-written files. Gives how many uploads.
///
/// # Errors
/// When the database or the object store is away; what is left is found the next time.
pub async fn sweep(state: &AppState) -> anyhow::Result<usize> {
    let dead = state.store.stale_uploads(STALE).await?;
    for (id, object_key) in &dead {
        // The object first: killed in between, the row still says where to look.
        state.objects.delete(object_key).await?;
        state.store.abort_upload(*id).await?;
        tracing::info!(dataset = %id, "removed an upload that never completed");
    }
    let older_than = state.clock.now() - TimeDelta::from_std(STALE)?;
    let files = state.objects.sweep_staging(older_than).await?;
    if files > 0 {
        tracing::info!(files, "removed half-written files");
    }
    Ok(dead.len())
}

//! What goes on in the background: complete uploads that nobody is at become datasets, and what is over is removed.

use std::time::Duration;

use domain::ids::UploadId;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use tokio::time::{MissedTickBehavior, interval};

use super::check;
use crate::state::AppState;

/// How often to look for complete uploads that nobody is at.
const CHECK_PERIOD: Duration = Duration::from_secs(5);
/// The request that brought the last byte goes first.
const GRACE: Duration = Duration::from_secs(5);
/// How often to remove what is over.
const SWEEP_PERIOD: Duration = Duration::from_mins(5);
/// Objects removed at once.
const REMOVALS_AT_ONCE: usize = 8;

/// Looks at once and then every few seconds for checks, every few minutes for what is over, until the service ends
/// softly.
pub(crate) async fn run(state: AppState) {
    let (mut checks, mut sweeps) = (interval(CHECK_PERIOD), interval(SWEEP_PERIOD));
    checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    sweeps.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            biased;
            () = state.shutdown.soft.cancelled() => return,
            _ = checks.tick() => take_over(&state).await,
            _ = sweeps.tick() => sweep(&state).await,
        };
        if let Err(error) = done {
            tracing::warn!(error = format!("{error:#}"), "the upkeep of uploads was not done; trying again");
        }
    }
}

/// Makes datasets of complete uploads that nobody is at: their gateway was killed, or something was away. Gives how
/// many it took in hand.
///
/// # Errors
/// When the database is away.
pub async fn take_over(state: &AppState) -> anyhow::Result<usize> {
    let mut taken = 0;
    for upload in state.store.unattended_checks(GRACE).await? {
        // People come first; there is another time soon.
        let Ok(_place) = state.upload_places.take() else { break };
        match check::run(state, upload, None).await {
            Ok(Some(dataset)) => tracing::info!(%upload, dataset = %dataset.id, "took over the check of an upload"),
            Ok(None) => continue,
            Err(error) => tracing::info!(%upload, why = error.problem().message(), "took over the check of an upload"),
        }
        taken += 1;
    }
    Ok(taken)
}

/// Removes uploads whose time is up, and parts that are of no use any more. Gives of how many uploads; 0 while another
/// gateway is at it.
///
/// # Errors
/// When the database or the object store is away; what is left is found the next time.
pub async fn sweep(state: &AppState) -> anyhow::Result<usize> {
    let Some(_turn) = state.store.turn_to_sweep().await? else { return Ok(0) };
    let expired = state.store.expired_uploads().await?;
    let useless = state.store.uploads_with_useless_parts().await?;
    for upload in &expired {
        remove(state, *upload).await?;
        metrics::counter!("gateway_resumable_uploads_total", "outcome" => "expired").increment(1);
        tracing::info!(%upload, "removed an upload whose time is up");
    }
    for upload in &useless {
        remove(state, *upload).await?;
    }
    Ok(expired.len() + useless.len())
}

/// [`remove`], or a word in the log.
pub(crate) async fn remove_or_leave(state: &AppState, upload: UploadId) {
    if let Err(error) = remove(state, upload).await {
        tracing::warn!(%upload, error = format!("{error:#}"), "the parts of an upload are left to the sweep");
    }
}

async fn remove(state: &AppState, upload: UploadId) -> anyhow::Result<()> {
    let keys = state.store.useless_part_keys(upload).await?;
    let removals = stream::iter(keys).map(|key| {
        let objects = state.objects.clone();
        async move { objects.delete(&key).await }
    });
    removals.buffer_unordered(REMOVALS_AT_ONCE).try_collect::<()>().await?;
    Ok(state.store.forget_useless_parts(upload).await?)
}

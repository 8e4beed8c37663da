//! Objects that attempts stored and no dataset took over.
//!
//! Each attempt of a job that makes a dataset stores under a key of its own, and the end of the accepted one gives its
//! key to the dataset. All others are removed here, by the attempt that knows of them: its own when it was not accepted
//! (a zombie, a cancel, a crash after the last byte), and those of attempts before it whose worker was killed.

use store::attempts::Claimed;

use crate::state::Worker;

/// Removes what this attempt and those before it stored, but for what a dataset has. An attempt that has not ended yet
/// does the same at its own end.
pub(crate) async fn clean_up(worker: &Worker, claimed: &Claimed) {
    let keys = claimed.output_keys();
    if keys.is_empty() {
        return;
    }
    let in_use = match worker.store.object_keys_in_use(&keys).await {
        Ok(in_use) => in_use,
        // Not knowing which one a dataset has, none may be touched.
        Err(error) => return tracing::warn!(%error, "what the attempt stored was not looked after"),
    };
    for key in keys.iter().filter(|key| !in_use.contains(key)) {
        if let Err(error) = worker.objects.delete(key).await {
            tracing::warn!(%error, key, "what an attempt stored could not be removed");
        }
    }
}

//! How long attempts took: gathered here, kept in Postgres, and asked before the next one.

use std::sync::{Mutex, PoisonError, RwLock};

use domain::ids::JobId;
use store::Store;
use store::attempts::Claimed;
use store::history::Histories;

/// Attempts learned from at a time. More of them in one second are much alike.
const SAMPLES: usize = 32;

static TOOK: Mutex<Vec<(JobId, f64)>> = Mutex::new(Vec::new());
static KNOWN: RwLock<Option<Histories>> = RwLock::new(None);

/// An attempt succeeded after so many seconds.
pub(crate) fn took(job: JobId, seconds: f64) {
    let mut took = TOOK.lock().unwrap_or_else(PoisonError::into_inner);
    if took.len() < SAMPLES {
        took.push((job, seconds));
    }
}

/// Teaches what was gathered since the last time.
pub(crate) async fn teach(store: &Store) -> store::Result<()> {
    let gathered = std::mem::take(&mut *TOOK.lock().unwrap_or_else(PoisonError::into_inner));
    if gathered.is_empty() { Ok(()) } else { store.learn(&gathered).await }
}

/// Reads what all workers have learned.
pub(crate) async fn read(store: &Store) -> store::Result<()> {
    let histories = store.histories().await?;
    *KNOWN.write().unwrap_or_else(PoisonError::into_inner) = Some(histories);
    Ok(())
}

/// Seconds that this attempt is expected to take, where that can be told.
pub(crate) fn expected_s(claimed: &Claimed) -> Option<f64> {
    let agent = domain::agents::find(&claimed.agent)?;
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let table = claimed.table.as_ref().map(|table| &table.schema);
    known.as_ref()?.expected_s(agent, &claimed.parameters, table)
}

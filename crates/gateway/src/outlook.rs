//! What is queued: how much of it one person may have, and what it can expect.
//!
//! Both are asked often and change slowly, so what Postgres said is kept for a moment. A limit is never enforced by a kept
//! answer: before anything is refused Postgres is asked anew, so that a refusal is always true.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chassis::http::Problem;
use domain::ids::UserId;
use domain::job::JobClass;
use store::Store;
use store::dispatch::pauses::Pause;
use tokio::time::Instant;

use crate::error::Result;

/// How long an answer is kept.
const KEPT: Duration = Duration::from_secs(1);
/// Persons whose count is kept; beyond it all are forgotten.
const PERSONS: usize = 10_000;
/// When a caller with too much queued may try again: a job may have ended by then.
const RETRY_AFTER_S: u64 = 30;

/// `JOBS_QUEUED_PER_OWNER`, checked at every submission.
#[derive(Debug)]
pub struct QueuedLimit {
    limit: i64,
    seen: Mutex<HashMap<UserId, Seen>>,
}

#[derive(Debug, Clone, Copy)]
struct Seen {
    queued: i64,
    at: Instant,
}

impl QueuedLimit {
    /// At most so many of each person.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit: limit.into(), seen: Mutex::default() }
    }

    /// Takes a place for one more analysis of `owner`.
    ///
    /// # Errors
    /// 429 when there are too many queued, with what to do.
    pub(crate) async fn admit(&self, store: &Store, owner: UserId) -> Result<()> {
        if self.take_of_kept(owner) {
            return Ok(());
        }
        let queued = store.queued_of(owner, self.limit).await?;
        if queued >= self.limit {
            let detail = format!(
                "you have {queued} analyses queued, as many as one person may; wait until some have begun, or cancel some"
            );
            let problem = Problem::too_many_requests(detail, RETRY_AFTER_S);
            return Err(problem.extra("limit", self.limit).into());
        }
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= PERSONS {
            seen.clear();
        }
        seen.insert(owner, Seen { queued: queued + 1, at: Instant::now() });
        Ok(())
    }

    fn take_of_kept(&self, owner: UserId) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.get_mut(&owner) {
            Some(seen) if seen.at.elapsed() < KEPT && seen.queued < self.limit => {
                seen.queued += 1;
                true
            }
            _ => false,
        }
    }
}

/// What a queued analysis can expect.
#[derive(Debug, Default)]
pub struct Outlook {
    pauses: tokio::sync::Mutex<Option<(Instant, Vec<Pause>)>>,
}

impl Outlook {
    /// Why a class is paused, where it is; up to a second old.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn paused(&self, store: &Store, class: JobClass) -> Result<Option<Pause>> {
        let mut kept = self.pauses.lock().await;
        let fresh = kept.as_ref().is_some_and(|(at, _)| at.elapsed() < KEPT);
        if !fresh {
            *kept = Some((Instant::now(), store.pauses().await?));
        }
        Ok(kept.iter().flat_map(|(_, pauses)| pauses).find(|pause| pause.class == class).cloned())
    }

    /// A class was paused or resumed here.
    pub(crate) async fn forget(&self) {
        *self.pauses.lock().await = None;
    }
}

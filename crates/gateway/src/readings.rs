//! Analyses read by their id, asked for together where many are asked for at once.

use domain::ids::{JobId, UserId};
use store::jobs::Job;
use store::{Access, Result, Store, StoreError};

use crate::gathering::Gathering;

/// Statements under way at once.
const AT_ONCE: usize = 2;

/// Where handlers ask for an analysis; clones share the readers.
#[derive(Debug, Clone)]
pub(crate) struct Readings(Gathering<(UserId, JobId), Result<Option<Job>>>);

impl Readings {
    /// Starts the readers.
    pub(crate) fn start(store: Store) -> Self {
        Self(Gathering::start(AT_ONCE, move |asked| read(store.clone(), asked)))
    }

    /// The job, if `user` may see it.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub(crate) async fn job(&self, user: UserId, id: JobId) -> Result<Option<Job>> {
        self.0.ask((user, id)).await.ok_or_else(StoreError::away)?
    }
}

async fn read(store: Store, asked: Vec<(UserId, JobId)>) -> Vec<Result<Option<Job>>> {
    match store.jobs_seen(&asked).await {
        Ok(found) => asked.iter().map(|asked| Ok(found.get(asked).cloned())).collect(),
        Err(error) if error.is_away() => {
            tracing::warn!(%error, analyses = asked.len(), "analyses could not be read");
            asked.iter().map(|_| Err(StoreError::away())).collect()
        }
        // One of the rows is unreadable: the others must not suffer.
        Err(_) => {
            let mut read = Vec::with_capacity(asked.len());
            for (user, id) in asked {
                read.push(store.job(Access::read(user), id).await);
            }
            read
        }
    }
}

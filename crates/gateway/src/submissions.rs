//! Submissions on their way to Postgres, written together where many come at once.

use store::jobs::{NewJob, Submitted};
use store::{Store, StoreError};

use crate::gathering::Gathering;

/// The job is given back with what became of it.
type Written = (NewJob, Result<Submitted, StoreError>);

/// Where handlers put new jobs; clones share one writer.
#[derive(Debug, Clone)]
pub(crate) struct Submissions(Gathering<NewJob, Written>);

impl Submissions {
    /// Starts the writer.
    pub(crate) fn start(store: Store) -> Self {
        // One at a time: more would each commit fewer.
        Self(Gathering::start(1, move |jobs| write(store.clone(), jobs)))
    }

    /// Writes the job.
    ///
    /// # Errors
    /// When the database is away, or the job holds what cannot be stored.
    pub(crate) async fn write(&self, job: NewJob) -> Result<(NewJob, Submitted), StoreError> {
        let (job, submitted) = self.0.ask(job).await.ok_or_else(StoreError::away)?;
        Ok((job, submitted?))
    }
}

async fn write(store: Store, jobs: Vec<NewJob>) -> Vec<Written> {
    let all: Vec<&NewJob> = jobs.iter().collect();
    match store.submit_all(&all).await {
        Ok(submitted) => jobs.into_iter().zip(submitted.into_iter().map(Ok)).collect(),
        Err(error) if error.is_away() => {
            tracing::warn!(%error, jobs = jobs.len(), "jobs could not be written");
            jobs.into_iter().map(|job| (job, Err(StoreError::away()))).collect()
        }
        // One of them holds what cannot be stored: the others must not suffer.
        Err(_) => {
            let mut written = Vec::with_capacity(jobs.len());
            for job in jobs {
                let submitted = store.submit(&job).await;
                written.push((job, submitted));
            }
            written
        }
    }
}

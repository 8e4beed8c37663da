//! Submissions on their way to Postgres: one statement for all that wait, at once when none does.
//!
//! While one statement is under way the requests that come gather, and the next takes all of them: one request alone is
//! written immediately, many at once share a transaction and its commit.

use store::jobs::{NewJob, Submitted};
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

/// Jobs in one statement.
const BATCH: usize = 64;

struct Waiting {
    job: NewJob,
    answer: oneshot::Sender<Answer>,
}

/// The job is given back with what became of it.
type Answer = (NewJob, Result<Submitted, StoreError>);

/// Where handlers put new jobs; clones share one writer.
#[derive(Debug, Clone)]
pub(crate) struct Submissions {
    sender: mpsc::Sender<Waiting>,
}

impl Submissions {
    /// Starts the writer; it ends when the last clone is gone.
    pub(crate) fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(BATCH);
        tokio::spawn(write_all(store, receiver));
        Self { sender }
    }

    /// Writes the job, together with others that wait.
    ///
    /// # Errors
    /// When the database is away, or the job holds what cannot be stored.
    pub(crate) async fn write(&self, job: NewJob) -> Result<(NewJob, Submitted), StoreError> {
        let (answer, written) = oneshot::channel();
        self.sender.send(Waiting { job, answer }).await.map_err(|_| StoreError::away())?;
        let (job, submitted) = written.await.map_err(|_| StoreError::away())?;
        Ok((job, submitted?))
    }
}

async fn write_all(store: Store, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::with_capacity(BATCH);
    while receiver.recv_many(&mut waiting, BATCH).await > 0 {
        write(&store, std::mem::take(&mut waiting)).await;
    }
}

async fn write(store: &Store, waiting: Vec<Waiting>) {
    let jobs: Vec<&NewJob> = waiting.iter().map(|one| &one.job).collect();
    match store.submit_all(&jobs).await {
        Ok(submitted) => {
            for (one, submitted) in waiting.into_iter().zip(submitted) {
                answer(one, Ok(submitted));
            }
        }
        Err(error) if error.is_away() => {
            tracing::warn!(%error, jobs = waiting.len(), "jobs could not be written");
            for one in waiting {
                answer(one, Err(StoreError::away()));
            }
        }
        // One of them holds what cannot be stored: the others must not suffer.
        Err(_) => {
            for one in waiting {
                let submitted = store.submit(&one.job).await;
                answer(one, submitted);
            }
        }
    }
}

fn answer(one: Waiting, submitted: Result<Submitted, StoreError>) {
    // Nobody waits any more; with its key the client finds the job.
    let _ = one.answer.send((one.job, submitted));
}

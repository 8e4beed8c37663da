//! What open streams are compared with, asked for many at once: with 2,000 streams and a heartbeat every 15 s, questions
//! of their own would be 270 a second; together they are at most ten.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chassis::lifecycle::Shutdown;
use domain::ids::{JobId, UserId};
use domain::job::JobState;
use store::Store;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// How long questions are gathered.
const WINDOW: Duration = Duration::from_millis(200);
/// Questions in one batch.
const BATCH: usize = 1000;
/// Questions that may wait; whoever comes when it is full waits for a place.
const WAITING: usize = 4096;

/// Asks for all streams; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Pulse {
    questions: mpsc::Sender<Question>,
}

#[derive(Debug)]
struct Question {
    session: Option<(Uuid, UserId)>,
    job: Option<(UserId, JobId)>,
    answer: oneshot::Sender<Beat>,
}

/// How things stand for one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beat {
    /// The reader has signed out or was disabled. Never while Postgres is away.
    pub(crate) session_ended: bool,
    /// The job that was asked about.
    pub(crate) standing: Standing,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Postgres is away, or nobody asked.
    Unknown,
    /// It was deleted, or is not the reader's any more.
    Gone,
    /// Its state and attempt.
    Is(JobState, u32),
}

const NOTHING_KNOWN: Beat = Beat { session_ended: false, standing: Standing::Unknown };

impl Pulse {
    /// Begins to answer, until `shutdown` is soft.
    pub(crate) fn start(store: Store, shutdown: &Shutdown) -> Self {
        let (questions, asked) = mpsc::channel(WAITING);
        let soft = shutdown.soft.clone();
        shutdown.tasks.spawn(async move {
            tokio::select! {
                () = answer_all(store, asked) => {}
                () = soft.cancelled() => {}
            }
        });
        Self { questions }
    }

    /// How `session` and `job` stand.
    pub(crate) async fn ask(&self, session: Option<(Uuid, UserId)>, job: Option<(UserId, JobId)>) -> Beat {
        let (answer, answered) = oneshot::channel();
        if self.questions.send(Question { session, job, answer }).await.is_err() {
            return NOTHING_KNOWN;
        }
        answered.await.unwrap_or(NOTHING_KNOWN)
    }
}

async fn answer_all(store: Store, mut asked: mpsc::Receiver<Question>) {
    let mut batch = Vec::new();
    while let Some(first) = asked.recv().await {
        batch.push(first);
        tokio::time::sleep(WINDOW).await;
        while batch.len() < BATCH
            && let Ok(next) = asked.try_recv()
        {
            batch.push(next);
        }
        let sessions: HashSet<_> = batch.iter().filter_map(|question| question.session).collect();
        let jobs: HashSet<_> = batch.iter().filter_map(|question| question.job).collect();
        let (live, standings) = tokio::join!(live_sessions(&store, sessions), standings(&store, jobs));
        for question in batch.drain(..) {
            let session_ended = match (&live, question.session) {
                (Some(live), Some(session)) => !live.contains(&session),
                _ => false,
            };
            let standing = match (&standings, question.job) {
                (Some(standings), Some(job)) => {
                    standings.get(&job).map_or(Standing::Gone, |(state, attempt)| Standing::Is(*state, *attempt))
                }
                _ => Standing::Unknown,
            };
            // Who has gone meanwhile needs no answer.
            let _ = question.answer.send(Beat { session_ended, standing });
        }
    }
}

/// `None`: Postgres is away.
async fn live_sessions(store: &Store, asked: HashSet<(Uuid, UserId)>) -> Option<HashSet<(Uuid, UserId)>> {
    if asked.is_empty() {
        return None;
    }
    let asked: Vec<_> = asked.into_iter().collect();
    store.live_sessions(&asked).await.inspect_err(|error| tracing::debug!(%error, "sessions are not known")).ok()
}

/// `None`: Postgres is away.
async fn standings(
    store: &Store,
    asked: HashSet<(UserId, JobId)>,
) -> Option<HashMap<(UserId, JobId), (JobState, u32)>> {
    if asked.is_empty() {
        return None;
    }
    let asked: Vec<_> = asked.into_iter().collect();
    store.standings(&asked).await.inspect_err(|error| tracing::debug!(%error, "states are not known")).ok()
}

//! Endings on their way to Postgres: one statement for all that wait, at once when none does.
//!
//! While one statement is under way the endings of other attempts gather, and the next takes all of them: a worker with
//! nothing behind its one job writes it immediately, one with a backlog writes many for the price of one commit.

use domain::agents::{Audience, find};
use domain::job::{Failure, Reason};
use store::attempts::{Claimed, Ended, Ending, Lease};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Duration;

use crate::state::Worker;

/// Endings in one statement.
const BATCH: usize = 256;
/// How long between two tries to write endings while Postgres is away.
const WRITE_AGAIN: Duration = Duration::from_millis(500);

/// What became of an ending.
#[derive(Debug)]
pub(crate) enum Written {
    /// It stands.
    Ended(Ended),
    /// The attempt was not the current one any more.
    Refused,
    /// It cannot be written; the lease will run out.
    Failed,
}

struct Waiting {
    lease: Lease,
    ending: Ending,
    /// A dataset waits for this job.
    datasets: bool,
    answer: oneshot::Sender<Written>,
}

/// Where attempts put their endings; clones share one writer.
#[derive(Debug, Clone)]
pub(crate) struct Endings {
    sender: mpsc::Sender<Waiting>,
}

/// The other end, until the writer is started.
pub(crate) struct Desk {
    receiver: mpsc::Receiver<Waiting>,
}

impl Endings {
    pub(crate) fn new() -> (Self, Desk) {
        let (sender, receiver) = mpsc::channel(BATCH);
        (Self { sender }, Desk { receiver })
    }

    /// Writes until Postgres answers: a result that took long to compute is not thrown away because the database restarts.
    pub(crate) async fn write(&self, claimed: &Claimed, lease: Lease, ending: Ending) -> Written {
        let (answer, written) = oneshot::channel();
        let datasets = find(&claimed.agent).is_none_or(|agent| agent.audience == Audience::Platform);
        if self.sender.send(Waiting { lease, ending, datasets, answer }).await.is_err() {
            return Written::Failed;
        }
        written.await.unwrap_or(Written::Failed)
    }
}

impl Desk {
    /// Writes what comes, as long as somebody may bring something.
    pub(crate) async fn run(mut self, worker: Worker) {
        let mut waiting = Vec::with_capacity(BATCH);
        while self.receiver.recv_many(&mut waiting, BATCH).await > 0 {
            write_all(&worker, &mut waiting).await;
        }
    }
}

async fn write_all(worker: &Worker, waiting: &mut Vec<Waiting>) {
    match write(worker, waiting).await {
        Ok(ended) => answer(waiting, ended),
        Err(error)
            if error.is_unstorable_text() && matches!(waiting[..], [Waiting { ending: Ending::Succeeded(_), .. }]) =>
        {
            tracing::error!(%error, job = %waiting[0].lease.job, "the result cannot be stored");
            let detail =
                "the result holds the character U+0000, which cannot be stored; take it out of the table's texts";
            let why = Failure { reason: Reason::UserError, detail: detail.to_owned() };
            waiting[0].ending = Ending::Failed(why);
            Box::pin(write_all(worker, waiting)).await;
        }
        Err(error) if waiting.len() == 1 => {
            tracing::error!(%error, job = %waiting[0].lease.job, "the ending cannot be written; the lease will run out");
            for one in waiting.drain(..) {
                // The attempt is gone where nobody listens.
                let _ = one.answer.send(Written::Failed);
            }
        }
        Err(error) => {
            tracing::warn!(%error, "one of several endings cannot be written; writing them one by one");
            for one in waiting.drain(..) {
                Box::pin(write_all(worker, &mut vec![one])).await;
            }
        }
    }
}

/// Waits for a database that is away; any other error is given back.
async fn write(worker: &Worker, waiting: &[Waiting]) -> store::Result<Vec<Ended>> {
    let endings: Vec<(Lease, Ending)> = waiting.iter().map(|one| (one.lease, one.ending.clone())).collect();
    let datasets = waiting.iter().any(|one| one.datasets);
    loop {
        match worker.store.end_attempts(&endings, datasets).await {
            Err(error) if error.is_away() => {
                tracing::warn!(%error, endings = endings.len(), "cannot write endings yet; trying again");
                tokio::time::sleep(WRITE_AGAIN).await;
            }
            written => return written,
        }
    }
}

fn answer(waiting: &mut Vec<Waiting>, ended: Vec<Ended>) {
    let mut ended: std::collections::HashMap<_, _> =
        ended.into_iter().map(|ended| (Lease { job: ended.job, attempt: ended.attempt }, ended)).collect();
    for one in waiting.drain(..) {
        let written = ended.remove(&one.lease).map_or(Written::Refused, Written::Ended);
        // The attempt is gone where nobody listens.
        let _ = one.answer.send(written);
    }
}

//! Telling what happens: an attempt's events in order, and wishes to cancel in good time.

use domain::progress::{Envelope, EventId, JobEvent};
use queue::{Heard, Published};
use store::attempts::{Claimed, Ended};
use tokio::sync::{broadcast, mpsc};

use crate::counters;
use crate::state::Worker;

/// Events that wait for Redis. Progress is dropped beyond it (the next one says more); its number is given only when it
/// is published, so that what readers see has no gap.
const BACKLOG: usize = 256;

/// Where an attempt puts its events. They are published in order by a task of their own, so that a Redis that is away
/// never holds up the computation. The task ends when the teller is dropped and all is told.
#[derive(Debug, Clone)]
pub(crate) struct Teller {
    sender: mpsc::Sender<JobEvent>,
}

impl Teller {
    pub(crate) fn start(worker: &Worker, claimed: &Claimed) -> Self {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let first = Envelope {
            job: claimed.job,
            workspace: claimed.workspace,
            owner: claimed.owner,
            attempt: claimed.attempt,
            seq: 0,
            event: JobEvent::State { state: domain::job::JobState::Running, failure: None },
        };
        worker.shutdown.tasks.spawn(publish_all(worker.clone(), first, receiver));
        Self { sender }
    }

    /// Progress: may be dropped.
    pub(crate) fn try_tell(&self, event: JobEvent) {
        // Full: the next event says more. Closed: the publisher has ended with the process.
        let _ = self.sender.try_send(event);
    }

    /// A state: waits for room.
    pub(crate) async fn tell(&self, event: JobEvent) {
        let _ = self.sender.send(event).await;
    }
}

async fn publish_all(worker: Worker, first: Envelope, mut events: mpsc::Receiver<JobEvent>) {
    let mut envelope = Envelope { seq: 1, ..first };
    loop {
        publish(&worker, &envelope).await;
        match events.recv().await {
            Some(event) => envelope = Envelope { seq: envelope.seq + 1, event, ..envelope },
            None => return,
        }
    }
}

async fn publish(worker: &Worker, envelope: &Envelope) {
    match worker.queue.publish(envelope).await {
        Ok(Published::Told) => {}
        Ok(Published::Refused) => counters::stale_event_refused(),
        Err(error) => tracing::debug!(%error, job = %envelope.job, "an event could not be told; readers see a gap"),
    }
}

/// Tells of a job whose attempt is over for this worker, as the reaper does.
pub(crate) async fn tell_ended(worker: &Worker, ended: &Ended) {
    let id = EventId::outside(ended.attempt, ended.at_ms);
    let event = JobEvent::State { state: ended.state, failure: ended.failure.clone() };
    let envelope = Envelope {
        job: ended.job,
        workspace: ended.workspace,
        owner: ended.owner,
        attempt: id.attempt,
        seq: id.seq,
        event,
    };
    publish(worker, &envelope).await;
}

/// Makes the heartbeat come at once when a job of ours is to be cancelled: Postgres holds the wish, Redis the hurry.
pub(crate) async fn relay_cancels(worker: Worker) {
    let (sender, mut heard) = broadcast::channel(1024);
    let listening = queue::listen(worker.queue.clone(), sender);
    let hurrying = async {
        loop {
            match heard.recv().await {
                Ok(Heard::Cancel(job)) if worker.leases.held().iter().any(|lease| lease.job == job) => {
                    worker.leases.hurry.notify_one();
                }
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            }
        }
    };
    // Cancelling still has to work while the last attempts finish: this ends with them, not with `soft`.
    let drained = async {
        worker.shutdown.soft.cancelled().await;
        while !worker.leases.held().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = listening => {}
        () = hurrying => {}
        () = drained => {}
    }
}

//! Telling what happens: an attempt's events in order, and wishes to cancel in good time.

use domain::progress::{Envelope, EventId, JobEvent};
use queue::{Channel, Heard, Published};
use store::attempts::{Claimed, Ended};
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::counters;
use crate::state::Worker;

/// Events that wait for Redis. What does not fit is dropped: a later event says more, and readers compare what they were
/// told with Postgres.
const BACKLOG: usize = 4096;
/// Events in one round trip.
const BATCH: usize = 256;

/// Where attempts put their events; clones share one publisher, so that a Redis that is away never holds up a computation.
#[derive(Debug, Clone)]
pub(crate) struct Events {
    sender: mpsc::Sender<Waiting>,
}

#[derive(Debug)]
enum Waiting {
    Event(Envelope),
    /// Answered when everything before it is told.
    Flush(oneshot::Sender<()>),
}

/// The other end, until the publisher is started.
pub(crate) struct Desk {
    receiver: mpsc::Receiver<Waiting>,
}

/// One attempt's events, in order. Only what is passed on gets a number, so that what readers see has no gap.
#[derive(Debug)]
pub(crate) struct Teller {
    events: Events,
    next: Envelope,
}

impl Events {
    pub(crate) fn new() -> (Self, Desk) {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        (Self { sender }, Desk { receiver })
    }

    /// Waits until what was put here before is told, or could not be.
    pub(crate) async fn flush(&self) {
        let (sender, told) = oneshot::channel();
        if self.sender.send(Waiting::Flush(sender)).await.is_ok() {
            // The publisher is gone only together with this process.
            let _ = told.await;
        }
    }
}

impl Teller {
    /// Tells that the attempt runs.
    pub(crate) fn start(worker: &Worker, claimed: &Claimed) -> Self {
        let next = Envelope {
            job: claimed.job,
            workspace: claimed.workspace,
            owner: claimed.owner,
            attempt: claimed.attempt,
            seq: 1,
            event: JobEvent::State { state: domain::job::JobState::Running, failure: None },
        };
        let mut teller = Self { events: worker.events.clone(), next: next.clone() };
        teller.tell(next.event);
        teller
    }

    pub(crate) fn tell(&mut self, event: JobEvent) {
        if let Ok(room) = self.events.sender.try_reserve() {
            room.send(Waiting::Event(Envelope { event, ..self.next.clone() }));
            self.next.seq += 1;
        }
    }
}

impl Desk {
    /// Publishes what comes, as long as somebody may bring something.
    pub(crate) async fn run(mut self, worker: Worker) {
        let mut waiting = Vec::with_capacity(BATCH);
        while self.receiver.recv_many(&mut waiting, BATCH).await > 0 {
            let (mut envelopes, mut flushes) = (Vec::with_capacity(waiting.len()), Vec::new());
            for waiting in waiting.drain(..) {
                match waiting {
                    Waiting::Event(envelope) => envelopes.push(envelope),
                    Waiting::Flush(answer) => flushes.push(answer),
                }
            }
            publish(&worker, &envelopes).await;
            for answer in flushes {
                // Nobody waits any more.
                let _ = answer.send(());
            }
        }
    }
}

async fn publish(worker: &Worker, envelopes: &[Envelope]) {
    match worker.queue.publish_all(envelopes).await {
        Ok(published) => {
            published.iter().filter(|one| **one == Published::Refused).for_each(|_| counters::stale_event_refused());
        }
        Err(error) => tracing::debug!(%error, "events could not be told; readers see a gap"),
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
    publish(worker, &[envelope]).await;
}

/// Makes the heartbeat come at once when a job of ours is to be cancelled: Postgres holds the wish, Redis the hurry.
pub(crate) async fn relay_cancels(worker: Worker) {
    let (sender, mut heard) = broadcast::channel(1024);
    let listening = queue::listen(worker.queue.clone(), Channel::Cancels, sender);
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

//! What a request leaves to be said on Redis once its answer is safe in Postgres.
//!
//! Telling live readers, putting a job on its stream, hurrying a cancel: none of it may delay or fail the request, and
//! all of it is made good by somebody else when it is lost (the worker's relay and heartbeat, the readers' look into
//! Postgres). So it goes into a bounded channel, emptied in batches by one task; what does not fit is left to them.
//!
//! A job is dispatched from here only while its class's window has room and its owner is below the fair share; what
//! waits behind is put in fair order by the worker's relay.

use std::time::Duration;

use chassis::lifecycle::Shutdown;
use domain::ids::JobId;
use domain::progress::Envelope;
use futures::future::join_all;
use queue::{Entry, Queue};
use store::Store;
use store::dispatch::Pending;
use store::jobs::InFlight;
use tokio::sync::mpsc;

/// Errands that may wait for Redis.
const BACKLOG: usize = 1024;
/// Errands done in one round.
const BATCH: usize = 256;
/// Below this many jobs in flight an owner's next one is dispatched at once.
const FAIR_SHARE: i64 = 8;
/// Longest round; then Redis counts as away and the errands of the round are left to others.
const ROUND_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
enum Errand {
    Tell(Envelope),
    Dispatch(Pending),
    HurryCancel(JobId),
    Forget(JobId),
}

/// Takes errands; clones share one task.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    errands: mpsc::Sender<Errand>,
    window: i64,
}

impl Dispatcher {
    /// Starts the task that does the errands; it ends, what is waiting done, when `shutdown` is soft.
    #[must_use]
    pub fn start(store: Store, queue: Queue, window: u32, shutdown: &Shutdown) -> Self {
        let (errands, waiting) = mpsc::channel(BACKLOG);
        let soft = shutdown.soft.clone();
        shutdown.tasks.spawn(async move { run(&store, &queue, waiting, soft).await });
        Self { errands, window: window.into() }
    }

    /// Puts a job on Redis soon, while window and fair share allow.
    pub(crate) fn dispatch(&self, pending: Pending, in_flight: InFlight) {
        if !in_flight.must_wait && in_flight.on_stream < self.window && in_flight.of_owner < FAIR_SHARE {
            self.dispatch_now(pending);
        } else {
            left_to_relay("window");
        }
    }

    /// Puts a job on Redis soon, whatever else is there.
    pub(crate) fn dispatch_now(&self, pending: Pending) {
        if !self.try_send(Errand::Dispatch(pending)) {
            left_to_relay("backlog");
        }
    }

    /// Tells live readers.
    pub(crate) fn tell(&self, envelope: Envelope) {
        self.try_send(Errand::Tell(envelope));
    }

    /// Makes the worker that runs the job look at once.
    pub(crate) fn hurry_cancel(&self, job: JobId) {
        self.try_send(Errand::HurryCancel(job));
    }

    /// Forgets the events of a job that was deleted.
    pub(crate) fn forget(&self, job: JobId) {
        self.try_send(Errand::Forget(job));
    }

    fn try_send(&self, errand: Errand) -> bool {
        self.errands.try_send(errand).is_ok()
    }
}

async fn run(
    store: &Store,
    queue: &Queue,
    mut waiting: mpsc::Receiver<Errand>,
    soft: tokio_util::sync::CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let received = tokio::select! {
            received = waiting.recv_many(&mut batch, BATCH) => received,
            () = soft.cancelled(), if !waiting.is_closed() => {
                waiting.close();
                continue;
            }
        };
        if received == 0 {
            return;
        }
        if tokio::time::timeout(ROUND_TIMEOUT, do_all(store, queue, batch.drain(..))).await.is_err() {
            tracing::warn!(errands = received, "Redis did not answer in time; the worker's relay takes over");
        }
        batch.clear();
    }
}

/// Events first: a worker may claim a dispatched job at once, and its first event would outrun `queued`.
async fn do_all(store: &Store, queue: &Queue, errands: impl Iterator<Item = Errand>) {
    let (mut events, mut jobs, mut urgent, mut forgotten) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for errand in errands {
        match errand {
            Errand::Tell(envelope) => events.push(envelope),
            Errand::Dispatch(pending) => jobs.push(pending),
            Errand::HurryCancel(job) => urgent.push(job),
            Errand::Forget(job) => forgotten.push(job),
        }
    }
    // `Refused` is no error: a worker was quicker.
    if let Err(error) = twice(|| queue.publish_all(&events)).await {
        tracing::debug!(%error, "events could not be told; readers find out from Postgres");
    }
    dispatch_all(store, queue, &jobs).await;
    let hurried = join_all(urgent.iter().map(|job| queue.hurry_cancel(*job))).await;
    let forgot = join_all(forgotten.iter().map(|job| queue.forget_progress(*job))).await;
    for error in hurried.into_iter().chain(forgot).filter_map(Result::err) {
        tracing::debug!(%error, "a cancel could not be hurried, or a deleted job's events not be forgotten");
    }
}

/// Entry on Redis first, then the mark in Postgres: ended in between, the relay puts it there twice, which is harmless.
async fn dispatch_all(store: &Store, queue: &Queue, jobs: &[Pending]) {
    if jobs.is_empty() {
        return;
    }
    let entries: Vec<_> = jobs
        .iter()
        .map(|pending| {
            let entry = Entry {
                job: pending.job,
                dispatch_seq: pending.dispatch_seq,
                traceparent: pending.traceparent.clone(),
            };
            (pending.class, pending.priority, entry)
        })
        .collect();
    if let Err(error) = twice(|| queue.enqueue(&entries)).await {
        tracing::warn!(%error, jobs = jobs.len(), "jobs could not be put on Redis; the worker's relay takes over");
        metrics::counter!("gateway_left_to_relay_total", "why" => "redis").increment(jobs.len() as u64);
        return;
    }
    metrics::counter!("gateway_dispatched_total").increment(jobs.len() as u64);
    if let Err(error) = store.mark_dispatched(jobs).await {
        tracing::warn!(%error, "dispatched jobs could not be marked; they are dispatched again, which is harmless");
    }
}

/// A connection that was lost is noticed by the first command after it, which fails; the second one has a new
/// connection. Doubled events and entries are harmless.
async fn twice<T, E, F: Future<Output = Result<T, E>>>(command: impl Fn() -> F) -> Result<T, E> {
    match command().await {
        Err(_) => command().await,
        done => done,
    }
}

fn left_to_relay(why: &'static str) {
    metrics::counter!("gateway_left_to_relay_total", "why" => why).increment(1);
}

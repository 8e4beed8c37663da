//! What a request leaves to be said on Redis once its answer is safe in Postgres.
//!
//! Telling live readers, putting a job on its stream, hurrying a cancel: none of it may delay or fail the request, and
//! all of it is made good by somebody else when it is lost (the worker's relay and heartbeat, the readers' look into
//! Postgres). So it goes into a bounded channel, emptied in batches by one task; what does not fit is left to them.
//!
//! A job is dispatched from here only while its stream's window has room, its owner is below the fair share and far from
//! the limit in flight, its time has come and its class is not paused. What waits behind is put in fair order by the
//! worker's relay, which also takes back what stands in another owner's way.

use std::sync::Arc;
use std::time::Duration;

use chassis::lifecycle::Shutdown;
use chassis::telemetry::trace_context::sending_spans;
use domain::ids::JobId;
use domain::progress::Envelope;
use futures::future::join_all;
use queue::{Entry, Queue};
use store::Store;
use store::counters::{Count, Tally};
use store::dispatch::Pending;
use store::jobs::{COUNTED_OF_OWNER, InFlight};
use tokio::sync::mpsc;

/// Errands that may wait for Redis.
const BACKLOG: usize = 1024;
/// Errands done in one round.
const BATCH: usize = 256;
/// Below this many jobs in flight an owner's next one is dispatched at once.
const FAIR_SHARE: i64 = COUNTED_OF_OWNER;
/// A limit in flight that is lower than this is kept by the relay alone: submissions at the same moment do not see one
/// another, and could together go beyond it by so many.
const KEPT_BY_RELAY: u32 = 64;
/// How often counts are added to the totals.
const FLUSH: Duration = Duration::from_secs(1);
/// Longest round; then Redis counts as away and the errands of the round are left to others.
const ROUND_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
enum Errand {
    Tell(Envelope),
    Dispatch(Pending),
    DispatchOwn(Pending),
    HurryCancel(JobId),
    Forget(JobId),
}

/// Takes errands; clones share one task.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    errands: mpsc::Sender<Errand>,
    window: i64,
    at_once: bool,
    tally: Arc<Tally>,
}

/// How much may be put on Redis from here.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Queued jobs of a class and priority.
    pub window: u32,
    /// Analyses of one owner in flight.
    pub in_flight_per_owner: u32,
}

impl Dispatcher {
    /// Starts the task that does the errands; it ends, what is waiting done, when `shutdown` is soft.
    #[must_use]
    pub fn start(store: Store, queue: Queue, bounds: Bounds, shutdown: &Shutdown) -> Self {
        let (errands, waiting) = mpsc::channel(BACKLOG);
        let tally = Arc::new(Tally::new());
        shutdown.tasks.spawn(keep_totals(store.clone(), Arc::clone(&tally), shutdown.soft.clone()));
        let (soft, counted) = (shutdown.soft.clone(), Arc::clone(&tally));
        shutdown.tasks.spawn(async move { run(&Hands { store, queue, tally: counted }, waiting, soft).await });
        let at_once = bounds.in_flight_per_owner >= KEPT_BY_RELAY;
        Self { errands, window: bounds.window.into(), at_once, tally }
    }

    /// Counts an analysis that was accepted.
    pub(crate) fn count_submitted(&self) {
        self.tally.add(Count::Submitted, 1);
    }

    /// Puts a job on Redis soon, while window and fair share allow.
    pub(crate) fn dispatch(&self, pending: Pending, in_flight: InFlight) {
        let has_room = in_flight.on_stream < self.window && in_flight.of_owner < FAIR_SHARE;
        if in_flight.must_wait {
            left_to_relay("not_yet");
        } else if !has_room || !self.at_once {
            left_to_relay("window");
        } else if !self.try_send(Errand::Dispatch(pending)) {
            left_to_relay("backlog");
        }
    }

    /// Puts one of the platform's own jobs on Redis soon, whatever else is there; unless its class is paused.
    pub(crate) fn dispatch_own(&self, pending: Pending) {
        if !self.try_send(Errand::DispatchOwn(pending)) {
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

/// What errands are done with.
struct Hands {
    store: Store,
    queue: Queue,
    tally: Arc<Tally>,
}

/// Adds what was counted to the totals every second, and a last time at the end.
async fn keep_totals(store: Store, tally: Arc<Tally>, soft: tokio_util::sync::CancellationToken) {
    loop {
        let ended = tokio::time::timeout(FLUSH, soft.cancelled()).await.is_ok();
        if let Err(error) = tally.flush(&store).await {
            tracing::debug!(%error, "counts not added to the totals yet");
        }
        if ended {
            return;
        }
    }
}

async fn run(hands: &Hands, mut waiting: mpsc::Receiver<Errand>, soft: tokio_util::sync::CancellationToken) {
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
        if tokio::time::timeout(ROUND_TIMEOUT, do_all(hands, batch.drain(..))).await.is_err() {
            tracing::warn!(errands = received, "Redis did not answer in time; the worker's relay takes over");
        }
        batch.clear();
    }
}

/// Events first: a worker may claim a dispatched job at once, and its first event would outrun `queued`.
async fn do_all(hands: &Hands, errands: impl Iterator<Item = Errand>) {
    let queue = &hands.queue;
    let (mut events, mut jobs, mut own) = (Vec::new(), Vec::new(), Vec::new());
    let (mut urgent, mut forgotten) = (Vec::new(), Vec::new());
    for errand in errands {
        match errand {
            Errand::Tell(envelope) => events.push(envelope),
            Errand::Dispatch(pending) => jobs.push(pending),
            Errand::DispatchOwn(pending) => own.push(pending),
            Errand::HurryCancel(job) => urgent.push(job),
            Errand::Forget(job) => forgotten.push(job),
        }
    }
    // `Refused` is no error: a worker was quicker.
    if let Err(error) = twice(|| queue.publish_all(&events)).await {
        tracing::debug!(%error, "events could not be told; readers find out from Postgres");
    }
    jobs.extend(of_running_classes(hands, own).await);
    dispatch_all(hands, &jobs).await;
    let hurried = join_all(urgent.iter().map(|job| queue.hurry_cancel(*job))).await;
    let forgot = join_all(forgotten.iter().map(|job| queue.forget_progress(*job))).await;
    for error in hurried.into_iter().chain(forgot).filter_map(Result::err) {
        tracing::debug!(%error, "a cancel could not be hurried, or a deleted job's events not be forgotten");
    }
}

/// Those whose class is not paused. Where that cannot be found out, the relay takes over.
async fn of_running_classes(hands: &Hands, own: Vec<Pending>) -> Vec<Pending> {
    if own.is_empty() {
        return own;
    }
    let Ok(pauses) = hands.store.pauses().await else { return Vec::new() };
    own.into_iter().filter(|pending| pauses.iter().all(|pause| pause.class != pending.class)).collect()
}

/// Entry on Redis first, then the mark in Postgres: ended in between, the relay puts it there twice, which is harmless.
async fn dispatch_all(hands: &Hands, jobs: &[Pending]) {
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
    let sending = sending_spans(jobs.iter().map(|pending| pending.traceparent.as_deref()));
    let sent = twice(|| hands.queue.enqueue(&entries)).await;
    drop(sending);
    if let Err(error) = sent {
        tracing::warn!(%error, jobs = jobs.len(), "jobs could not be put on Redis; the worker's relay takes over");
        metrics::counter!("gateway_left_to_relay_total", "why" => "redis").increment(jobs.len() as u64);
        return;
    }
    metrics::counter!("gateway_dispatched_total").increment(jobs.len() as u64);
    hands.tally.add(Count::Dispatched, jobs.len() as u64);
    if let Err(error) = hands.store.mark_dispatched(jobs).await {
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

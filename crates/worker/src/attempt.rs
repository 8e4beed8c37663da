//! One attempt: a claimed job, its child, and how it ends in Postgres.

use std::time::Duration;

use chassis::telemetry::trace_context::{set_remote_parent, trace_id_of};
use domain::job::{Failure, JobClass, JobState, Reason};
use domain::progress::JobEvent;
use store::attempts::{Claimed, Ended, Ending, Lease};
use tokio::time::{Instant, sleep};
use tracing::{Instrument, Span, field};

use crate::child::process::{Child, Heard, Over};
use crate::counters;
use crate::ending::Written;
use crate::leases::Held;
use crate::outputs;
use crate::places::{LONGEST_WAIT, Places};
use crate::state::Worker;
use crate::steps::Steps;
use crate::telling::Teller;

/// First and longest wait before a job that crashed is tried again; a random share of it is taken.
const RETRY_BASE: Duration = Duration::from_secs(2);
const RETRY_CAP: Duration = Duration::from_mins(1);

/// Why the child's own answer is not waited for any more.
enum Interrupted {
    Cancel,
    Lost,
    Timeout,
    Stuck,
    HandBack,
}

/// Runs the attempt to its end, whatever that is, in a place of that class.
pub(crate) async fn run(worker: Worker, claimed: Claimed, class: JobClass, places: Places) {
    let span = span_of(&claimed);
    async {
        let started = Instant::now();
        let lease = Lease { job: claimed.job, attempt: claimed.attempt };
        let mut held = worker.leases.hold(lease);
        let mut teller = Teller::start(&worker, &claimed);
        match wait_and_compute(&worker, &claimed, (class, &places), &mut held, &mut teller).await {
            None => {
                tracing::warn!("the lease is lost: another worker has the job");
                counters::fenced_write_refused();
            }
            Some(ending) => match worker.endings.write(&claimed, lease, ending).await {
                Written::Ended(ended) => report(&claimed, ended, &mut teller, started.elapsed()),
                Written::Refused => {
                    tracing::warn!("refused: the attempt is not the current one any more");
                    counters::fenced_write_refused();
                }
                Written::Failed => {}
            },
        }
        outputs::clean_up(&worker, &claimed).await;
    }
    .instrument(span)
    .await;
}

/// In the trace of the request that asked for the job, and with that request's id: it is what nginx and the gateway log too.
fn span_of(claimed: &Claimed) -> Span {
    let span = tracing::info_span!(
        "attempt", otel.name = %format_args!("attempt {}", claimed.agent), otel.kind = "consumer",
        otel.status_code = field::Empty, job = %claimed.job, attempt = claimed.attempt, agent = claimed.agent,
        request_id = claimed.request_id, trace_id = field::Empty,
    );
    if let Some(traceparent) = &claimed.traceparent {
        set_remote_parent(&span, traceparent);
    }
    if let Some(trace_id) = trace_id_of(&span) {
        span.record("trace_id", trace_id);
    }
    span
}

/// Waits for a place and computes there. Gives the ending to write; `None` when the lease is lost and nothing may be written.
async fn wait_and_compute(
    worker: &Worker,
    claimed: &Claimed,
    (class, places): (JobClass, &Places),
    held: &mut Held,
    teller: &mut Teller,
) -> Option<Ending> {
    let place = tokio::select! {
        biased;
        place = places.take() => place?,
        () = held.changed() => return held.is_cancelled().then_some(Ending::Cancelled),
        () = worker.shutdown.hard.cancelled() => return Some(Ending::HandedBack),
        () = sleep(LONGEST_WAIT) => {
            // Claimed ahead of attempts that take longer than those before them: it may be another worker's at once.
            places.took(LONGEST_WAIT);
            return Some(Ending::HandedBack);
        }
    };
    let begin = Instant::now();
    let ending = compute(worker, claimed, class, held, teller).await;
    places.took(begin.elapsed());
    drop(place);
    ending
}

/// The ending to write; `None` when the lease is lost.
async fn compute(
    worker: &Worker,
    claimed: &Claimed,
    class: JobClass,
    held: &mut Held,
    teller: &mut Teller,
) -> Option<Ending> {
    let mut child = match worker.pool.ask(worker, claimed, worker.config.memory_limit(class)).await {
        Ok(child) => child,
        Err(failure) => return Some(died(worker, claimed, class, failure)),
    };
    let interrupted = match converse(worker, claimed, &mut child, held, teller).await {
        Ok(Over::Done { outcome, light }) => {
            if light {
                worker.pool.put(child);
            }
            return Some(outcome.map_or_else(|failure| failed(worker, claimed, failure), Ending::Succeeded));
        }
        Ok(Over::Died(failure)) => return Some(died(worker, claimed, class, failure)),
        Err(interrupted) => interrupted,
    };
    child.kill().await;
    match interrupted {
        Interrupted::Lost => None,
        Interrupted::Cancel => Some(Ending::Cancelled),
        Interrupted::HandBack => Some(Ending::HandedBack),
        Interrupted::Timeout => Some(Ending::Failed(Failure {
            reason: Reason::Timeout,
            detail: format!(
                "not done within the {} s that `{}` may take; ask for less (fewer columns, rows or simulations)",
                claimed.timeout.as_secs(),
                claimed.agent
            ),
        })),
        Interrupted::Stuck => Some(Ending::Retry {
            failure: Failure {
                reason: Reason::Stuck,
                detail: format!(
                    "alive, but no progress within {} s; it was ended",
                    worker.config.stuck_after(&claimed.agent).as_secs_f64()
                ),
            },
            after: back_off(worker, claimed),
        }),
    }
}

/// Listens to the child until it is done or gone, or must not be waited for any more.
async fn converse(
    worker: &Worker,
    claimed: &Claimed,
    child: &mut Child,
    held: &mut Held,
    teller: &mut Teller,
) -> Result<Over, Interrupted> {
    let deadline = sleep(claimed.timeout);
    let patience = worker.config.stuck_after(&claimed.agent);
    let silence = sleep(patience);
    tokio::pin!(deadline, silence);
    let mut steps = Steps::begin(child.pid());
    loop {
        tokio::select! {
            biased;
            heard = child.hear() => match heard {
                Heard::Progress(progress) => {
                    silence.as_mut().reset(Instant::now() + patience);
                    steps.hear(&progress.step);
                    teller.tell(JobEvent::Progress(progress));
                }
                Heard::Over(over) => return Ok(over),
            },
            () = held.changed() => {
                return Err(if held.is_cancelled() { Interrupted::Cancel } else { Interrupted::Lost });
            }
            () = &mut deadline => return Err(Interrupted::Timeout),
            () = &mut silence => return Err(Interrupted::Stuck),
            () = worker.shutdown.hard.cancelled() => return Err(Interrupted::HandBack),
        }
    }
}

/// What the agent itself said. Only what may pass by itself is tried again.
fn failed(worker: &Worker, claimed: &Claimed, failure: Failure) -> Ending {
    match failure.reason {
        Reason::Unavailable => Ending::Retry { failure, after: back_off(worker, claimed) },
        _ => Ending::Failed(failure),
    }
}

/// The child is gone. Out of memory in a small place, the job gets a large one; anywhere else trying again cannot help.
fn died(worker: &Worker, claimed: &Claimed, class: JobClass, failure: Failure) -> Ending {
    match (failure.reason, class) {
        (Reason::Oom, JobClass::Small) => Ending::NeedsMore(failure),
        (Reason::Oom, JobClass::Large) => Ending::Failed(failure),
        _ => Ending::Retry { failure, after: back_off(worker, claimed) },
    }
}

fn back_off(worker: &Worker, claimed: &Claimed) -> Duration {
    let doublings = u32::try_from(claimed.crash_count).unwrap_or(0).min(10);
    worker.jitter((RETRY_BASE * 2_u32.pow(doublings)).min(RETRY_CAP))
}

fn report(claimed: &Claimed, ended: Ended, teller: &mut Teller, took: Duration) {
    counters::attempt_ended(claimed, &ended, took);
    if ended.state == JobState::Failed {
        Span::current().record("otel.status_code", "ERROR");
    }
    let reason = ended.failure.as_ref().map(|failure| failure.reason.as_str());
    tracing::info!(state = %ended.state, reason, took_ms = took.as_millis(), "attempt ended");
    teller.tell(JobEvent::State { state: ended.state, failure: ended.failure });
}

//! One attempt: a claimed job, its child, and how it ends in Postgres.

use std::time::Duration;

use chassis::telemetry::trace_context::set_remote_parent;
use domain::job::{Failure, Reason};
use domain::progress::JobEvent;
use store::attempts::{Claimed, Ended, Ending, Lease};
use tokio::time::Instant;
use tracing::Instrument;

use crate::child::process::{Child, Heard};
use crate::counters;
use crate::leases::{Held, Word};
use crate::outputs;
use crate::state::Worker;
use crate::telling::Teller;

/// First and longest wait before a job that crashed is tried again; a random share of it is taken.
const RETRY_BASE: Duration = Duration::from_secs(2);
const RETRY_CAP: Duration = Duration::from_mins(1);
/// How long between two tries to write an ending while Postgres is away.
const WRITE_AGAIN: Duration = Duration::from_millis(500);

/// Why the child's own answer is not waited for any more.
enum Interrupted {
    Cancel,
    Lost,
    Timeout,
    HandBack,
}

/// Runs the attempt to its end, whatever that is.
pub(crate) async fn run(worker: Worker, claimed: Claimed) {
    let span = tracing::info_span!("attempt", job = %claimed.job, attempt = claimed.attempt, agent = claimed.agent);
    if let Some(traceparent) = &claimed.traceparent {
        set_remote_parent(&span, traceparent);
    }
    async {
        let started = Instant::now();
        let lease = Lease { job: claimed.job, attempt: claimed.attempt };
        let mut held = worker.leases.hold(lease);
        let teller = Teller::start(&worker, &claimed);
        match compute(&worker, &claimed, &mut held, &teller).await {
            None => {
                tracing::warn!("the lease is lost: another worker has the job");
                counters::fenced_write_refused();
            }
            Some(ending) => {
                if let Some(ended) = write(&worker, lease, &ending).await {
                    report(&claimed, &ended, &teller, started.elapsed()).await;
                }
            }
        }
        outputs::clean_up(&worker, &claimed).await;
    }
    .instrument(span)
    .await;
}

/// The ending to write; `None` when the lease is lost and nothing may be written.
async fn compute(worker: &Worker, claimed: &Claimed, held: &mut Held, teller: &Teller) -> Option<Ending> {
    let mut child = match Child::start(worker, claimed).await {
        Ok(child) => child,
        Err(error) => return Some(crashed(worker, claimed, format!("the child process cannot start: {error:#}"))),
    };
    let deadline = tokio::time::sleep(claimed.timeout);
    tokio::pin!(deadline);
    let interrupted = loop {
        tokio::select! {
            biased;
            heard = child.hear() => match heard {
                Heard::Progress(progress) => teller.try_tell(JobEvent::Progress(progress)),
                Heard::Result(result) => return Some(Ending::Succeeded(result)),
                Heard::Failure(failure) => return Some(failed(worker, claimed, failure)),
                Heard::Died(how) => return Some(crashed(worker, claimed, how)),
            },
            word = held.word.wait_for(|word| *word != Word::GoOn) => match word.as_deref() {
                Ok(Word::Cancel) => break Interrupted::Cancel,
                _ => break Interrupted::Lost,
            },
            () = &mut deadline => break Interrupted::Timeout,
            () = worker.shutdown.hard.cancelled() => break Interrupted::HandBack,
        }
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
    }
}

/// What the agent itself said. Only what may pass by itself is tried again.
fn failed(worker: &Worker, claimed: &Claimed, failure: Failure) -> Ending {
    match failure.reason {
        Reason::Unavailable => Ending::Retry { failure, after: back_off(worker, claimed) },
        _ => Ending::Failed(failure),
    }
}

fn crashed(worker: &Worker, claimed: &Claimed, detail: String) -> Ending {
    Ending::Retry { failure: Failure { reason: Reason::Crash, detail }, after: back_off(worker, claimed) }
}

fn back_off(worker: &Worker, claimed: &Claimed) -> Duration {
    let doublings = u32::try_from(claimed.crash_count).unwrap_or(0).min(10);
    worker.jitter((RETRY_BASE * 2_u32.pow(doublings)).min(RETRY_CAP))
}

/// Writes until Postgres answers: a result that took long to compute is not thrown away because the database restarts.
/// `None`: refused as a zombie's, or the service is ended hard and the lease will tell.
async fn write(worker: &Worker, lease: Lease, ending: &Ending) -> Option<Ended> {
    loop {
        match worker.store.end_attempt(lease, ending).await {
            Ok(Some(ended)) => return Some(ended),
            Ok(None) => {
                tracing::warn!("refused: the attempt is not the current one any more");
                counters::fenced_write_refused();
                return None;
            }
            Err(error) if error.is_away() => {
                tracing::warn!(%error, "cannot write the ending yet; trying again");
                tokio::time::sleep(WRITE_AGAIN).await;
            }
            Err(error) => {
                tracing::error!(%error, "the ending cannot be written; the lease will run out");
                return None;
            }
        }
    }
}

async fn report(claimed: &Claimed, ended: &Ended, teller: &Teller, took: Duration) {
    counters::attempt_ended(&claimed.agent, ended, took.as_secs_f64());
    let reason = ended.failure.as_ref().map(|failure| failure.reason.as_str());
    tracing::info!(state = %ended.state, reason, took_ms = took.as_millis(), "attempt ended");
    teller.tell(JobEvent::State { state: ended.state, failure: ended.failure.clone() }).await;
}

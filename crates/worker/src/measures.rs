//! What a worker measures, each from its start. `docs/MONITORING.md` has the list.

use chassis::telemetry::metrics::{self as chassis_metrics, Measure};
use domain::job::{JobClass, JobState, Reason};
use metrics::Label;

const ATTEMPTS: Measure = Measure::counter(
    "e2i_attempts_ended_total",
    "Attempts by agent, the state they left their job in, and the reason when they failed.",
)
.of(&[]);
const DURATION: Measure =
    Measure::histogram("e2i_attempt_duration_seconds", "How long attempts took, however they ended.").of(&[]);
const LATENCY: Measure = Measure::histogram(
    "e2i_inference_latency_seconds",
    "Of attempts that succeeded: from the moment the job could begin to its stored result.",
)
.of(&[]);
const WAIT: Measure =
    Measure::histogram("e2i_job_wait_seconds", "From the moment a job could begin to its claim.").of(&[]);

const PLAIN: [Measure; 16] = [
    Measure::counter("e2i_jobs_claimed_total", "Jobs that this worker claimed."),
    Measure::gauge("e2i_jobs_running", "Jobs in hand now.").of(&[&[("class", "small")], &[("class", "large")]]),
    Measure::gauge("e2i_worker_resting", "1 while the worker rests: a release has another take the jobs."),
    Measure::counter("e2i_jobs_relayed_total", "Jobs dispatched by the relay, not at once by the gateway."),
    Measure::counter("e2i_jobs_redispatched_total", "Jobs dispatched anew because Redis was new or had lost them.")
        .of(&[&[("why", "epoch")], &[("why", "sweep")]]),
    Measure::counter(
        "e2i_duplicate_claims_dropped_total",
        "Entries whose claim hit nothing: doubled, recalled, cancelled.",
    ),
    Measure::counter("e2i_jobs_handed_on_total", "Jobs of an agent version that this worker does not have."),
    Measure::counter("e2i_fenced_writes_refused_total", "Writes of attempts that were not the current one any more."),
    Measure::counter("e2i_stale_events_refused_total", "Progress that Redis refused: a later event was there."),
    Measure::counter("e2i_jobs_recalled_total", "Entries taken back from Redis for another owner's earlier turn."),
    Measure::counter("e2i_jobs_recovered_total", "Lost jobs that were claimed again."),
    Measure::counter("e2i_leases_expired_total", "Jobs taken from workers that vanished, by what became of them.")
        .of(&[&[("state", "queued")], &[("state", "failed")], &[("state", "cancelled")]]),
    Measure::gauge("e2i_mlflow_runs_pending", "Runs that wait to be logged to MLflow, of all workers."),
    Measure::gauge("e2i_mlflow_runs_parked", "Runs that are not tried again until an admin says so."),
    Measure::counter("e2i_mlflow_runs_logged_total", "Runs logged to MLflow."),
    Measure::counter("e2i_mlflow_runs_failed_total", "Runs that MLflow did not take.").of(&[
        &[("why", "away")],
        &[("why", "refused")],
        &[("why", "too_old")],
    ]),
];

/// How attempts of any agent may be expected to end; other pairs come with their first.
const ENDINGS: [(JobState, Option<Reason>); 6] = [
    (JobState::Succeeded, None),
    (JobState::Failed, Some(Reason::UserError)),
    (JobState::Failed, Some(Reason::Timeout)),
    (JobState::Failed, Some(Reason::Oom)),
    (JobState::Failed, Some(Reason::Crash)),
    (JobState::Queued, Some(Reason::Crash)),
];

/// Begins all of them at zero.
pub(crate) fn begin() {
    chassis_metrics::begin(&PLAIN);
    chassis_metrics::begin(&[ATTEMPTS, DURATION, LATENCY, WAIT]);
    for class in JobClass::ALL {
        WAIT.begin_with(vec![Label::new("class", class.as_str())]);
    }
    for agent in domain::agents::all() {
        for measure in [DURATION, LATENCY] {
            measure.begin_with(vec![Label::new("agent", agent.name)]);
        }
        for (state, reason) in ENDINGS {
            let reason = reason.map_or("none", Reason::as_str);
            let labels = [("agent", agent.name), ("state", state.as_str()), ("reason", reason)];
            ATTEMPTS.begin_with(labels.map(|(name, value)| Label::new(name, value)).to_vec());
        }
    }
}

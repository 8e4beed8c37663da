//! What the gateway measures, each from its start. `docs/MONITORING.md` has the list.
//!
//! The queue is measured here and not by workers: it is worth a look above all when no worker runs. Each gateway tells the
//! same, so a query takes the largest of them.

use std::time::Duration;

use chassis::telemetry::metrics::{self as chassis_metrics, Measure};
use domain::agents::Audience;
use domain::job::{JobClass, JobState, Priority};
use metrics::{Label, counter, gauge};
use store::Store;
use store::dispatch::InHand;
use store::dispatch::pauses::Pause;

use crate::state::AppState;

/// How often the queue is looked at: its numbers are at most this old.
const LOOK_EVERY: Duration = Duration::from_secs(10);

const SUBMITTED: Measure = Measure::counter("gateway_analyses_submitted_total", "Analyses accepted.").of(&[]);

const PLAIN: [Measure; 20] = [
    Measure::counter("gateway_dispatched_total", "Jobs put on Redis at once."),
    Measure::counter("gateway_left_to_relay_total", "Jobs left to the relay: it dispatches them in their turn.").of(&[
        &[("why", "backlog")],
        &[("why", "window")],
        &[("why", "not_yet")],
        &[("why", "redis")],
    ]),
    Measure::counter("gateway_derivations_submitted_total", "Derived versions of datasets asked for."),
    Measure::counter("gateway_uploads_total", "Single-shot uploads by how they ended.").of(&[
        &[("outcome", "stored")],
        &[("outcome", "refused")],
        &[("outcome", "abandoned")],
        &[("outcome", "busy")],
        &[("outcome", "disk_full")],
    ]),
    Measure::counter("gateway_resumable_uploads_total", "Resumable uploads by what became of them.").of(&[
        &[("outcome", "created")],
        &[("outcome", "stored")],
        &[("outcome", "refused")],
        &[("outcome", "deleted")],
        &[("outcome", "expired")],
    ]),
    Measure::counter("gateway_upload_bytes_total", "Bytes of resumable uploads that were taken."),
    Measure::gauge("gateway_upload_disk_used_share", "Used share of the disk that uploads lie on, as df counts it.")
        .of(&[]),
    Measure::gauge("gateway_event_streams", "Clients that follow events live.")
        .of(&[&[("kind", "analysis")], &[("kind", "everything")]]),
    Measure::counter("rate_limited_total", "Requests answered 429, by which limit.").of(&[&[("by", "shared")]]),
    Measure::counter("sign_ins_total", "Tries to sign in.").of(&[
        &[("outcome", "success")],
        &[("outcome", "refused")],
        &[("outcome", "limited")],
    ]),
    Measure::counter("refresh_token_reuses_total", "Spent refresh tokens shown again: their session was ended."),
    Measure::gauge("e2i_jobs", "Jobs that have not ended, by agent and state.").of(&[]),
    Measure::gauge("e2i_queue_jobs", "Jobs that wait, those for a later time included.").of(&[]),
    Measure::gauge("e2i_queue_delayed_jobs", "Jobs that wait for a time that is still to come.").of(&[]),
    Measure::gauge("e2i_queue_oldest_seconds", "For how long the oldest job that could begin has waited.").of(&[]),
    Measure::gauge("e2i_queue_paused", "1 while an admin lets nothing of that class begin.").of(&[]),
    Measure::gauge("e2i_workers", "Workers heard within the last half minute.").of(&[]),
    Measure::gauge("e2i_worker_places", "Places for jobs of those workers: so many can compute at once.").of(&[]),
    Measure::counter("e2i_queue_looks_failed_total", "Times that the queue could not be looked at."),
    Measure::gauge(
        "e2i_queue_looked_at_timestamp_seconds",
        "When the queue was last looked at, in seconds since 1970.",
    )
    .of(&[]),
];

/// Begins all of them at zero.
pub(crate) fn begin() {
    chassis_metrics::begin(&PLAIN);
    chassis_metrics::begin(&[SUBMITTED]);
    for agent in domain::agents::all().iter().filter(|agent| agent.audience != Audience::Platform) {
        SUBMITTED.begin_with(vec![Label::new("agent", agent.name)]);
    }
}

/// How the queue stands.
struct Queue {
    in_hand: Vec<InHand>,
    paused: Vec<Pause>,
    workers: Vec<(u32, u32)>,
}

/// Looks at the queue again and again; runs until dropped.
pub(crate) async fn keep(state: &AppState) {
    loop {
        match Queue::read(&state.store).await {
            Ok(queue) => {
                queue.tell();
                let now = state.clock.now().timestamp_millis() as f64 / 1000.0;
                gauge!("e2i_queue_looked_at_timestamp_seconds").set(now);
            }
            Err(error) => {
                tracing::debug!(%error, "the queue cannot be looked at");
                counter!("e2i_queue_looks_failed_total").increment(1);
                // Old numbers would look like a queue that stands still.
                Queue::tell_nothing();
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

impl Queue {
    async fn read(store: &Store) -> store::Result<Self> {
        let workers = store.workers_seen().await?;
        Ok(Self {
            in_hand: store.jobs_in_hand().await?,
            paused: store.pauses().await?,
            workers: workers.iter().map(|worker| (worker.small_places, worker.large_places)).collect(),
        })
    }

    fn tell(&self) {
        for agent in domain::agents::all() {
            let of_agent = |count: fn(&InHand) -> u64| self.sum(|jobs| jobs.agent == agent.name, count);
            jobs_gauge(agent.name, JobState::Queued).set(of_agent(|jobs| jobs.queued));
            jobs_gauge(agent.name, JobState::Running).set(of_agent(|jobs| jobs.running));
        }
        for class in JobClass::ALL {
            let is_of = |jobs: &InHand| jobs.stream.0 == class;
            for priority in Priority::ALL {
                let queued = self.sum(|jobs| jobs.stream == (class, priority), |jobs| jobs.queued);
                stream_gauge(class, priority).set(queued);
            }
            let oldest = self.in_hand.iter().filter(|jobs| is_of(jobs)).map(|jobs| jobs.oldest).max();
            let is_paused = self.paused.iter().any(|pause| pause.class == class);
            class_gauge("e2i_queue_delayed_jobs", class).set(self.sum(is_of, |jobs| jobs.delayed));
            class_gauge("e2i_queue_oldest_seconds", class).set(oldest.unwrap_or_default().as_secs_f64());
            class_gauge("e2i_queue_paused", class).set(if is_paused { 1.0 } else { 0.0 });
        }
        let places = |of: fn(&(u32, u32)) -> u32| self.workers.iter().map(|places| f64::from(of(places))).sum::<f64>();
        class_gauge("e2i_worker_places", JobClass::Small).set(places(|(small, _)| *small));
        class_gauge("e2i_worker_places", JobClass::Large).set(places(|(_, large)| *large));
        gauge!("e2i_workers").set(self.workers.len() as f64);
    }

    fn sum(&self, which: impl Fn(&InHand) -> bool, count: fn(&InHand) -> u64) -> f64 {
        self.in_hand.iter().filter(|jobs| which(jobs)).map(count).sum::<u64>() as f64
    }

    /// "Not known", which Prometheus keeps apart from every number.
    fn tell_nothing() {
        for agent in domain::agents::all() {
            for state in [JobState::Queued, JobState::Running] {
                jobs_gauge(agent.name, state).set(f64::NAN);
            }
        }
        for class in JobClass::ALL {
            for priority in Priority::ALL {
                stream_gauge(class, priority).set(f64::NAN);
            }
            for name in ["e2i_queue_delayed_jobs", "e2i_queue_oldest_seconds", "e2i_queue_paused", "e2i_worker_places"]
            {
                class_gauge(name, class).set(f64::NAN);
            }
        }
        gauge!("e2i_workers").set(f64::NAN);
    }
}

fn jobs_gauge(agent: &'static str, state: JobState) -> metrics::Gauge {
    gauge!("e2i_jobs", "agent" => agent, "state" => state.as_str())
}

fn stream_gauge(class: JobClass, priority: Priority) -> metrics::Gauge {
    gauge!("e2i_queue_jobs", "class" => class.as_str(), "priority" => priority.as_str())
}

fn class_gauge(name: &'static str, class: JobClass) -> metrics::Gauge {
    gauge!(name, "class" => class.as_str())
}

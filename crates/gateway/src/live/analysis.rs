//! The events of one analysis: `id` is `{attempt}-{seq}`.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::Event;
use chassis::http::sse;
use domain::ids::JobId;
use domain::job::JobState;
use domain::progress::{Envelope, EventId, JobEvent};
use futures::{Stream, StreamExt as _, stream};
use store::Access;
use store::jobs::Job;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::closing::{Closing, Why};
use super::hub::{News, Subscription};
use super::pulse::Standing;
use super::{Open, message};
use crate::routes::analyses::Analysis;
use crate::state::AppState;

/// How soon a replay that Redis refused is tried again.
const REPLAY_RETRY: Duration = Duration::from_millis(500);

/// Longest replay; a Redis that does not answer must not hold up the end of the stream.
const REPLAY_TIMEOUT: Duration = Duration::from_secs(2);

/// What to follow, and from where on.
pub(crate) struct Wish {
    /// Who reads.
    pub(crate) access: Access,
    /// The job as it was read *after* `heard` began.
    pub(crate) job: Job,
    /// The subscription.
    pub(crate) heard: Subscription,
    /// The id that the reader saw last.
    pub(crate) after: Option<EventId>,
    /// When to end.
    pub(crate) closing: Closing,
}

/// The events of the wished job until it has ended, or [`Closing`] says so.
pub(crate) fn follow(state: AppState, wish: Wish) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    let heartbeat = heartbeats(&state);
    let follower = Follower {
        access: wish.access,
        job: wish.job.id,
        heard: wish.heard,
        last: wish.after,
        told: None,
        behind: false,
        closing: wish.closing,
        heartbeat,
        phase: Phase::Begin(Box::new(wish.job)),
        _open: Open::new("analysis"),
        state,
    };
    stream::unfold(follower, Follower::next).flat_map(|batch| stream::iter(batch.into_iter().map(Ok)))
}

/// Beats that do not fall together for clients that came together.
pub(super) fn heartbeats(state: &AppState) -> Interval {
    let period = state.config.events_heartbeat;
    let first = period.div_f64(2.0) + sse::jitter(state.entropy.as_ref(), period.div_f64(2.0));
    let mut heartbeat = interval_at(Instant::now() + first, period);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat
}

enum Phase {
    Begin(Box<Job>),
    Live,
    Over,
}

struct Follower {
    state: AppState,
    access: Access,
    job: JobId,
    heard: Subscription,
    /// The event told last.
    last: Option<EventId>,
    /// State and attempt told last.
    told: Option<(JobState, u32)>,
    /// A replay failed: what is heard now may come after something that was missed.
    behind: bool,
    closing: Closing,
    heartbeat: Interval,
    phase: Phase,
    _open: Open,
}

impl Follower {
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        let events = match std::mem::replace(&mut self.phase, Phase::Live) {
            Phase::Begin(job) => {
                let mut events = vec![sse::opening(self.state.entropy.as_ref())];
                self.begin(*job, &mut events).await;
                events
            }
            Phase::Live => self.live().await,
            Phase::Over => return None,
        };
        Some((events, self))
    }

    async fn begin(&mut self, job: Job, events: &mut Vec<Event>) {
        self.catch_up(events).await;
        if self.told.is_none() && !matches!(self.phase, Phase::Over) {
            // Nothing is kept, or nothing new since the reader's last event.
            self.tell_snapshot(job, events);
        }
    }

    async fn live(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        tokio::select! {
            why = self.closing.wait() => {
                self.phase = Phase::Over;
                events.push(why.event());
            }
            heard = self.heard.next() => match heard {
                News::Event(envelope) => {
                    if self.behind {
                        self.catch_up(&mut events).await;
                    }
                    // Dropped when the replay has told it.
                    self.tell_live(&envelope, &mut events);
                }
                News::Interrupted => self.catch_up(&mut events).await,
            },
            _ = self.heartbeat.tick() => self.compare(&mut events).await,
        }
        events
    }

    /// Tells what is kept after the last event told; a gap and a snapshot where that does not reach back far enough.
    async fn catch_up(&mut self, events: &mut Vec<Event>) {
        let replaying = tokio::time::timeout(REPLAY_TIMEOUT, self.state.queue.replay(self.job, self.last)).await;
        let Ok(Ok(replay)) = replaying else {
            // Soon once, for a connection that was just lost; then with the heartbeats, or when Redis is heard again.
            if !self.behind {
                self.heartbeat.reset_after(REPLAY_RETRY);
            }
            self.behind = true;
            return;
        };
        self.behind = false;
        let cut_off = self.last.is_none() && replay.events.first().is_some_and(|first| !is_a_beginning(first.id()));
        if replay.gap || cut_off {
            events.push(message::gap());
            // What the reader saw is no longer kept: whatever comes now is after it.
            self.last = None;
            if let Some(job) = self.look(events).await {
                self.tell_snapshot(job, events);
            }
            if matches!(self.phase, Phase::Over) {
                return;
            }
        }
        for envelope in &replay.events {
            self.tell(envelope, events);
        }
        if self.told.is_some_and(|(state, _)| state.is_terminal()) && !replay.events.is_empty() {
            // It had ended; it may have been queued anew since.
            match self.look(events).await {
                Some(job) if !job.state.is_terminal() => self.tell_snapshot(job, events),
                _ => self.phase = Phase::Over,
            }
        }
    }

    fn tell_live(&mut self, envelope: &Envelope, events: &mut Vec<Event>) {
        let is_told = self.last.is_some_and(|last| envelope.id() <= last);
        if is_told || self.behind || matches!(self.phase, Phase::Over) {
            return;
        }
        self.tell(envelope, events);
        if self.told.is_some_and(|(state, _)| state.is_terminal()) {
            self.phase = Phase::Over;
        }
    }

    fn tell(&mut self, envelope: &Envelope, events: &mut Vec<Event>) {
        events.push(message::told(envelope, &envelope.id().to_string()));
        self.last = Some(envelope.id());
        let state = match &envelope.event {
            JobEvent::State { state, .. } => *state,
            JobEvent::Progress(_) => JobState::Running,
        };
        self.told = Some((state, envelope.attempt));
    }

    fn tell_snapshot(&mut self, job: Job, events: &mut Vec<Event>) {
        self.told = Some((job.state, job.attempt));
        if job.state.is_terminal() {
            self.phase = Phase::Over;
        }
        events.push(message::snapshot(&Analysis::from(job)));
    }

    /// The heartbeat: what was told and what Postgres says must agree.
    async fn compare(&mut self, events: &mut Vec<Event>) {
        events.push(sse::heartbeat());
        let beat = self.closing.beat(Some(self.job)).await;
        if beat.session_ended {
            self.phase = Phase::Over;
            return events.push(Why::SessionEnded.event());
        }
        match beat.standing {
            Standing::Unknown => return,
            Standing::Is(state, attempt) if self.told == Some((state, attempt)) && !self.behind => return,
            Standing::Is(..) | Standing::Gone => {}
        }
        let Some(job) = self.look(events).await else { return };
        self.catch_up(events).await;
        if !matches!(self.phase, Phase::Over) && self.told != Some((job.state, job.attempt)) {
            self.tell_snapshot(job, events);
        }
    }

    /// The job as Postgres has it; ends the stream when it is not the reader's any more. `None` also while Postgres is
    /// away.
    async fn look(&mut self, events: &mut Vec<Event>) -> Option<Job> {
        match self.state.store.job(self.access, self.job).await {
            Ok(Some(job)) => Some(job),
            Ok(None) => {
                self.phase = Phase::Over;
                events.push(sse::end("gone", "the analysis was deleted, or is not yours any more"));
                None
            }
            Err(error) => {
                tracing::debug!(%error, job = %self.job, "a reader could not be compared with Postgres");
                None
            }
        }
    }
}

/// Whether a job's first event of all may have this id: queued, or, where that was lost, the first of its first run.
fn is_a_beginning(id: EventId) -> bool {
    id.attempt == 0 || (id.attempt == 1 && id.seq == 1)
}

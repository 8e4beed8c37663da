//! The events of all analyses in a caller's workspaces, over one connection: `id` is `{job}:{attempt}-{seq}`.
//!
//! It begins with a snapshot of everything that has not ended. It cannot be resumed gaplessly: a client that comes back
//! with an id is told `gap` and a new snapshot. An analysis that the snapshot does not know is told of by a snapshot of
//! its own (`complete: false`) before its first event. Profiles and canaries are not told.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::Event;
use chassis::http::sse;
use domain::agents::{self, Audience};
use domain::ids::{JobId, UserId, WorkspaceId};
use domain::job::JobState;
use domain::progress::{Envelope, JobEvent};
use futures::{Stream, StreamExt as _, stream};
use serde::Serialize;
use store::jobs::Job;
use store::{Access, StoreError};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use utoipa::ToSchema;

use super::analysis::heartbeats;
use super::closing::{Closing, Why};
use super::hub::{News, Subscription, Topic};
use super::{Open, message};
use crate::routes::analyses::Analysis;
use crate::state::AppState;

/// Every so many heartbeats (30 s by default) memberships are read anew, and what was told is compared with Postgres.
const BEATS_PER_REFRESH: u32 = 2;
/// How soon what could not be read is read again.
const RETRY: Duration = Duration::from_secs(2);
/// Jobs remembered; above it those are forgotten that are not told.
const MAX_KNOWN: usize = 10_000;

/// How things stand, from Postgres.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsSnapshot {
    /// Whether these are all analyses that have not ended: any other one that a client holds as unfinished has ended
    /// or is not the caller's any more. False: it adds these to what was told before.
    complete: bool,
    /// The analyses.
    analyses: Vec<Analysis>,
}

/// The events of all that `user` may see until [`Closing`] ends them. `heard` is told what to read about; `resumed`: the client has seen
/// events before.
pub(crate) fn follow(
    state: AppState,
    user: UserId,
    heard: Subscription,
    resumed: bool,
    closing: Closing,
) -> impl Stream<Item = Result<Event, Infallible>> + Send + 'static {
    let heartbeat = heartbeats(&state);
    let period = state.config.events_heartbeat * BEATS_PER_REFRESH;
    let mut refresh = interval_at(Instant::now() + period, period);
    refresh.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let follower = Follower {
        state,
        user,
        heard,
        workspaces: HashSet::new(),
        known: HashMap::new(),
        has_begun: false,
        closing,
        heartbeat,
        refresh,
        phase: Phase::Begin { resumed },
        _open: Open::new("everything"),
    };
    stream::unfold(follower, Follower::next).flat_map(|batch| stream::iter(batch.into_iter().map(Ok)))
}

enum Phase {
    Begin { resumed: bool },
    Live,
    Over,
}

/// What is remembered of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It is told of, and was in this state when it was last.
    Told(JobState),
    /// It is no analysis.
    Untold,
}

struct Follower {
    state: AppState,
    user: UserId,
    heard: Subscription,
    workspaces: HashSet<WorkspaceId>,
    known: HashMap<JobId, Known>,
    /// The first snapshot has been told.
    has_begun: bool,
    closing: Closing,
    heartbeat: Interval,
    refresh: Interval,
    phase: Phase,
    _open: Open,
}

impl Follower {
    async fn next(mut self) -> Option<(Vec<Event>, Self)> {
        let mut events = Vec::new();
        match std::mem::replace(&mut self.phase, Phase::Live) {
            Phase::Begin { resumed } => {
                events.push(sse::opening(self.state.entropy.as_ref()));
                self.start_over(resumed, &mut events).await;
            }
            Phase::Live => self.live(&mut events).await,
            Phase::Over => return None,
        }
        Some((events, self))
    }

    async fn live(&mut self, events: &mut Vec<Event>) {
        tokio::select! {
            why = self.closing.wait() => {
                self.phase = Phase::Over;
                events.push(why.event());
            }
            heard = self.heard.next() => match heard {
                News::Event(envelope) if self.workspaces.contains(&envelope.workspace) => {
                    self.tell(&envelope, events).await;
                }
                // Of a workspace that was left since.
                News::Event(_) => {}
                News::Interrupted => self.start_over(true, events).await,
            },
            _ = self.heartbeat.tick() => {
                events.push(sse::heartbeat());
                if self.closing.beat(None).await.session_ended {
                    self.phase = Phase::Over;
                    events.push(Why::SessionEnded.event());
                }
            }
            _ = self.refresh.tick() => self.compare(events).await,
        }
    }

    /// Tells everything anew; `gap`: something may have been missed before.
    async fn start_over(&mut self, gap: bool, events: &mut Vec<Event>) {
        match self.read_all().await {
            Ok(jobs) => {
                if gap {
                    events.push(message::gap());
                }
                self.tell_all(jobs, events);
            }
            Err(error) => self.read_again_soon(&error),
        }
    }

    /// Reads memberships anew, and tells everything anew where an event must have been lost.
    async fn compare(&mut self, events: &mut Vec<Event>) {
        match self.read_all().await {
            Ok(jobs) => {
                let now: HashMap<JobId, JobState> = jobs.iter().map(|job| (job.id, job.state)).collect();
                let told: HashMap<JobId, JobState> = self.known.iter().filter_map(unfinished).collect();
                if now != told || !self.has_begun {
                    self.tell_all(jobs, events);
                }
            }
            Err(error) => self.read_again_soon(&error),
        }
    }

    fn read_again_soon(&mut self, error: &StoreError) {
        tracing::debug!(%error, user = %self.user, "a reader of all events could not be compared with Postgres");
        self.refresh.reset_after(RETRY);
    }

    async fn read_all(&mut self) -> Result<Vec<Job>, StoreError> {
        let workspaces = self.state.store.workspaces(self.user).await?;
        self.workspaces = workspaces.into_iter().map(|workspace| workspace.id).collect();
        // Before the jobs are read: what happens in between is heard.
        self.heard.change(workspaces_of(&self.workspaces));
        self.state.store.active_jobs(Access::read(self.user)).await
    }

    fn tell_all(&mut self, jobs: Vec<Job>, events: &mut Vec<Event>) {
        self.known = jobs.iter().map(|job| (job.id, Known::Told(job.state))).collect();
        self.has_begun = true;
        let analyses = jobs.into_iter().map(Analysis::from).collect();
        events.push(message::snapshot(&EventsSnapshot { complete: true, analyses }));
    }

    async fn tell(&mut self, envelope: &Envelope, events: &mut Vec<Event>) {
        if !self.known.contains_key(&envelope.job) {
            match self.state.store.job(Access::read(self.user), envelope.job).await {
                Ok(Some(job)) if is_told(&job) => {
                    self.remember(job.id, Known::Told(job.state));
                    let snapshot = EventsSnapshot { complete: false, analyses: vec![job.into()] };
                    events.push(message::snapshot(&snapshot));
                }
                Ok(_) => self.remember(envelope.job, Known::Untold),
                // The next comparison tells of it.
                Err(error) => return self.read_again_soon(&error),
            }
        }
        if self.known.get(&envelope.job) == Some(&Known::Untold) {
            return;
        }
        let state = match &envelope.event {
            JobEvent::State { state, .. } => *state,
            JobEvent::Progress(_) => JobState::Running,
        };
        self.known.insert(envelope.job, Known::Told(state));
        events.push(message::told(envelope, &format!("{}:{}", envelope.job, envelope.id())));
    }

    fn remember(&mut self, job: JobId, known: Known) {
        if self.known.len() >= MAX_KNOWN {
            self.known.retain(|job, known| unfinished((job, known)).is_some());
        }
        self.known.insert(job, known);
    }
}

fn unfinished((job, known): (&JobId, &Known)) -> Option<(JobId, JobState)> {
    match known {
        Known::Told(state) if !state.is_terminal() => Some((*job, *state)),
        Known::Told(_) | Known::Untold => None,
    }
}

fn workspaces_of(workspaces: &HashSet<WorkspaceId>) -> Vec<Topic> {
    let mut topics: Vec<Topic> = workspaces.iter().map(|workspace| Topic::Workspace(*workspace)).collect();
    // A set has no order of its own, and an unchanged one must not look changed.
    topics.sort_unstable_by_key(|topic| match topic {
        Topic::Workspace(workspace) => workspace.0,
        Topic::Job(job) => job.0,
    });
    topics
}

/// As in the lists: analyses alone.
fn is_told(job: &Job) -> bool {
    agents::find(&job.agent).is_some_and(|agent| agent.audience == Audience::Analysts)
}

//! How attempts end: many in one statement, each fenced by its number.

use std::time::Duration;

use domain::agents::{Agent, profile::ProfileTable};
use domain::ids::{JobId, UserId, WorkspaceId};
use domain::job::{Failure, JobState, MAX_CRASHES, Reason};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Lease, failure};
use crate::{Result, Store, row};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Ending {
    /// With a result.
    Succeeded(Value),
    /// For good.
    Failed(Failure),
    /// As asked.
    Cancelled,
    /// It needs more memory than a place of its class gives: at once for a place of the class `large`; no crash.
    NeedsMore(Failure),
    /// To be tried again after a while; counts as a crash, and fails the job for good at the third.
    Retry {
        /// Why.
        failure: Failure,
        /// After how long.
        after: Duration,
    },
    /// The worker goes away: at once for another, nothing counted.
    HandedBack,
}

/// Where the job stands once an attempt has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The job.
    pub job: JobId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// Who asked.
    pub owner: UserId,
    /// The attempt that ended.
    pub attempt: u32,
    /// Its state now.
    pub state: JobState,
    /// Why, where there is a why.
    pub failure: Option<Failure>,
    /// The database's clock, Unix milliseconds.
    pub at_ms: u64,
}

#[derive(FromRow)]
pub(super) struct EndedRow {
    id: Uuid,
    workspace_id: Uuid,
    owner: Uuid,
    attempt: i32,
    state: String,
    failure: Option<Value>,
    at_ms: i64,
}

impl TryFrom<EndedRow> for Ended {
    type Error = crate::StoreError;
    fn try_from(ended: EndedRow) -> Result<Self> {
        Ok(Self {
            job: ended.id.into(),
            workspace: ended.workspace_id.into(),
            owner: ended.owner.into(),
            attempt: row::attempt(ended.attempt),
            state: row::name("jobs", &ended.state)?,
            failure: row::optional_json("jobs", ended.failure)?,
            at_ms: row::count(ended.at_ms),
        })
    }
}

/// For jobs that no dataset waits for.
const END: &str = concat!(
    include_str!("end.sql"),
    "SELECT id, workspace_id, owner, attempt, state, failure,
    (extract(epoch FROM now()) * 1000)::bigint AS at_ms FROM ended"
);

/// For all jobs.
const END_WITH_DATASETS: &str = concat!(
    include_str!("end.sql"),
    include_str!("end_datasets.sql"),
    "SELECT id, workspace_id, owner, attempt, state, failure,
    (extract(epoch FROM now()) * 1000)::bigint AS at_ms FROM ended"
);

/// The endings as the statement takes them: one array a column.
#[derive(Default)]
struct Columns {
    jobs: Vec<Uuid>,
    attempts: Vec<i32>,
    states: Vec<&'static str>,
    failures: Vec<Option<Value>>,
    after_s: Vec<f64>,
    crashes: Vec<i32>,
    larger: Vec<bool>,
    results: Vec<Option<Value>>,
}

impl Columns {
    fn of(endings: &[(Lease, Ending)]) -> Result<Self> {
        let mut columns = Self::default();
        for (lease, ending) in endings {
            columns.add(*lease, ending)?;
        }
        Ok(columns)
    }

    fn add(&mut self, lease: Lease, ending: &Ending) -> Result<()> {
        let (state, why, after, crashes, result) = match ending {
            Ending::Succeeded(result) => (JobState::Succeeded, None, Duration::ZERO, 0, Some(result)),
            Ending::Failed(why) => {
                let crashes = i32::from(matches!(why.reason, Reason::Crash | Reason::Oom));
                (JobState::Failed, Some(why.clone()), Duration::ZERO, crashes, None)
            }
            Ending::Cancelled => {
                (JobState::Cancelled, Some(failure(Reason::Cancelled, CANCELLED)), Duration::ZERO, 0, None)
            }
            Ending::NeedsMore(why) => (JobState::Queued, Some(why.clone()), Duration::ZERO, 0, None),
            Ending::Retry { failure, after } => (JobState::Queued, Some(failure.clone()), *after, 1, None),
            Ending::HandedBack => {
                let why = failure(
                    Reason::HandedBack,
                    "its worker is shut down, or has no place for it yet; the next one takes over",
                );
                (JobState::Queued, Some(why), Duration::ZERO, 0, None)
            }
        };
        self.jobs.push(lease.job.0);
        self.attempts.push(row::attempt_column(lease.attempt));
        self.states.push(state.as_str());
        self.failures.push(why.as_ref().map(row::to_json).transpose()?);
        self.after_s.push(after.as_secs_f64());
        self.crashes.push(crashes);
        self.larger.push(matches!(ending, Ending::NeedsMore(_)));
        self.results.push(result.cloned());
        Ok(())
    }
}

const CANCELLED: &str = "cancelled while it ran";

impl Store {
    /// Ends attempts, all in one statement. The answer has, in no order, those that were ended; one that is missing is not
    /// the current attempt any more (a zombie's write) and nothing of it is changed. `datasets`: some of them are profiles or versions that are made, on which a
    /// dataset waits.
    ///
    /// # Errors
    /// When the database is away: call again until it answers. Otherwise none is ended; one of them cannot be stored.
    pub async fn end_attempts(&self, endings: &[(Lease, Ending)], datasets: bool) -> Result<Vec<Ended>> {
        let columns = Columns::of(endings)?;
        let statement = if datasets { END_WITH_DATASETS } else { END };
        let mut query = sqlx::query_as(statement)
            .bind(columns.jobs)
            .bind(columns.attempts)
            .bind(columns.states)
            .bind(columns.failures)
            .bind(columns.after_s)
            .bind(columns.crashes)
            .bind(columns.larger)
            .bind(columns.results)
            .bind(MAX_CRASHES)
            .bind(row::to_json(&failure(Reason::Cancelled, CANCELLED))?)
            .bind(self.logs_runs_as.as_deref());
        if datasets {
            let profile = Agent::of::<ProfileTable>();
            query = query
                .bind(profile.name)
                .bind(profile.version)
                .bind(profile.class.as_str())
                .bind(profile.priority.rank())
                .bind(i32::try_from(profile.timeout_s).unwrap_or(i32::MAX));
        }
        let rows: Vec<EndedRow> = query.fetch_all(&self.pool).await?;
        rows.into_iter().map(Ended::try_from).collect()
    }

    /// Ends one attempt. `None`: it is not the current one any more.
    ///
    /// # Errors
    /// As [`Store::end_attempts`].
    pub async fn end_attempt(&self, lease: Lease, ending: &Ending) -> Result<Option<Ended>> {
        Ok(self.end_attempts(&[(lease, ending.clone())], true).await?.pop())
    }
}

//! Jobs as people see them: submit, read, list, cancel, retry, delete, share.
//!
//! Every statement joins the caller's memberships: a job of somebody else's workspace is the same as no job. Whoever
//! changes something is written into the audit log by the same statement.

pub mod admin;
mod change;
mod read;
mod shares;
mod submit;
mod tries;

use chrono::{DateTime, Utc};
use domain::agents::Agent;
use domain::ids::{DatasetId, JobId, UserId, WorkspaceId};
use domain::job::{Failure, JobClass, JobState, Priority};
use serde_json::Value;
use uuid::Uuid;

pub use self::shares::{MAX_WORKING_SHARES, Opened, OpenedDataset, Share, Shared};
pub use self::submit::{COUNTED_OF_OWNER, COUNTED_ON_STREAM, MAX_DELAY_DAYS};
pub use self::tries::Try;
use crate::dispatch::Pending;

/// What is asked for. The parameters have passed the agent's check.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Where it belongs; the caller must be an analyst or owner there.
    pub workspace: WorkspaceId,
    /// Who asks.
    pub owner: UserId,
    /// Which agent.
    pub agent: &'static Agent,
    /// On what; must lie in the same workspace.
    pub dataset: Option<DatasetId>,
    /// Complete parameters.
    pub parameters: Value,
    /// What it is declared to hold; its class follows from it.
    pub memory_mib: u32,
    /// W3C trace context of the request.
    pub traceparent: Option<String>,
    /// The client's key and a hash of its request.
    pub idempotency: Option<Idempotency>,
    /// The request it was asked for in, for the audit log and the worker's.
    pub request_id: Option<String>,
    /// Not before; at once when left out or past. At most [`MAX_DELAY_DAYS`] ahead by the database's clock.
    pub run_at: Option<DateTime<Utc>>,
}

impl NewJob {
    /// Which kind of place it needs.
    #[must_use]
    pub fn class(&self) -> JobClass {
        self.agent.class_for(self.memory_mib)
    }
}

impl Job {
    /// A job as it is when it has just been written.
    #[must_use]
    pub fn just_written(new: NewJob, id: JobId, created_at: DateTime<Utc>, run_at: DateTime<Utc>) -> Self {
        Self {
            id,
            workspace: new.workspace,
            owner: new.owner,
            agent: new.agent.name.to_owned(),
            agent_version: new.agent.version,
            dataset: new.dataset,
            class: new.class(),
            priority: new.agent.priority,
            parameters: new.parameters,
            state: JobState::Queued,
            failure: None,
            attempt: 0,
            crash_count: 0,
            cancel_requested: false,
            lease_expiries: 0,
            run_at,
            created_at,
            started_at: None,
            finished_at: None,
        }
    }
}

/// `Idempotency-Key` and what it was used for.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// The client's key.
    pub key: String,
    /// SHA-256 of what makes the request this request.
    pub request_hash: Vec<u8>,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Submitted {
    /// The job is written and cannot be lost.
    New {
        /// The job.
        id: JobId,
        /// When it was written.
        created_at: DateTime<Utc>,
        /// Not before.
        run_at: DateTime<Utc>,
        /// What to put on Redis now, while the window and the owner's share allow; else the relay does.
        pending: Pending,
        /// What was on its way before this one.
        in_flight: InFlight,
    },
    /// The same request came before: this is its job.
    Replayed(JobId),
    /// The key was used for another request.
    KeyReused,
    /// `run_at` lies too far ahead.
    TooFarAhead,
    /// The workspace is not one the caller may submit to, or the dataset is not in it.
    NotYours,
}

/// How much is on its way, for fairness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// Queued jobs of the stream that are on Redis, counted up to [`COUNTED_ON_STREAM`].
    pub on_stream: i64,
    /// The owner's jobs that are running or on Redis, counted up to [`COUNTED_OF_OWNER`].
    pub of_owner: i64,
    /// The job's time has not come, or its class is paused.
    pub must_wait: bool,
}

/// A job, for its readers.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// Who asked.
    pub owner: UserId,
    /// Which agent.
    pub agent: String,
    /// Which version of it.
    pub agent_version: i32,
    /// On what.
    pub dataset: Option<DatasetId>,
    /// Complete parameters.
    pub parameters: Value,
    /// Where it stands.
    pub state: JobState,
    /// Why, where there is a why.
    pub failure: Option<Failure>,
    /// How often it was claimed.
    pub attempt: u32,
    /// How often its child process died.
    pub crash_count: i32,
    /// Whether cancelling was asked for.
    pub cancel_requested: bool,
    /// Of which kind.
    pub class: JobClass,
    /// Which stream of the class.
    pub priority: Priority,
    /// How often its worker vanished.
    pub lease_expiries: i32,
    /// Not before; for a job that is tried again, when.
    pub run_at: DateTime<Utc>,
    /// When it was submitted.
    pub created_at: DateTime<Utc>,
    /// When it was first claimed.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A job in a list, with what it was asked of.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The job.
    pub job: Job,
    /// The dataset's name.
    pub dataset_name: Option<String>,
    /// Which version of it.
    pub dataset_version: Option<u32>,
}

/// What is looked for in a list of jobs: a piece of the dataset's name, of the agent's, or of a column's.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The piece, in any case.
    pub text: &'a str,
    /// Parameters that name columns.
    pub column_parameters: &'a [&'a str],
}

/// Which jobs to list.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Of one workspace only.
    pub workspace: Option<WorkspaceId>,
    /// In one state only.
    pub state: Option<JobState>,
    /// Of one agent only.
    pub agent: Option<String>,
    /// On one dataset only.
    pub dataset: Option<DatasetId>,
    /// Strictly older than this one: the last of the page before.
    pub before: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelled {
    /// It was queued and is cancelled now. Holds the attempt and the database's clock for its event.
    Now {
        /// Attempts so far.
        attempt: u32,
        /// The database's clock, Unix milliseconds.
        at_ms: u64,
    },
    /// It runs; the worker will be told.
    Requested,
    /// It had ended before.
    AlreadyEnded(JobState),
}

/// What became of a wish to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Retried {
    /// It is queued anew.
    Queued {
        /// What to put on Redis.
        pending: Pending,
        /// Attempts so far.
        attempt: u32,
        /// The database's clock, Unix milliseconds.
        at_ms: u64,
    },
    /// Only failed and cancelled jobs are tried again.
    NotEnded(JobState),
}

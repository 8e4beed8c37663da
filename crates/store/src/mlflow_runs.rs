//! Analyses on their way to MLflow: an outbox of runs, and which run each became.
//!
//! The row is written by the statement that ends the attempt, where the worker that ends it logs to MLflow
//! ([`Store::logging_runs`]). Whoever takes a row has it for a while; the number of times it was taken fences what is said of
//! its failures. Of two who logged the same attempt the first to say so is right, and the other takes its run back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{DatasetId, JobId, UserId, WorkspaceId};
use domain::job::{Failure, JobState};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::people::Actor;
use crate::{Result, Store, row};

/// An attempt that is to become a run, with all that is logged of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunToLog {
    /// Which, and how often it was taken.
    pub taken: Taken,
    /// How the analysis ended.
    pub state: JobState,
    /// Why, where there is a why.
    pub failure: Option<Failure>,
    /// Of the worker that ended it.
    pub revision: String,
    /// Where the analysis belongs.
    pub workspace: WorkspaceId,
    /// Its name.
    pub workspace_name: String,
    /// Who asked.
    pub owner: UserId,
    /// Which agent.
    pub agent: String,
    /// Which version of it.
    pub agent_version: i32,
    /// Complete parameters.
    pub parameters: Value,
    /// On what.
    pub dataset: Option<RunDataset>,
    /// When the attempt began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What it gave.
    pub result: Option<Value>,
    /// Trace context of the request that asked for it.
    pub traceparent: Option<String>,
    /// That request's id.
    pub request_id: Option<String>,
}

/// The table of an analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunDataset {
    /// Its id.
    pub id: DatasetId,
    /// Its name.
    pub name: String,
    /// Which version.
    pub version: i32,
    /// Rows, the header not counted.
    pub rows: Option<u64>,
}

/// A row that is the caller's for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The analysis.
    pub job: JobId,
    /// The attempt that ended it.
    pub attempt: u32,
    /// How often it was taken, this time among them: the fencing token.
    pub tries: i32,
    /// How long ago the attempt ended.
    pub age: Duration,
}

/// A run of MLflow's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunId {
    /// The experiment it belongs to.
    pub experiment: String,
    /// Its id.
    pub run: String,
}

/// Where the logging of an analysis stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunStanding {
    /// Not logged yet; the last error, if it was tried.
    Pending(Option<String>),
    /// Logged as this run.
    Logged(RunId),
    /// Given up, with the reason.
    Parked(String),
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct RunCounts {
    /// To be logged.
    pub pending: i64,
    /// Given up.
    pub parked: i64,
}

#[derive(FromRow)]
struct StandingRow {
    experiment_id: Option<String>,
    run_id: Option<String>,
    parked: bool,
    last_error: Option<String>,
}

#[derive(FromRow)]
struct TakenRow {
    job_id: Uuid,
    attempt: i32,
    tries: i32,
    age_s: f64,
    state: String,
    failure: Option<Value>,
    revision: String,
    workspace_id: Uuid,
    workspace_name: String,
    owner: Uuid,
    agent: String,
    agent_version: i32,
    parameters: Value,
    dataset_id: Option<Uuid>,
    dataset_name: Option<String>,
    dataset_version: Option<i32>,
    rows: Option<i64>,
    started_at: DateTime<Utc>,
    ended_at: DateTime<Utc>,
    result: Option<Value>,
    traceparent: Option<String>,
    request_id: Option<String>,
}

impl TryFrom<TakenRow> for RunToLog {
    type Error = crate::StoreError;
    fn try_from(taken: TakenRow) -> Result<Self> {
        let dataset = match (taken.dataset_id, taken.dataset_name, taken.dataset_version) {
            (Some(id), Some(name), Some(version)) => {
                Some(RunDataset { id: id.into(), name, version, rows: taken.rows.map(row::count) })
            }
            _ => None,
        };
        Ok(Self {
            taken: Taken {
                job: taken.job_id.into(),
                attempt: row::attempt(taken.attempt),
                tries: taken.tries,
                age: Duration::from_secs_f64(taken.age_s.max(0.0)),
            },
            state: row::name("mlflow_runs", &taken.state)?,
            failure: row::optional_json("attempts", taken.failure)?,
            revision: taken.revision,
            workspace: taken.workspace_id.into(),
            workspace_name: taken.workspace_name,
            owner: taken.owner.into(),
            agent: taken.agent,
            agent_version: taken.agent_version,
            parameters: taken.parameters,
            dataset,
            started_at: taken.started_at,
            ended_at: taken.ended_at,
            result: taken.result,
            traceparent: taken.traceparent,
            request_id: taken.request_id,
        })
    }
}

impl Store {
    /// The same database, for a worker of that revision which logs runs to MLflow: attempts that end by this handle are
    /// noted to be logged, in the same transaction.
    #[must_use]
    pub fn logging_runs(mut self, revision: &str) -> Self {
        self.logs_runs_as = Some(revision.into());
        self
    }

    /// Takes up to `at_most` rows that are due, for `lease`: then they are anybody's again.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn take_runs(&self, at_most: i64, lease: Duration) -> Result<Vec<RunToLog>> {
        let rows: Vec<TakenRow> = sqlx::query_as(
            "WITH due AS (
                 SELECT job_id, attempt FROM e2i.mlflow_runs
                 WHERE logged_at IS NULL AND parked_at IS NULL AND next_try_at <= now()
                 ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED
             ), taken AS (
                 UPDATE e2i.mlflow_runs r SET tries = r.tries + 1, next_try_at = now() + make_interval(secs => $2)
                 FROM due WHERE r.job_id = due.job_id AND r.attempt = due.attempt
                 RETURNING r.job_id, r.attempt, r.tries, r.state, r.revision, r.created_at
             )
             SELECT taken.job_id, taken.attempt, taken.tries, taken.state, taken.revision,
                    extract(epoch FROM now() - taken.created_at)::float8 AS age_s, a.failure,
                    coalesce(a.started_at, taken.created_at) AS started_at, coalesce(a.ended_at, taken.created_at) AS ended_at,
                    j.workspace_id, w.name AS workspace_name, j.owner, j.agent, j.agent_version, j.parameters,
                    d.id AS dataset_id, d.name AS dataset_name, d.version AS dataset_version,
                    (d.schema->>'rows')::bigint AS rows, r.result, j.traceparent, j.request_id
             FROM taken JOIN e2i.jobs j ON j.id = taken.job_id JOIN e2i.workspaces w ON w.id = j.workspace_id
             LEFT JOIN e2i.datasets d ON d.id = j.dataset_id
             LEFT JOIN e2i.attempts a ON a.job_id = taken.job_id AND a.attempt = taken.attempt
             LEFT JOIN e2i.results r ON r.job_id = taken.job_id AND r.attempt = taken.attempt",
        )
        .bind(at_most)
        .bind(lease.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(RunToLog::try_from).collect()
    }

    /// Notes that the attempt is that run. `false`: it is another one, or the analysis is deleted; take this run back.
    ///
    /// # Errors
    /// When the database is away; the row is taken again, and the run found by its tags.
    pub async fn run_logged(&self, taken: &Taken, run: &RunId) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE e2i.mlflow_runs SET logged_at = coalesce(logged_at, now()), experiment_id = $3, run_id = $4,
                 last_error = NULL, parked_at = NULL
             WHERE job_id = $1 AND attempt = $2 AND (run_id IS NULL OR run_id = $4)",
        )
        .bind(taken.job.0)
        .bind(row::attempt_column(taken.attempt))
        .bind(&run.experiment)
        .bind(&run.run)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Gives rows back, to be taken again after `after`; `error`: what was wrong, if they were tried.
    ///
    /// # Errors
    /// When the database is away; they are anybody's when their lease ends.
    pub async fn postpone_runs(&self, taken: &[Taken], after: Duration, error: Option<&str>) -> Result<()> {
        let (jobs, attempts): (Vec<Uuid>, Vec<i32>) =
            taken.iter().map(|taken| (taken.job.0, row::attempt_column(taken.attempt))).unzip();
        let tries: Vec<i32> = taken.iter().map(|taken| taken.tries).collect();
        sqlx::query(
            "UPDATE e2i.mlflow_runs r SET next_try_at = now() + make_interval(secs => $4),
                 last_error = coalesce($5, r.last_error)
             FROM unnest($1::uuid[], $2::int[], $3::int[]) AS given(job_id, attempt, tries)
             WHERE r.job_id = given.job_id AND r.attempt = given.attempt AND r.tries = given.tries AND r.logged_at IS NULL",
        )
        .bind(jobs)
        .bind(attempts)
        .bind(tries)
        .bind(after.as_secs_f64())
        .bind(error)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives a row up, with the reason.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn park_run(&self, taken: &Taken, error: &str) -> Result<()> {
        sqlx::query(
            "UPDATE e2i.mlflow_runs SET parked_at = now(), last_error = $4
             WHERE job_id = $1 AND attempt = $2 AND tries = $3 AND logged_at IS NULL",
        )
        .bind(taken.job.0)
        .bind(row::attempt_column(taken.attempt))
        .bind(taken.tries)
        .bind(error)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes back that rows were given up: they are due now, and young again. Gives how many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn retry_parked_runs(&self, actor: &Actor) -> Result<u64> {
        let count: i64 = sqlx::query_scalar(
            "WITH again AS (
                 UPDATE e2i.mlflow_runs SET parked_at = NULL, created_at = now(), next_try_at = now()
                 WHERE logged_at IS NULL AND parked_at IS NOT NULL RETURNING 1
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, request_id, detail)
                 SELECT $1, 'mlflow.retry', $2, jsonb_build_object('runs', (SELECT count(*) FROM again))
             )
             SELECT count(*) FROM again",
        )
        .bind(actor.user.map(|user| user.0))
        .bind(actor.request_id.as_deref())
        .fetch_one(&self.pool)
        .await?;
        Ok(row::count(count))
    }

    /// Where the logging of a job's last ended attempt stands; `None`: it is none that is logged. The caller must have
    /// been found to be allowed to see the job.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn run_of(&self, job: JobId) -> Result<Option<RunStanding>> {
        let found: Option<StandingRow> = sqlx::query_as(
            "SELECT experiment_id, run_id, parked_at IS NOT NULL AS parked, last_error FROM e2i.mlflow_runs
             WHERE job_id = $1 ORDER BY attempt DESC LIMIT 1",
        )
        .bind(job.0)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|found| match found {
            StandingRow { experiment_id: Some(experiment), run_id: Some(run), .. } => {
                RunStanding::Logged(RunId { experiment, run })
            }
            StandingRow { parked: true, last_error, .. } => RunStanding::Parked(last_error.unwrap_or_default()),
            StandingRow { last_error, .. } => RunStanding::Pending(last_error),
        }))
    }

    /// How many rows are still to be logged, and how many were given up.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn run_counts(&self) -> Result<RunCounts> {
        Ok(sqlx::query_as(
            "SELECT count(*) FILTER (WHERE parked_at IS NULL) AS pending, count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked
             FROM e2i.mlflow_runs WHERE logged_at IS NULL",
        )
        .fetch_one(&self.pool)
        .await?)
    }
}

//! What workers do with a job: claim it, keep its lease, end it, hand it back; and what the reaper does when a worker
//! is gone.
//!
//! The attempt's number is the fencing token. It is raised by every claim and never reset, and every write of a worker
//! names it: a zombie (a worker that was thought dead and comes back) holds an old one and is refused, whatever the
//! clocks say. A late answer of the *current* attempt is accepted, its lease expired or not.

mod ending;

use std::time::Duration;

use domain::dataset::StoredTable;
use domain::ids::{JobId, UserId, WorkspaceId};
use domain::job::{Failure, MAX_LEASE_EXPIRIES, Reason};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use self::ending::EndedRow;
pub use self::ending::{Ended, Ending};
use crate::{Result, Store, row};

/// A job that is this worker's now.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job.
    pub job: JobId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// Who asked.
    pub owner: UserId,
    /// The fencing token.
    pub attempt: u32,
    /// Which agent.
    pub agent: String,
    /// Its parameters.
    pub parameters: Value,
    /// Its table.
    pub table: Option<StoredTable>,
    /// For a job that makes a version of a dataset: what the key of each attempt's object begins with.
    pub made_key: Option<String>,
    /// When the attempt ends with the reason `timeout`.
    pub timeout: Duration,
    /// Trace context of the request that asked for it.
    pub traceparent: Option<String>,
    /// That request's id.
    pub request_id: Option<String>,
    /// How often its child died before.
    pub crash_count: i32,
    /// What it is declared to hold, in MiB.
    pub memory_mib: u32,
    /// From the moment it could begin until it was claimed.
    pub waited: Duration,
}

/// What a worker has to claim with.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'a> {
    /// Its name.
    pub worker: &'a str,
    /// For how long a claim holds without a heartbeat.
    pub lease: Duration,
    /// The agent versions it has.
    pub agents: &'a [(&'a str, i32)],
    /// How much memory is free, in MiB.
    pub free_mib: u32,
    /// Nothing runs there: the first job is claimed whatever it needs, because more memory will never be free.
    pub idle: bool,
}

impl<'a> Claimant<'a> {
    /// One with room for whatever comes.
    #[must_use]
    pub const fn with_room(worker: &'a str, lease: Duration, agents: &'a [(&'a str, i32)]) -> Self {
        Self { worker, lease, agents, free_mib: u32::MAX, idle: true }
    }
}

#[derive(FromRow)]
struct ClaimedRow {
    id: Uuid,
    workspace_id: Uuid,
    owner: Uuid,
    attempt: i32,
    agent: String,
    parameters: Value,
    timeout_s: i32,
    traceparent: Option<String>,
    request_id: Option<String>,
    crash_count: i32,
    memory_mib: i32,
    waited_s: f64,
    object_key: Option<String>,
    schema: Option<Value>,
    made_key: Option<String>,
}

impl Claimed {
    /// Where this attempt stores what it makes, if it is to make something: its own key, so that no attempt can spoil
    /// the object of another. The dataset takes over that of the attempt which ends it.
    #[must_use]
    pub fn output_key(&self) -> Option<String> {
        self.made_key.as_ref().map(|key| format!("{key}.{}", self.attempt))
    }

    /// The keys of this attempt and of all before it.
    #[must_use]
    pub fn output_keys(&self) -> Vec<String> {
        let key = |key: &String| (1..=self.attempt).map(|attempt| format!("{key}.{attempt}")).collect();
        self.made_key.as_ref().map(key).unwrap_or_default()
    }
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = crate::StoreError;
    fn try_from(claimed: ClaimedRow) -> Result<Self> {
        let table = match (claimed.object_key, claimed.schema) {
            (Some(object_key), Some(schema)) => {
                Some(StoredTable { object_key, schema: row::json("datasets", schema)? })
            }
            _ => None,
        };
        Ok(Self {
            job: claimed.id.into(),
            workspace: claimed.workspace_id.into(),
            owner: claimed.owner.into(),
            attempt: row::attempt(claimed.attempt),
            agent: claimed.agent,
            parameters: claimed.parameters,
            table,
            made_key: claimed.made_key,
            timeout: Duration::from_secs(u64::try_from(claimed.timeout_s).unwrap_or(1)),
            traceparent: claimed.traceparent,
            request_id: claimed.request_id,
            crash_count: claimed.crash_count,
            memory_mib: u32::try_from(claimed.memory_mib).unwrap_or(0),
            waited: Duration::try_from_secs_f64(claimed.waited_s).unwrap_or_default(),
        })
    }
}

/// A lease this worker believes to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The job.
    pub job: JobId,
    /// The fencing token.
    pub attempt: u32,
}

/// A lease that was renewed. One that is missing from the answer is lost: end the attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// Which.
    pub lease: Lease,
    /// Somebody asked to cancel.
    pub cancel_requested: bool,
}

const CLAIM: &str = include_str!("claim.sql");

const REAP: &str = include_str!("reap.sql");

impl Store {
    /// Claims by compare-and-set: queued, same dispatch number, an agent version this worker has, as much memory as is free.
    /// What is missing from the answer was a duplicate, or is not for this worker now ([`Store::hand_on`]).
    ///
    /// # Errors
    /// When the database is away; then nothing is claimed.
    pub async fn claim(&self, wanted: &[(JobId, i64)], claimant: Claimant<'_>) -> Result<Vec<Claimed>> {
        let (ids, sequences): (Vec<Uuid>, Vec<i64>) = wanted.iter().map(|(job, seq)| (job.0, *seq)).unzip();
        let (names, versions): (Vec<&str>, Vec<i32>) = claimant.agents.iter().copied().unzip();
        let rows: Vec<ClaimedRow> = sqlx::query_as(CLAIM)
            .bind(ids)
            .bind(sequences)
            .bind(claimant.worker)
            .bind(claimant.lease.as_secs_f64())
            .bind(names)
            .bind(versions)
            .bind(i64::from(claimant.free_mib))
            .bind(claimant.idle)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Claimed::try_from).collect()
    }

    /// Of entries that [`Store::claim`] left out: those still queued (an agent version this worker does not have, more memory
    /// than is free) go back to the outbox for another worker, after `after`. Neither attempt nor crash is counted. Gives how many.
    ///
    /// # Errors
    /// When the database is away; the sweep dispatches them again.
    pub async fn hand_on(&self, left_out: &[(JobId, i64)], after: Duration) -> Result<u64> {
        let (ids, sequences): (Vec<Uuid>, Vec<i64>) = left_out.iter().map(|(job, seq)| (job.0, *seq)).unzip();
        let count: i64 = sqlx::query_scalar(
            "WITH hit AS (
                 SELECT j.id FROM e2i.jobs j
                 JOIN unnest($1::uuid[], $2::bigint[]) AS given(id, dispatch_seq) USING (id, dispatch_seq)
                 WHERE j.state = 'queued' ORDER BY j.id FOR UPDATE OF j
             ), changed AS (
                 UPDATE e2i.jobs j SET dispatch_seq = j.dispatch_seq + 1, dispatched_at = NULL,
                     run_at = now() + make_interval(secs => $3)
                 FROM hit WHERE j.id = hit.id RETURNING j.id, j.dispatch_seq, j.run_at
             ), entry AS (
                 INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at) SELECT id, dispatch_seq, run_at FROM changed
                 ON CONFLICT (job_id) DO UPDATE SET dispatch_seq = excluded.dispatch_seq, due_at = excluded.due_at
             )
             SELECT count(*) FROM changed",
        )
        .bind(ids)
        .bind(sequences)
        .bind(after.as_secs_f64())
        .fetch_one(&self.pool)
        .await?;
        Ok(row::count(count))
    }

    /// Renews the leases this worker still holds, all in one statement, and tells who asked to cancel.
    ///
    /// # Errors
    /// When the database is away; keep computing, the lease may run out meanwhile.
    pub async fn heartbeat(&self, worker: &str, leases: &[Lease], lease: Duration) -> Result<Vec<Renewed>> {
        let (ids, attempts): (Vec<Uuid>, Vec<i32>) =
            leases.iter().map(|lease| (lease.job.0, row::attempt_column(lease.attempt))).unzip();
        let rows: Vec<(Uuid, i32, bool)> = sqlx::query_as(
            "WITH held AS (
                 SELECT j.id FROM e2i.jobs j
                 JOIN unnest($1::uuid[], $2::int[]) AS given(id, attempt) USING (id, attempt)
                 WHERE j.state = 'running' AND j.lease_owner = $3 ORDER BY j.id FOR UPDATE OF j
             )
             UPDATE e2i.jobs j SET lease_until = now() + make_interval(secs => $4)
             FROM held WHERE j.id = held.id
             RETURNING j.id, j.attempt, j.cancel_requested_at IS NOT NULL",
        )
        .bind(ids)
        .bind(attempts)
        .bind(worker)
        .bind(lease.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(job, attempt, cancel_requested)| Renewed {
                lease: Lease { job: job.into(), attempt: row::attempt(attempt) },
                cancel_requested,
            })
            .collect())
    }

    /// Takes jobs from workers whose lease ran out: cancelled where that was asked, failed after
    /// [`MAX_LEASE_EXPIRIES`], else queued anew. No crash is counted: the worker vanished, not the job.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn reap(&self) -> Result<Vec<Ended>> {
        let rows: Vec<EndedRow> = sqlx::query_as(REAP)
            .bind(MAX_LEASE_EXPIRIES)
            .bind(row::to_json(&failure(Reason::LeaseExpired, "its worker vanished and the lease ran out"))?)
            .bind(row::to_json(&failure(Reason::Cancelled, "cancelled; its worker had vanished"))?)
            .bind(self.logs_runs_as.as_deref())
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Ended::try_from).collect()
    }

    /// Of these keys of objects, those that a dataset has.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn object_keys_in_use(&self, keys: &[String]) -> Result<Vec<String>> {
        let statement = "SELECT object_key FROM e2i.datasets WHERE object_key = ANY($1)";
        Ok(sqlx::query_scalar(statement).bind(keys).fetch_all(&self.pool).await?)
    }

    /// For how long this database server has been up: after a restart no lease could have been renewed before.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn database_uptime(&self) -> Result<Duration> {
        let seconds: f64 =
            sqlx::query_scalar("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8")
                .fetch_one(&self.pool)
                .await?;
        Ok(Duration::from_secs_f64(seconds.max(0.0)))
    }
}

fn failure(reason: Reason, detail: &str) -> Failure {
    Failure { reason, detail: detail.to_owned() }
}

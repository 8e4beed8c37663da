//! A job and its outbox row, written together or not at all.

use domain::ids::UserId;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Idempotency, InFlight, NewJob, Submitted};
use crate::dispatch::Pending;
use crate::{Result, Store};

/// Job and outbox row in one statement, hence in one transaction: after it the job cannot be lost. What is in flight is
/// counted only as far as it matters: the statement's cost must not grow with what waits.
const SUBMIT: &str = "
WITH allowed AS (
    SELECT 1 FROM e2i.workspace_members m
    WHERE m.workspace_id = $1 AND m.user_id = $2 AND m.role IN ('analyst', 'owner')
      AND ($5::uuid IS NULL OR EXISTS (
          SELECT 1 FROM e2i.datasets d WHERE d.id = $5 AND d.workspace_id = $1 AND d.state <> 'uploading'))
), timely AS (
    SELECT greatest(now(), $15::timestamptz) AS run_at WHERE $15 IS NULL OR $15 <= now() + make_interval(days => $16)
), job AS (
    INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class, priority,
                          timeout_s, traceparent, idempotency_key, request_hash, run_at, due_from, memory_mib)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, run_at, run_at, $19 FROM allowed, timely
    ON CONFLICT (owner, idempotency_key) DO NOTHING
    RETURNING id, run_at
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq, due_at) SELECT id, 1, run_at FROM job
), audited AS (
    INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
    SELECT $2, 'analysis.submit', id::text, $1, $14, jsonb_build_object('agent', $3, 'dataset', $5) FROM job
), of_owner AS MATERIALIZED (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM e2i.jobs WHERE owner = $2 AND (state = 'running' OR (state = 'queued' AND dispatched_at IS NOT NULL))
        LIMIT $17) AS t
)
SELECT EXISTS (SELECT 1 FROM allowed) AS allowed, EXISTS (SELECT 1 FROM timely) AS timely, (SELECT id FROM job) AS id,
       EXISTS (SELECT 1 FROM job WHERE run_at > now()) AS delayed,
       EXISTS (SELECT 1 FROM e2i.dispatch_pauses WHERE class = $8) AS paused,
       (SELECT n FROM of_owner) AS of_owner,
       CASE WHEN (SELECT n FROM of_owner) < $17 THEN (
           SELECT count(*) FROM (
               SELECT 1 FROM e2i.jobs WHERE class = $8 AND priority = $9 AND state = 'queued' AND dispatched_at IS NOT NULL
               LIMIT $18) AS t)
       ELSE $18 END AS on_stream";

/// How far ahead `run_at` may lie.
pub const MAX_DELAY_DAYS: i32 = 30;
/// An owner's jobs in flight are counted up to here.
pub const COUNTED_OF_OWNER: i64 = 8;
/// A stream's jobs on Redis are counted up to here.
pub const COUNTED_ON_STREAM: i64 = 1024;

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
struct SubmitRow {
    allowed: bool,
    timely: bool,
    id: Option<Uuid>,
    delayed: bool,
    paused: bool,
    of_owner: i64,
    on_stream: i64,
}

impl Store {
    /// Writes the job and its outbox row in one transaction.
    ///
    /// # Errors
    /// When the database is away; then nothing is written, or the client may ask again with the same key.
    pub async fn submit(&self, job: &NewJob) -> Result<Submitted> {
        let written: SubmitRow = sqlx::query_as(SUBMIT)
            .bind(job.workspace.0)
            .bind(job.owner.0)
            .bind(job.agent.name)
            .bind(job.agent.version)
            .bind(job.dataset.map(|dataset| dataset.0))
            .bind(&job.parameters)
            .bind(job.agent.audience == domain::agents::Audience::Analysts)
            .bind(job.class().as_str())
            .bind(job.agent.priority.rank())
            .bind(i32::try_from(job.agent.timeout_s).unwrap_or(i32::MAX))
            .bind(&job.traceparent)
            .bind(job.idempotency.as_ref().map(|idempotency| &idempotency.key))
            .bind(job.idempotency.as_ref().map(|idempotency| &idempotency.request_hash))
            .bind(&job.request_id)
            .bind(job.run_at)
            .bind(MAX_DELAY_DAYS)
            .bind(COUNTED_OF_OWNER)
            .bind(COUNTED_ON_STREAM)
            .bind(i32::try_from(job.memory_mib).unwrap_or(i32::MAX))
            .fetch_one(&self.pool)
            .await?;
        let SubmitRow { delayed, paused, of_owner, on_stream, .. } = written;
        match (written.allowed, written.id) {
            (false, _) => Ok(Submitted::NotYours),
            (true, Some(id)) => Ok(Submitted::New {
                id: id.into(),
                pending: Pending {
                    job: id.into(),
                    dispatch_seq: 1,
                    class: job.class(),
                    priority: job.agent.priority,
                    traceparent: job.traceparent.clone(),
                },
                in_flight: InFlight { on_stream, of_owner, must_wait: delayed || paused },
            }),
            (true, None) if !written.timely => Ok(Submitted::TooFarAhead),
            (true, None) => match &job.idempotency {
                // None: it was deleted in between; then there is nothing left that the key could be good for.
                Some(key) => Ok(self.submitted_before(job.owner, key).await?.unwrap_or(Submitted::KeyReused)),
                None => Ok(Submitted::NotYours),
            },
        }
    }

    /// What became of an earlier request of `owner` with the same key: [`Submitted::Replayed`] or
    /// [`Submitted::KeyReused`]. `None`: there was none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn submitted_before(&self, owner: UserId, idempotency: &Idempotency) -> Result<Option<Submitted>> {
        let found: Option<(Uuid, bool)> = sqlx::query_as(
            "SELECT id, coalesce(request_hash = $3, false) FROM e2i.jobs WHERE owner = $1 AND idempotency_key = $2",
        )
        .bind(owner.0)
        .bind(&idempotency.key)
        .bind(&idempotency.request_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(id, same)| if same { Submitted::Replayed(id.into()) } else { Submitted::KeyReused }))
    }

    /// How many of the owner's analyses are queued, on Redis or behind it, counted up to `at_most`. The platform's own
    /// jobs do not count.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn queued_of(&self, owner: UserId, at_most: i64) -> Result<i64> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM (
                 (SELECT 1 FROM unnest(ARRAY['small', 'large']) AS c(class), generate_series(0, 2) AS p(priority),
                      LATERAL (SELECT 1 FROM e2i.jobs j
                               WHERE j.state = 'queued' AND j.dispatched_at IS NULL AND j.class = c.class
                                 AND j.priority = p.priority AND j.owner = $1 AND j.listed) AS waiting)
                 UNION ALL
                 (SELECT 1 FROM e2i.jobs
                  WHERE owner = $1 AND state = 'queued' AND dispatched_at IS NOT NULL AND listed)
                 LIMIT $2) AS t",
        )
        .bind(owner.0)
        .bind(at_most)
        .fetch_one(&self.pool)
        .await?)
    }
}

//! A job and its outbox row, written together or not at all.

use domain::ids::UserId;
use uuid::Uuid;

use super::{Idempotency, InFlight, NewJob, Submitted};
use crate::dispatch::Pending;
use crate::{Result, Store};

/// Job and outbox row in one statement, hence in one transaction: after it the job cannot be lost.
const SUBMIT: &str = "
WITH allowed AS (
    SELECT 1 FROM e2i.workspace_members m
    WHERE m.workspace_id = $1 AND m.user_id = $2 AND m.role IN ('analyst', 'owner')
      AND ($5::uuid IS NULL OR EXISTS (
          SELECT 1 FROM e2i.datasets d WHERE d.id = $5 AND d.workspace_id = $1 AND d.state <> 'uploading'))
), job AS (
    INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class, priority,
                          timeout_s, traceparent, idempotency_key, request_hash)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM allowed
    ON CONFLICT (owner, idempotency_key) DO NOTHING
    RETURNING id
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, 1 FROM job
), audited AS (
    INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
    SELECT $2, 'analysis.submit', id::text, $1, $14, jsonb_build_object('agent', $3, 'dataset', $5) FROM job
)
SELECT (SELECT count(*) FROM allowed) > 0, (SELECT id FROM job),
       (SELECT count(*) FROM e2i.jobs WHERE class = $8 AND state = 'queued' AND dispatched_at IS NOT NULL),
       (SELECT count(*) FROM e2i.jobs
        WHERE owner = $2 AND (state = 'running' OR (state = 'queued' AND dispatched_at IS NOT NULL)))";

impl Store {
    /// Writes the job and its outbox row in one transaction.
    ///
    /// # Errors
    /// When the database is away; then nothing is written, or the client may ask again with the same key.
    pub async fn submit(&self, job: &NewJob) -> Result<Submitted> {
        let (allowed, id, class_on_redis, of_owner): (bool, Option<Uuid>, i64, i64) = sqlx::query_as(SUBMIT)
            .bind(job.workspace.0)
            .bind(job.owner.0)
            .bind(job.agent.name)
            .bind(job.agent.version)
            .bind(job.dataset.map(|dataset| dataset.0))
            .bind(&job.parameters)
            .bind(job.agent.audience == domain::agents::Audience::Analysts)
            .bind(job.agent.class.as_str())
            .bind(job.agent.priority.rank())
            .bind(i32::try_from(job.agent.timeout_s).unwrap_or(i32::MAX))
            .bind(&job.traceparent)
            .bind(job.idempotency.as_ref().map(|idempotency| &idempotency.key))
            .bind(job.idempotency.as_ref().map(|idempotency| &idempotency.request_hash))
            .bind(&job.request_id)
            .fetch_one(&self.pool)
            .await?;
        match (allowed, id) {
            (false, _) => Ok(Submitted::NotYours),
            (true, Some(id)) => Ok(Submitted::New {
                id: id.into(),
                pending: Pending {
                    job: id.into(),
                    dispatch_seq: 1,
                    class: job.agent.class,
                    priority: job.agent.priority,
                    traceparent: job.traceparent.clone(),
                },
                in_flight: InFlight { class_on_redis, of_owner },
            }),
            (true, None) => self.replay(job).await,
        }
    }

    async fn replay(&self, job: &NewJob) -> Result<Submitted> {
        let Some(idempotency) = &job.idempotency else {
            return Ok(Submitted::NotYours);
        };
        // None: it was deleted in between; then there is nothing left that the key could be good for.
        Ok(self.submitted_before(job.owner, idempotency).await?.unwrap_or(Submitted::KeyReused))
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
}

//! Versions of datasets that are made from others by a recipe.
//!
//! The row of the new version (`uploading`) and the job that makes it are written in one transaction; the end of that
//! job completes the row and queues its profile (`attempts/end.sql`), or marks it `failed` with the reason. What was made
//! stands alone: it keeps its recipe and where it came from, and stays when its source is deleted.

use domain::agents::Agent;
use domain::agents::derive::DeriveVersion;
use domain::ids::{DatasetId, JobId, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::datasets::{Dataset, DatasetRow};
use crate::dispatch::Pending;
use crate::jobs::Idempotency;
use crate::{Access, Result, Store};

/// A version that is wanted. The recipe has passed its check against the source's columns.
#[derive(Debug, Clone)]
pub struct NewDerivation {
    /// From which version.
    pub source: DatasetId,
    /// By which recipe.
    pub recipe: Value,
    /// W3C trace context of the request.
    pub traceparent: Option<String>,
    /// The client's key and a hash of its request.
    pub idempotency: Option<Idempotency>,
    /// The request it was asked for in, for the audit log.
    pub request_id: Option<String>,
}

/// What became of the wish for a version.
#[derive(Debug, Clone, PartialEq)]
pub enum Derivation {
    /// Its row and its job are written.
    New(Box<Dataset>, Pending),
    /// The same request came before: this is its version.
    Replayed(Box<Dataset>),
    /// The key was used for another request, or what it made is deleted.
    KeyReused,
    /// There is no such source that the caller may derive from.
    NotYours,
}

impl Store {
    /// Opens the next version of the source's name and queues the job that makes it, in one transaction.
    ///
    /// # Errors
    /// When the database is away; then nothing is written, or the client may ask again with the same key.
    pub async fn begin_derivation(&self, caller: UserId, new: &NewDerivation) -> Result<Derivation> {
        let mut transaction = self.pool.begin().await?;
        let Some((workspace, name)) = source(&mut transaction, caller, new.source).await? else {
            return Ok(Derivation::NotYours);
        };
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))")
            .bind(workspace.to_string())
            .bind(&name)
            .execute(&mut *transaction)
            .await?;
        let Some(job) = queue(&mut transaction, workspace, caller, new).await? else {
            transaction.rollback().await?;
            return self.replay_derivation(caller, new).await;
        };
        let dataset: DatasetRow = sqlx::query_as(
            "WITH next AS (SELECT gen_random_uuid() AS id), made AS (
                 INSERT INTO e2i.datasets (id, workspace_id, name, version, state, object_key, created_by,
                                           recipe, derived_from, derived_from_version, derive_job)
                 SELECT next.id, s.workspace_id, s.name,
                        1 + (SELECT max(version) FROM e2i.datasets WHERE workspace_id = s.workspace_id AND name = s.name),
                        'uploading', 'datasets/' || s.workspace_id || '/' || next.id, $2, $3, s.id, s.version, $4
                 FROM next, e2i.datasets s WHERE s.id = $1 RETURNING *
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $2, 'dataset.derive', id::text, workspace_id, $5, jsonb_build_object('source', $1::uuid) FROM made
             )
             SELECT * FROM made",
        )
        .bind(new.source.0)
        .bind(caller.0)
        .bind(&new.recipe)
        .bind(job)
        .bind(&new.request_id)
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        let agent = Agent::of::<DeriveVersion>();
        let pending = Pending {
            job: JobId(job),
            dispatch_seq: 1,
            class: agent.class,
            priority: agent.priority,
            traceparent: new.traceparent.clone(),
        };
        Ok(Derivation::New(Box::new(dataset.try_into()?), pending))
    }

    async fn replay_derivation(&self, caller: UserId, new: &NewDerivation) -> Result<Derivation> {
        let Some(idempotency) = &new.idempotency else { return Ok(Derivation::NotYours) };
        Ok(self.derived_before(caller, idempotency).await?.unwrap_or(Derivation::KeyReused))
    }

    /// What became of an earlier request of `caller` with the same key; `None`: there was none.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn derived_before(&self, caller: UserId, idempotency: &Idempotency) -> Result<Option<Derivation>> {
        let found: Option<Option<Uuid>> = sqlx::query_scalar(
            "SELECT d.id FROM e2i.jobs j LEFT JOIN e2i.datasets d ON d.derive_job = j.id AND j.request_hash = $3
             WHERE j.owner = $1 AND j.idempotency_key = $2",
        )
        .bind(caller.0)
        .bind(&idempotency.key)
        .bind(&idempotency.request_hash)
        .fetch_optional(&self.pool)
        .await?;
        let Some(made) = found else { return Ok(None) };
        let Some(id) = made else { return Ok(Some(Derivation::KeyReused)) };
        let dataset = self.dataset(Access::read(caller), id.into()).await?;
        Ok(Some(dataset.map_or(Derivation::KeyReused, |dataset| Derivation::Replayed(Box::new(dataset)))))
    }
}

/// Workspace and name of a source that the caller may derive from; nobody deletes it until the transaction ends.
async fn source(connection: &mut PgConnection, caller: UserId, id: DatasetId) -> Result<Option<(Uuid, String)>> {
    let access = Access::write(caller);
    Ok(sqlx::query_as(
        "SELECT d.workspace_id, d.name FROM e2i.datasets d JOIN e2i.workspace_members m
           ON m.workspace_id = d.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
         WHERE d.id = $3 AND d.schema IS NOT NULL FOR KEY SHARE OF d",
    )
    .bind(access.user.0)
    .bind(access.roles())
    .bind(id.0)
    .fetch_optional(connection)
    .await?)
}

/// The job and its outbox row; `None` when the client's key is taken.
async fn queue(
    connection: &mut PgConnection,
    workspace: Uuid,
    caller: UserId,
    new: &NewDerivation,
) -> Result<Option<Uuid>> {
    let agent = Agent::of::<DeriveVersion>();
    Ok(sqlx::query_scalar(
        "WITH job AS (
             INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed, class,
                                   priority, timeout_s, traceparent, idempotency_key, request_hash,
                                   request_id)
             VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9, $10, $11, $12, $13)
             ON CONFLICT (owner, idempotency_key) DO NOTHING RETURNING id
         ), entry AS (INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, 1 FROM job)
         SELECT id FROM job",
    )
    .bind(workspace)
    .bind(caller.0)
    .bind(agent.name)
    .bind(agent.version)
    .bind(new.source.0)
    .bind(&new.recipe)
    .bind(agent.class.as_str())
    .bind(agent.priority.rank())
    .bind(i32::try_from(agent.timeout_s).unwrap_or(i32::MAX))
    .bind(&new.traceparent)
    .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.key))
    .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.request_hash))
    .bind(&new.request_id)
    .fetch_optional(connection)
    .await?)
}

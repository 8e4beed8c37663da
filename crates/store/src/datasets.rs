//! Datasets: immutable versions of uploaded tables, seen by the members of their workspace.
//!
//! A row is written before the first byte is stored (`uploading`) and either completed or deleted with its object. A
//! gateway that dies in between leaves a row in `uploading`, which [`Store::stale_uploads`] finds.

mod delete;
mod dependents;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::agents::{self, AgentContract, profile::ProfileTable};
use domain::dataset::{DatasetState, Profile, StoredTable, TableSchema};
use domain::ids::{DatasetId, JobId, UserId, WorkspaceId};
use domain::job::Failure;
use serde_json::Value;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

pub use delete::Deleted;
pub use dependents::{Dependents, DerivedVersion};

use crate::dispatch::Pending;
use crate::{Access, Result, Store, row};

/// One version of an uploaded table.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Its id.
    pub id: DatasetId,
    /// Where it belongs.
    pub workspace: WorkspaceId,
    /// Its name, shared by its versions.
    pub name: String,
    /// 1, 2, ...
    pub version: u32,
    /// Where it stands.
    pub state: DatasetState,
    /// Where its bytes lie.
    pub object_key: String,
    /// Stored bytes.
    pub size_bytes: Option<u64>,
    /// SHA-256 of the bytes as uploaded.
    pub sha256: Option<Vec<u8>>,
    /// Its columns, once uploaded.
    pub schema: Option<TableSchema>,
    /// Its profile, once computed.
    pub profile: Option<Profile>,
    /// Why there is no profile, or no table.
    pub failure: Option<Failure>,
    /// How it was made from another; null for an upload. As it was posted: a newer release may know other steps.
    pub recipe: Option<Value>,
    /// From which one it was made.
    pub derived_from: Option<DerivedFrom>,
    /// Who uploaded it.
    pub created_by: UserId,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The dataset that another was made from. It may be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DerivedFrom {
    /// Its id.
    pub id: DatasetId,
    /// Which version it was.
    pub version: u32,
}

impl Dataset {
    /// Where it lies and how to read it, once uploaded.
    #[must_use]
    pub fn stored_table(&self) -> Option<StoredTable> {
        let schema = self.schema.clone()?;
        Some(StoredTable { object_key: self.object_key.clone(), schema })
    }
}

/// What a finished upload was.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// Stored bytes.
    pub size_bytes: u64,
    /// SHA-256 of the bytes as uploaded.
    pub sha256: Vec<u8>,
    /// Columns and rows.
    pub schema: TableSchema,
    /// Trace context of the request.
    pub traceparent: Option<String>,
    /// The request, for the audit log.
    pub request_id: Option<String>,
}

/// Which datasets to list.
#[derive(Debug, Clone, Default)]
pub struct DatasetFilter {
    /// Of one workspace only.
    pub workspace: Option<WorkspaceId>,
    /// All versions of one name; without it the newest version of each name.
    pub name: Option<String>,
    /// Those alone in whose name this stands, in any case.
    pub search: Option<String>,
    /// Strictly older than this one: the last of the page before.
    pub before: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

#[derive(FromRow)]
pub(crate) struct DatasetRow {
    id: Uuid,
    workspace_id: Uuid,
    name: String,
    version: i32,
    state: String,
    object_key: String,
    size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    schema: Option<Value>,
    profile: Option<Value>,
    failure: Option<Value>,
    recipe: Option<Value>,
    derived_from: Option<Uuid>,
    derived_from_version: Option<i32>,
    created_by: Uuid,
    created_at: DateTime<Utc>,
}

impl TryFrom<DatasetRow> for Dataset {
    type Error = crate::StoreError;
    fn try_from(dataset: DatasetRow) -> Result<Self> {
        let derived_from = dataset.derived_from.zip(dataset.derived_from_version);
        let version = |version: i32| u32::try_from(version).unwrap_or(0);
        Ok(Self {
            id: dataset.id.into(),
            workspace: dataset.workspace_id.into(),
            name: dataset.name,
            version: version(dataset.version),
            state: row::name("datasets", &dataset.state)?,
            object_key: dataset.object_key,
            size_bytes: dataset.size_bytes.map(row::count),
            sha256: dataset.sha256,
            schema: row::optional_json("datasets", dataset.schema)?,
            profile: row::optional_json("datasets", dataset.profile)?,
            failure: row::optional_json("datasets", dataset.failure)?,
            recipe: dataset.recipe,
            derived_from: derived_from.map(|(id, of)| DerivedFrom { id: id.into(), version: version(of) }),
            created_by: dataset.created_by.into(),
            created_at: dataset.created_at,
        })
    }
}

const COLUMNS: &str = "SELECT d.id, d.workspace_id, d.name, d.version, d.state, d.object_key, d.size_bytes, d.sha256,
    d.schema, d.profile, d.failure, d.recipe, d.derived_from, d.derived_from_version, d.created_by, d.created_at
 FROM e2i.datasets d JOIN e2i.workspace_members m
   ON m.workspace_id = d.workspace_id AND m.user_id = $1 AND m.role = ANY($2)";

impl Store {
    /// Opens the next version of that name, in state `uploading`. `None`: the caller may not upload there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_upload(&self, caller: UserId, workspace: WorkspaceId, name: &str) -> Result<Option<Dataset>> {
        let mut transaction = self.pool.begin().await?;
        let opened = open_version(&mut transaction, caller, workspace, name).await?;
        transaction.commit().await?;
        Ok(opened)
    }

    /// Completes an upload and queues its profile, in one transaction. `None`: the row is gone (swept as stale).
    ///
    /// # Errors
    /// When the database is away; the upload then counts as not done.
    pub async fn finish_upload(&self, id: DatasetId, uploaded: &Uploaded) -> Result<Option<(Dataset, Pending)>> {
        let mut transaction = self.pool.begin().await?;
        let completed = complete(&mut transaction, id, uploaded).await?;
        transaction.commit().await?;
        Ok(completed)
    }

    /// Forgets an upload that did not complete. Its object is the caller's to delete.
    ///
    /// # Errors
    /// When the database is away; [`Store::stale_uploads`] finds it later.
    pub async fn abort_upload(&self, id: DatasetId) -> Result<()> {
        sqlx::query("DELETE FROM e2i.datasets WHERE id = $1 AND state = 'uploading'")
            .bind(id.0)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Uploads that began over `older_than` ago and never completed: ids and object keys. A version that is being made
    /// is none while its job goes on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn stale_uploads(&self, older_than: Duration) -> Result<Vec<(DatasetId, String)>> {
        let rows: Vec<(Uuid, String)> = sqlx::query_as(
            "SELECT id, object_key FROM e2i.datasets d
             WHERE state = 'uploading' AND created_at < now() - make_interval(secs => $1)
               AND NOT EXISTS (SELECT 1 FROM e2i.jobs j WHERE j.id = d.derive_job AND j.state IN ('queued', 'running'))
             ORDER BY id",
        )
        .bind(older_than.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(id, key)| (id.into(), key)).collect())
    }

    /// The dataset, if the caller may see it.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn dataset(&self, access: Access, id: DatasetId) -> Result<Option<Dataset>> {
        let found: Option<DatasetRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE d.id = $3")))
            .bind(access.user.0)
            .bind(access.roles())
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await?;
        found.map(Dataset::try_from).transpose()
    }

    /// A page of the caller's datasets, newest first: the newest version of each name, or all versions of one name.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn datasets(&self, access: Access, filter: &DatasetFilter) -> Result<Vec<Dataset>> {
        let sql = format!(
            "{COLUMNS} WHERE ($3::uuid IS NULL OR d.workspace_id = $3)
             AND CASE WHEN $4::text IS NULL
                 THEN NOT EXISTS (SELECT 1 FROM e2i.datasets newer WHERE newer.workspace_id = d.workspace_id
                                  AND newer.name = d.name AND newer.version > d.version AND newer.state <> 'uploading'
                                  AND newer.schema IS NOT NULL)
                 ELSE d.name = $4 END
             AND ($5::timestamptz IS NULL OR (d.created_at, d.id) < ($5, $6))
             AND ($8::text IS NULL OR d.name ILIKE $8)
             ORDER BY d.created_at DESC, d.id DESC LIMIT $7"
        );
        let (before_at, before_id) = filter.before.unzip();
        let rows: Vec<DatasetRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(access.user.0)
            .bind(access.roles())
            .bind(filter.workspace.map(|workspace| workspace.0))
            .bind(&filter.name)
            .bind(before_at)
            .bind(before_id)
            .bind(filter.limit)
            .bind(filter.search.as_deref().map(row::containing))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Dataset::try_from).collect()
    }
}

/// Opens the next version of that name, in state `uploading`. `None`: the caller may not upload there.
pub(crate) async fn open_version(
    connection: &mut PgConnection,
    caller: UserId,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<Dataset>> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1::text || $2, 0))")
        .bind(workspace.to_string())
        .bind(name)
        .execute(&mut *connection)
        .await?;
    let found: Option<DatasetRow> = sqlx::query_as(
        "WITH next AS (SELECT gen_random_uuid() AS id)
         INSERT INTO e2i.datasets (id, workspace_id, name, version, state, object_key, created_by)
         SELECT next.id, $1, $2,
                1 + coalesce((SELECT max(version) FROM e2i.datasets WHERE workspace_id = $1 AND name = $2), 0),
                'uploading', 'datasets/' || $1 || '/' || next.id, $3
         FROM next WHERE EXISTS (SELECT 1 FROM e2i.workspace_members
             WHERE workspace_id = $1 AND user_id = $3 AND role IN ('analyst', 'owner'))
         RETURNING *",
    )
    .bind(workspace.0)
    .bind(name)
    .bind(caller.0)
    .fetch_optional(&mut *connection)
    .await?;
    found.map(Dataset::try_from).transpose()
}

/// Completes an upload and queues its profile. `None`: the row is gone.
pub(crate) async fn complete(
    connection: &mut PgConnection,
    id: DatasetId,
    uploaded: &Uploaded,
) -> Result<Option<(Dataset, Pending)>> {
    let agent = agents::Agent::of::<ProfileTable>();
    let found: Option<DatasetRow> = sqlx::query_as(
        "UPDATE e2i.datasets SET state = 'profiling', size_bytes = $2, sha256 = $3, schema = $4
         WHERE id = $1 AND state = 'uploading' RETURNING *",
    )
    .bind(id.0)
    .bind(i64::try_from(uploaded.size_bytes).unwrap_or(i64::MAX))
    .bind(&uploaded.sha256)
    .bind(row::to_json(&uploaded.schema)?)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(found) = found else { return Ok(None) };
    let job: Uuid = sqlx::query_scalar(
        "WITH job AS (
             INSERT INTO e2i.jobs (workspace_id, owner, agent, agent_version, dataset_id, parameters, listed,
                                   class, priority, timeout_s, traceparent, request_id)
             VALUES ($1, $2, $3, $4, $5, '{}', false, $6, $7, $8, $9, $10) RETURNING id
         ), entry AS (INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, 1 FROM job),
         audited AS (
             INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id)
             VALUES ($2, 'dataset.upload', $5::text, $1, $10)
         )
         SELECT id FROM job",
    )
    .bind(found.workspace_id)
    .bind(found.created_by)
    .bind(ProfileTable::NAME)
    .bind(ProfileTable::VERSION)
    .bind(id.0)
    .bind(agent.class.as_str())
    .bind(agent.priority.rank())
    .bind(i32::try_from(agent.timeout_s).unwrap_or(i32::MAX))
    .bind(&uploaded.traceparent)
    .bind(&uploaded.request_id)
    .fetch_one(&mut *connection)
    .await?;
    let pending = Pending {
        job: JobId(job),
        dispatch_seq: 1,
        class: agent.class,
        priority: agent.priority,
        traceparent: uploaded.traceparent.clone(),
    };
    Ok(Some((Dataset::try_from(found)?, pending)))
}

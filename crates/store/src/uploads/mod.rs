//! Resumable uploads: how far each has come, and where its bytes lie until they are a dataset.
//!
//! * [`parts`]: bytes are added by compare-and-set on the offset: of two writers at the same offset one moves it.
//! * [`check`]: the last byte makes an upload `checking`; who makes a dataset of it holds a lease with a token, so that
//!   one that was killed is replaced and, come back to life, changes nothing.
//! * [`end`]: deleting, expiry, and the objects that are left to remove.

pub mod check;
pub mod end;
pub mod parts;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{DatasetId, UploadId, UserId, WorkspaceId};
use domain::upload::UploadState;
use serde_json::Value;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::{Access, Result, Store, row};

/// A table that arrives in pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Where the dataset will belong.
    pub workspace: WorkspaceId,
    /// What the dataset will be called.
    pub name: String,
    /// Media type of the file, where the client said one.
    pub media_type: Option<String>,
    /// What the client said about the file, as it was sent.
    pub metadata: Option<String>,
    /// Bytes it will have.
    pub length_bytes: u64,
    /// Bytes that are there, durably.
    pub offset_bytes: u64,
    /// In how many parts they lie.
    pub part_count: u64,
    /// Where it stands.
    pub state: UploadState,
    /// What became of it, once `stored`; `None` too when that was deleted since.
    pub dataset: Option<DatasetId>,
    /// Why it is no table, once `refused`.
    pub problem: Option<Value>,
    /// Who uploads.
    pub created_by: UserId,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it is given up.
    pub expires_at: DateTime<Utc>,
    /// Whether it has been.
    pub is_expired: bool,
}

/// An upload to be opened.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Who uploads.
    pub user: UserId,
    /// Where to.
    pub workspace: WorkspaceId,
    /// What the dataset will be called.
    pub name: String,
    /// Media type of the file, where the client said one.
    pub media_type: Option<String>,
    /// What the client said about the file.
    pub metadata: Option<String>,
    /// Bytes it will have; at least one.
    pub length_bytes: u64,
    /// How long it may take.
    pub lifetime: Duration,
    /// How many a person may have open.
    pub max_open: u32,
    /// The request, for the audit log.
    pub request_id: Option<String>,
}

/// What became of the wish to open an upload.
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    /// It is open.
    New(Upload),
    /// The person has these open already, as many as one may have.
    TooMany(Vec<UploadId>),
    /// The person may not upload there.
    NotYours,
}

#[derive(FromRow)]
struct UploadRow {
    id: Uuid,
    workspace_id: Uuid,
    name: String,
    media_type: Option<String>,
    metadata: Option<String>,
    length_bytes: i64,
    offset_bytes: i64,
    part_count: i64,
    state: String,
    dataset_id: Option<Uuid>,
    problem: Option<Value>,
    created_by: Uuid,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    is_expired: bool,
}

impl TryFrom<UploadRow> for Upload {
    type Error = crate::StoreError;
    fn try_from(upload: UploadRow) -> Result<Self> {
        let state = row::name("uploads", &upload.state)?;
        Ok(Self {
            id: upload.id.into(),
            workspace: upload.workspace_id.into(),
            name: upload.name,
            media_type: upload.media_type,
            metadata: upload.metadata,
            length_bytes: row::count(upload.length_bytes),
            offset_bytes: row::count(upload.offset_bytes),
            part_count: row::count(upload.part_count),
            state,
            // While it is checked there is a row, which may yet go again.
            dataset: upload.dataset_id.filter(|_| state == UploadState::Stored).map(DatasetId),
            problem: upload.problem,
            created_by: upload.created_by.into(),
            created_at: upload.created_at,
            expires_at: upload.expires_at,
            is_expired: upload.is_expired,
        })
    }
}

const COLUMNS: &str = "u.id, u.workspace_id, u.name, u.media_type, u.metadata, u.length_bytes, u.offset_bytes,
    u.part_count, u.state, u.dataset_id, u.problem, u.created_by, u.created_at, u.expires_at,
    u.expires_at <= now() AS is_expired";

impl Store {
    /// Opens an upload, unless the person has too many open.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn create_upload(&self, new: &NewUpload) -> Result<Created> {
        let mut transaction = self.pool.begin().await?;
        let open = open_uploads(&mut transaction, new.user).await?;
        if open.len() >= usize::try_from(new.max_open).unwrap_or(usize::MAX) {
            return Ok(Created::TooMany(open));
        }
        let sql = format!(
            "WITH u AS (
                 INSERT INTO e2i.uploads (workspace_id, name, media_type, metadata, length_bytes, created_by, expires_at)
                 SELECT $1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)
                 WHERE EXISTS (SELECT 1 FROM e2i.workspace_members
                     WHERE workspace_id = $1 AND user_id = $6 AND role IN ('analyst', 'owner'))
                 RETURNING *
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $6, 'upload.create', id::text, $1, $8, jsonb_build_object('length_bytes', $5) FROM u
             )
             SELECT {COLUMNS} FROM u"
        );
        let created: Option<UploadRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(new.workspace.0)
            .bind(&new.name)
            .bind(&new.media_type)
            .bind(&new.metadata)
            .bind(bytes_column(new.length_bytes))
            .bind(new.user.0)
            .bind(new.lifetime.as_secs_f64())
            .bind(&new.request_id)
            .fetch_optional(&mut *transaction)
            .await?;
        transaction.commit().await?;
        created.map_or(Ok(Created::NotYours), |created| created.try_into().map(Created::New))
    }

    /// The upload, if the caller may see it. It may be expired.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn upload(&self, access: Access, id: UploadId) -> Result<Option<Upload>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM e2i.uploads u JOIN e2i.workspace_members m
               ON m.workspace_id = u.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             WHERE u.id = $3"
        );
        let found: Option<UploadRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(access.user.0)
            .bind(access.roles())
            .bind(id.0)
            .fetch_optional(&self.pool)
            .await?;
        found.map(Upload::try_from).transpose()
    }
}

/// What the person has open; until the transaction ends nobody opens another one in their name.
async fn open_uploads(connection: &mut PgConnection, user: UserId) -> Result<Vec<UploadId>> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('uploads of ' || $1, 0))")
        .bind(user.to_string())
        .execute(&mut *connection)
        .await?;
    let open: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM e2i.uploads
         WHERE created_by = $1 AND state IN ('receiving', 'checking') AND expires_at > now() ORDER BY created_at, id",
    )
    .bind(user.0)
    .fetch_all(connection)
    .await?;
    Ok(open.into_iter().map(UploadId).collect())
}

/// A number of bytes as Postgres keeps it.
fn bytes_column(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

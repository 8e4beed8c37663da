//! Links to one analysis, for people who have no account: read-only, expiring, revocable.
//!
//! A link shows what its maker may show: it stops working at once when it is revoked, when it expires, when its maker
//! is no analyst or owner of the workspace any more or is disabled, and when the analysis is deleted.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ids::{JobId, ShareId, UserId};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::Job;
use super::read::{JobRow, SELECT};
use crate::people::Actor;
use crate::people::sessions::NewToken;
use crate::{Access, Result, Store};

/// Most links to one analysis that work at the same time.
pub const MAX_WORKING_SHARES: i64 = 50;
/// Most links that are listed.
const MAX_LISTED: i64 = 200;
/// Openings are noted at most so often.
const NOTE_EVERY: Duration = Duration::from_mins(1);

/// Whether the share `s` of the job `j`, made by `u` (where this platform knows them), works.
const WORKS: &str = "(s.revoked_at IS NULL AND s.expires_at > now() AND u.disabled_at IS NULL AND EXISTS (
    SELECT FROM e2i.workspace_members maker WHERE maker.workspace_id = j.workspace_id
      AND maker.user_id = s.created_by AND maker.role IN ('analyst', 'owner')))";

/// A link, without its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: ShareId,
    /// Who made it.
    pub created_by: UserId,
    /// Their address, where this platform knows it.
    pub created_by_email: Option<String>,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it was opened last, to the minute.
    pub last_opened_at: Option<DateTime<Utc>>,
    /// Whether it opens anything now.
    pub works: bool,
}

/// What became of a wish to share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shared {
    /// The link is stored.
    Made(Share),
    /// [`MAX_WORKING_SHARES`] links work already.
    TooMany,
}

/// What an opened link shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The analysis.
    pub job: Job,
    /// Its result, once there is one.
    pub result: Option<Value>,
    /// What it was asked of.
    pub dataset: Option<OpenedDataset>,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

/// The dataset of a shared analysis, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedDataset {
    /// Its name.
    pub name: String,
    /// Which version.
    pub version: u32,
    /// Rows, the header not counted.
    pub rows: Option<u64>,
}

#[derive(FromRow)]
struct ShareRow {
    id: Uuid,
    created_by: Uuid,
    email: Option<String>,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    last_opened_at: Option<DateTime<Utc>>,
    works: bool,
}

impl From<ShareRow> for Share {
    fn from(share: ShareRow) -> Self {
        Self {
            id: share.id.into(),
            created_by: share.created_by.into(),
            created_by_email: share.email,
            created_at: share.created_at,
            expires_at: share.expires_at,
            revoked_at: share.revoked_at,
            last_opened_at: share.last_opened_at,
            works: share.works,
        }
    }
}

#[derive(FromRow)]
struct ShownRow {
    result: Option<Value>,
    name: Option<String>,
    version: Option<i32>,
    rows: Option<i64>,
}

impl Store {
    /// Stores a link to a job by the keyed hash of its token. `None`: the caller may not share it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn create_share(
        &self,
        access: Access,
        id: JobId,
        token: NewToken<'_>,
        request_id: Option<&str>,
    ) -> Result<Option<Shared>> {
        let found: Option<(Option<Uuid>,)> = sqlx::query_as(
            "WITH seen AS (
                 SELECT j.id, j.workspace_id FROM e2i.jobs j JOIN e2i.workspace_members m
                   ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
                 WHERE j.id = $3
             ), made AS (
                 INSERT INTO e2i.shares (job_id, token_hash, created_by, expires_at)
                 SELECT id, $4, $1, now() + make_interval(secs => $5) FROM seen
                 WHERE (SELECT count(*) FROM e2i.shares s
                        WHERE s.job_id = seen.id AND s.revoked_at IS NULL AND s.expires_at > now()) < $6
                 RETURNING id, job_id, expires_at
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $1, 'share.create', made.job_id::text, seen.workspace_id, $7,
                        jsonb_build_object('share', made.id, 'expires_at', made.expires_at)
                 FROM made JOIN seen ON seen.id = made.job_id
             )
             SELECT made.id FROM seen LEFT JOIN made ON made.job_id = seen.id",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .bind(token.hash)
        .bind(token.ttl.as_secs_f64())
        .bind(MAX_WORKING_SHARES)
        .bind(request_id)
        .fetch_optional(&self.pool)
        .await?;
        let Some((made,)) = found else { return Ok(None) };
        let Some(made) = made else { return Ok(Some(Shared::TooMany)) };
        let made = self.select_shares(access, id, Some(ShareId(made))).await?.pop();
        Ok(made.map(Shared::Made))
    }

    /// The links to a job, newest first, for those who may see it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn shares(&self, access: Access, id: JobId) -> Result<Vec<Share>> {
        self.select_shares(access, id, None).await
    }

    async fn select_shares(&self, access: Access, id: JobId, only: Option<ShareId>) -> Result<Vec<Share>> {
        let sql = format!(
            "SELECT s.id, s.created_by, u.email, s.created_at, s.expires_at, s.revoked_at, s.last_opened_at,
                    {WORKS} AS works
             FROM e2i.shares s JOIN e2i.jobs j ON j.id = s.job_id
             JOIN e2i.workspace_members m
               ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             LEFT JOIN e2i.users u ON u.id = s.created_by
             WHERE s.job_id = $3 AND ($4::uuid IS NULL OR s.id = $4)
             ORDER BY s.created_at DESC, s.id DESC LIMIT $5"
        );
        let rows: Vec<ShareRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(access.user.0)
            .bind(access.roles())
            .bind(id.0)
            .bind(only.map(|share| share.0))
            .bind(MAX_LISTED)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows.into_iter().map(Share::from).collect())
    }

    /// Ends a link at once; again is no error. `false`: there is none of that id that the caller may end.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn revoke_share(
        &self,
        access: Access,
        id: JobId,
        share: ShareId,
        request_id: Option<&str>,
    ) -> Result<bool> {
        let found: Option<bool> = sqlx::query_scalar(
            "WITH seen AS (
                 SELECT s.id, s.job_id, j.workspace_id, s.revoked_at FROM e2i.shares s JOIN e2i.jobs j ON j.id = s.job_id
                 JOIN e2i.workspace_members m
                   ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
                 WHERE s.id = $3 AND s.job_id = $4 FOR UPDATE OF s
             ), changed AS (
                 UPDATE e2i.shares s SET revoked_at = now() FROM seen
                 WHERE s.id = seen.id AND seen.revoked_at IS NULL
                 RETURNING s.id, s.job_id, seen.workspace_id
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $1, 'share.revoke', job_id::text, workspace_id, $5, jsonb_build_object('share', id) FROM changed
             )
             SELECT true FROM seen",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(share.0)
        .bind(id.0)
        .bind(request_id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.is_some())
    }

    /// What the link of that hash shows; notes that it was opened. `None`: no such link works, whatever the reason; it
    /// takes the same one look-up to say so.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn open_share(&self, actor: &Actor, token_hash: &[u8]) -> Result<Option<Opened>> {
        let sql = format!(
            "WITH share AS (
                 SELECT s.id, s.job_id, s.expires_at, j.workspace_id
                 FROM e2i.shares s JOIN e2i.jobs j ON j.id = s.job_id LEFT JOIN e2i.users u ON u.id = s.created_by
                 WHERE s.token_hash = $1 AND {WORKS}
             ), noted AS (
                 UPDATE e2i.shares s SET last_opened_at = now(), first_opened_at = coalesce(s.first_opened_at, now())
                 FROM share WHERE s.id = share.id
                   AND (s.last_opened_at IS NULL OR s.last_opened_at < now() - make_interval(secs => $2))
                 RETURNING s.id, s.job_id, share.workspace_id, s.first_opened_at = now() AS is_first
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $3, 'share.open', job_id::text, workspace_id, $4, jsonb_build_object('share', id)
                 FROM noted WHERE is_first
             )
             SELECT job_id, expires_at FROM share"
        );
        let found: Option<(Uuid, DateTime<Utc>)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(token_hash)
            .bind(NOTE_EVERY.as_secs_f64())
            .bind(actor.user.map(|user| user.0))
            .bind(actor.request_id.as_deref())
            .fetch_optional(&self.pool)
            .await?;
        let Some((job, expires_at)) = found else { return Ok(None) };
        let row: Option<JobRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} WHERE j.id = $1")))
            .bind(job)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let ShownRow { result, name, version, rows } = sqlx::query_as(
            "SELECT r.result, d.name, d.version, (d.schema->>'rows')::bigint AS rows
             FROM (SELECT $1::uuid AS job_id, $2::uuid AS dataset_id) asked
             LEFT JOIN e2i.results r ON r.job_id = asked.job_id LEFT JOIN e2i.datasets d ON d.id = asked.dataset_id",
        )
        .bind(job)
        .bind(row.dataset_id())
        .fetch_one(&self.pool)
        .await?;
        let dataset = name.zip(version).map(|(name, version)| OpenedDataset {
            name,
            version: u32::try_from(version).unwrap_or(0),
            rows: rows.map(crate::row::count),
        });
        Ok(Some(Opened { job: Job::try_from(row)?, result, dataset, expires_at }))
    }
}

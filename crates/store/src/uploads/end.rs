//! How uploads end: deleted by their people, or given up with their time. Objects go before rows: killed in between,
//! the row still says where to look.

use domain::ids::UploadId;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Access, Result, Store};

/// Advisory lock: one sweep at a time.
const SWEEP_LOCK: i64 = 0x6532_6903;

/// Of what has ended, nothing is needed any more. One whose bytes are all there is given another hour to become a dataset.
const EXPIRED: &str = "expires_at <= now() AND (state <> 'checking' OR expires_at <= now() - interval '1 hour')";

/// The right to sweep, until it is dropped.
#[derive(Debug)]
pub struct SweepTurn {
    _holds_the_lock: Transaction<'static, Postgres>,
}

impl Store {
    /// Ends an upload at once: it counts as expired from here on. False: it is not the caller's to change, has ended, or
    /// is being checked.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn end_upload(&self, access: Access, id: UploadId, request_id: Option<&str>) -> Result<bool> {
        let ended = sqlx::query(
            "WITH ended AS (
                 UPDATE e2i.uploads u SET expires_at = now() FROM e2i.workspace_members m
                 WHERE u.id = $3 AND u.state <> 'checking' AND u.expires_at > now()
                   AND m.workspace_id = u.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
                 RETURNING u.id, u.workspace_id, u.offset_bytes
             )
             INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
             SELECT $1, 'upload.delete', id::text, workspace_id, $4, jsonb_build_object('offset_bytes', offset_bytes)
             FROM ended",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .bind(request_id)
        .execute(&self.pool)
        .await?;
        Ok(ended.rows_affected() > 0)
    }

    /// The right to sweep; `None` while somebody else has it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn turn_to_sweep(&self) -> Result<Option<SweepTurn>> {
        let mut transaction = self.pool.begin().await?;
        let mine: bool = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)")
            .bind(SWEEP_LOCK)
            .fetch_one(&mut *transaction)
            .await?;
        Ok(mine.then_some(SweepTurn { _holds_the_lock: transaction }))
    }

    /// Uploads whose time is up. One whose bytes are all there is given another hour to become a dataset.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn expired_uploads(&self) -> Result<Vec<UploadId>> {
        self.upload_ids(format!("SELECT id FROM e2i.uploads WHERE {EXPIRED} ORDER BY expires_at, id")).await
    }

    /// Uploads that have ended and whose parts are still there.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn uploads_with_useless_parts(&self) -> Result<Vec<UploadId>> {
        self.upload_ids(
            "SELECT u.id FROM e2i.uploads u WHERE u.state IN ('stored', 'refused')
               AND EXISTS (SELECT 1 FROM e2i.upload_parts p WHERE p.upload_id = u.id) ORDER BY u.id"
                .to_owned(),
        )
        .await
    }

    async fn upload_ids(&self, sql: String) -> Result<Vec<UploadId>> {
        let ids: Vec<Uuid> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&self.pool).await?;
        Ok(ids.into_iter().map(UploadId).collect())
    }

    /// Where the parts of an upload lie that are of no use any more: none while it lives.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn useless_part_keys(&self, id: UploadId) -> Result<Vec<String>> {
        let sql = format!(
            "SELECT p.object_key FROM e2i.upload_parts p JOIN e2i.uploads u ON u.id = p.upload_id
             WHERE u.id = $1 AND (u.state IN ('stored', 'refused') OR {EXPIRED}) ORDER BY p.object_key"
        );
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_all(&self.pool).await?)
    }

    /// Forgets those parts, and the upload too, once its time is up.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn forget_useless_parts(&self, id: UploadId) -> Result<()> {
        let expired = format!("DELETE FROM e2i.uploads WHERE id = $1 AND {EXPIRED}");
        let mut transaction = self.pool.begin().await?;
        sqlx::query(sqlx::AssertSqlSafe(expired)).bind(id.0).execute(&mut *transaction).await?;
        sqlx::query(
            "DELETE FROM e2i.upload_parts p USING e2i.uploads u
             WHERE u.id = p.upload_id AND u.id = $1 AND u.state IN ('stored', 'refused')",
        )
        .bind(id.0)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

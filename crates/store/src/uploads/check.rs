//! From all bytes to a dataset: one holder of the lease at a time, and exactly one dataset whoever is killed when.
//!
//! Every statement locks the upload's row first and the dataset's second, so that two of them cannot wait for each
//! other.

use std::time::Duration;

use domain::ids::{DatasetId, UploadId, UserId, WorkspaceId};
use serde_json::Value;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::datasets::{Dataset, Uploaded, complete, open_version};
use crate::dispatch::Pending;
use crate::{Result, Store, row};

/// The right to end the check of an upload, until somebody else has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckLease {
    /// The upload.
    pub upload: UploadId,
    /// The fence: another holder has another one.
    pub token: Uuid,
}

/// A check to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// To end it with.
    pub lease: CheckLease,
    /// The dataset to be, in state `uploading`; `None`: who began the upload may not upload there any more.
    pub dataset: Option<Dataset>,
    /// Object of the dataset that an earlier holder did not get done; yours to delete.
    pub left_over: Option<String>,
    /// 1 for the first check.
    pub attempt: u32,
    /// Bytes there must be.
    pub length_bytes: u64,
    /// Media type of the file, where the client said one.
    pub media_type: Option<String>,
}

#[derive(FromRow)]
struct Claimed {
    workspace_id: Uuid,
    name: String,
    created_by: Uuid,
    length_bytes: i64,
    media_type: Option<String>,
    check_token: Uuid,
    check_attempts: i32,
    dataset_id: Option<Uuid>,
}

impl Store {
    /// Takes the check of a complete upload for `lease`, and opens the dataset's version. `None`: it is not complete, is
    /// done, or somebody else is at it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_check(&self, upload: UploadId, lease: Duration) -> Result<Option<Check>> {
        let mut transaction = self.pool.begin().await?;
        let claimed: Option<Claimed> = sqlx::query_as(
            "UPDATE e2i.uploads SET check_token = gen_random_uuid(), check_attempts = check_attempts + 1,
                 check_until = now() + make_interval(secs => $2)
             WHERE id = $1 AND state = 'checking' AND check_until <= now()
             RETURNING workspace_id, name, created_by, length_bytes, media_type, check_token, check_attempts, dataset_id",
        )
        .bind(upload.0)
        .bind(lease.as_secs_f64())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(claimed) = claimed else { return Ok(None) };
        // Its holder, should it still live, finds the row gone.
        let left_over = forget(&mut transaction, claimed.dataset_id.map(DatasetId)).await?;
        let (user, workspace) = (UserId(claimed.created_by), WorkspaceId(claimed.workspace_id));
        let dataset = open_version(&mut transaction, user, workspace, &claimed.name).await?;
        sqlx::query("UPDATE e2i.uploads SET dataset_id = $2 WHERE id = $1")
            .bind(upload.0)
            .bind(dataset.as_ref().map(|dataset| dataset.id.0))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some(Check {
            lease: CheckLease { upload, token: claimed.check_token },
            dataset,
            left_over,
            attempt: row::attempt(claimed.check_attempts),
            length_bytes: row::count(claimed.length_bytes),
            media_type: claimed.media_type,
        }))
    }

    /// Keeps the lease for another while; false when it is somebody else's by now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn renew_check(&self, held: CheckLease, lease: Duration) -> Result<bool> {
        let renewed = sqlx::query(
            "UPDATE e2i.uploads SET check_until = now() + make_interval(secs => $3)
             WHERE id = $1 AND check_token = $2 AND state = 'checking'",
        )
        .bind(held.upload.0)
        .bind(held.token)
        .bind(lease.as_secs_f64())
        .execute(&self.pool)
        .await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// The bytes are a table: completes the dataset, queues its profile and ends the upload, in one transaction. `None`:
    /// the lease is somebody else's by now.
    ///
    /// # Errors
    /// When the database is away; it may be done nevertheless.
    pub async fn finish_check(
        &self,
        held: CheckLease,
        dataset: DatasetId,
        uploaded: &Uploaded,
    ) -> Result<Option<(Dataset, Pending)>> {
        let mut transaction = self.pool.begin().await?;
        let ended = sqlx::query(
            "UPDATE e2i.uploads SET state = 'stored', check_until = NULL, check_token = NULL,
                 expires_at = greatest(expires_at, now() + interval '1 hour')
             WHERE id = $1 AND check_token = $2 AND dataset_id = $3 AND state = 'checking'",
        )
        .bind(held.upload.0)
        .bind(held.token)
        .bind(dataset.0)
        .execute(&mut *transaction)
        .await?;
        if ended.rows_affected() == 0 {
            return Ok(None);
        }
        let Some(completed) = complete(&mut transaction, dataset, uploaded).await? else { return Ok(None) };
        transaction.commit().await?;
        Ok(Some(completed))
    }

    /// The bytes are no table: ends the upload with the problem. False: the lease is somebody else's by now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn refuse_check(&self, held: CheckLease, problem: &Value) -> Result<bool> {
        let sql = "UPDATE e2i.uploads SET state = 'refused', problem = $3, check_until = NULL, check_token = NULL,
                       expires_at = greatest(expires_at, now() + interval '1 hour')
                   WHERE id = $1 AND check_token = $2 AND state = 'checking' RETURNING dataset_id";
        let refused = sqlx::query_scalar(sql).bind(held.upload.0).bind(held.token).bind(problem);
        let mut transaction = self.pool.begin().await?;
        let Some(dataset): Option<Option<Uuid>> = refused.fetch_optional(&mut *transaction).await? else {
            return Ok(false);
        };
        forget(&mut transaction, dataset.map(DatasetId)).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Something was away: gives the check back, to be taken again by anybody after `pause`. It does not count as an
    /// attempt.
    ///
    /// # Errors
    /// When the database is away; then the lease runs out.
    pub async fn release_check(&self, held: CheckLease, pause: Duration) -> Result<()> {
        let sql = "UPDATE e2i.uploads SET check_until = now() + make_interval(secs => $3), check_token = NULL,
                       check_attempts = check_attempts - 1
                   WHERE id = $1 AND check_token = $2 AND state = 'checking' RETURNING dataset_id";
        let released = sqlx::query_scalar(sql).bind(held.upload.0).bind(held.token).bind(pause.as_secs_f64());
        let mut transaction = self.pool.begin().await?;
        let dataset: Option<Option<Uuid>> = released.fetch_optional(&mut *transaction).await?;
        forget(&mut transaction, dataset.flatten().map(DatasetId)).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Complete uploads that nobody has been making a dataset of for `grace`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn unattended_checks(&self, grace: Duration) -> Result<Vec<UploadId>> {
        let ids: Vec<Uuid> = sqlx::query_scalar(
            "SELECT id FROM e2i.uploads WHERE state = 'checking' AND check_until <= now() - make_interval(secs => $1)
             ORDER BY check_until, id LIMIT 100",
        )
        .bind(grace.as_secs_f64())
        .fetch_all(&self.pool)
        .await?;
        Ok(ids.into_iter().map(UploadId).collect())
    }
}

/// Forgets a dataset that did not get done; gives the key of its object.
async fn forget(connection: &mut PgConnection, dataset: Option<DatasetId>) -> Result<Option<String>> {
    let Some(dataset) = dataset else { return Ok(None) };
    let sql = "DELETE FROM e2i.datasets WHERE id = $1 AND state = 'uploading' RETURNING object_key";
    Ok(sqlx::query_scalar(sql).bind(dataset.0).fetch_optional(connection).await?)
}

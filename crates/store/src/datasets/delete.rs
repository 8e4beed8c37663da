//! The end of a dataset.

use domain::ids::DatasetId;
use domain::job::{Failure, Reason};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Access, Result, Store, row};

/// What became of a wish to delete a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deleted {
    /// Gone; the object of this key is yours to delete.
    Gone {
        /// Where its bytes lie.
        object_key: String,
        /// How many analyses went with it.
        analyses: u64,
    },
    /// It is used.
    InUse {
        /// So many analyses use it.
        analyses: u64,
        /// So many versions are being made from it.
        derivations: u64,
    },
}

impl Store {
    /// Deletes a dataset; with `cascade` its analyses too, running ones included (their workers find the row gone), and
    /// what is being made from it fails. One that is itself being made is not made any further. What was made from it
    /// stays. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn delete_dataset(
        &self,
        access: Access,
        id: DatasetId,
        cascade: bool,
        request_id: Option<&str>,
    ) -> Result<Option<Deleted>> {
        let mut transaction = self.pool.begin().await?;
        let Some((object_key, derive_job)) = lock(&mut transaction, access, id).await? else { return Ok(None) };
        let (analyses, derivations): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM e2i.jobs WHERE dataset_id = $1 AND listed),
                    (SELECT count(*) FROM e2i.datasets WHERE derived_from = $1 AND state = 'uploading')",
        )
        .bind(id.0)
        .fetch_one(&mut *transaction)
        .await?;
        let (analyses, derivations) = (row::count(analyses), row::count(derivations));
        if analyses + derivations > 0 && !cascade {
            return Ok(Some(Deleted::InUse { analyses, derivations }));
        }
        let why = Failure {
            reason: Reason::Cancelled,
            detail: "the dataset it was to be made from was deleted before it was made".to_owned(),
        };
        sqlx::query(
            "WITH hit AS (SELECT id FROM e2i.datasets WHERE derived_from = $1 AND state = 'uploading' ORDER BY id FOR UPDATE)
             UPDATE e2i.datasets d SET state = 'failed', failure = $2 FROM hit WHERE d.id = hit.id",
        )
        .bind(id.0)
        .bind(row::to_json(&why)?)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM e2i.jobs WHERE dataset_id = $1 OR id = $2")
            .bind(id.0)
            .bind(derive_job)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "WITH gone AS (DELETE FROM e2i.datasets WHERE id = $1 RETURNING id, workspace_id)
             INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
             SELECT $2, 'dataset.delete', id::text, workspace_id, $3, jsonb_build_object('analyses', $4::bigint) FROM gone",
        )
        .bind(id.0)
        .bind(access.user.0)
        .bind(request_id)
        .bind(i64::try_from(analyses).unwrap_or(i64::MAX))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Some(Deleted::Gone { object_key, analyses }))
    }
}

/// Locks a dataset of the caller's: its object's key and the job that makes it. The jobs on it are locked before it, as
/// the end of an attempt does it (`attempts/end.sql`): else the two could wait for each other.
async fn lock(connection: &mut PgConnection, access: Access, id: DatasetId) -> Result<Option<(String, Option<Uuid>)>> {
    sqlx::query(
        "SELECT j.id FROM e2i.jobs j JOIN e2i.workspace_members m
           ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
         WHERE j.dataset_id = $3 OR j.id = (SELECT derive_job FROM e2i.datasets WHERE id = $3)
         ORDER BY j.id FOR UPDATE OF j",
    )
    .bind(access.user.0)
    .bind(access.roles())
    .bind(id.0)
    .execute(&mut *connection)
    .await?;
    Ok(sqlx::query_as(
        "SELECT d.object_key, d.derive_job FROM e2i.datasets d JOIN e2i.workspace_members m
           ON m.workspace_id = d.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
         WHERE d.id = $3 FOR UPDATE OF d",
    )
    .bind(access.user.0)
    .bind(access.roles())
    .bind(id.0)
    .fetch_optional(connection)
    .await?)
}

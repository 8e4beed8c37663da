//! What hangs on a dataset, for those who think of deleting it.

use domain::dataset::DatasetState;
use domain::ids::DatasetId;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Access, Result, Store, row};

/// Most derived versions that are listed.
const MAX_LISTED: i64 = 200;

/// What hangs on a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependents {
    /// Analyses that use it; they would go with it.
    pub analyses: u64,
    /// So many of them are queued or running.
    pub analyses_active: u64,
    /// Links to them that have neither expired nor been revoked; they would go too.
    pub shares: u64,
    /// Versions that were made from it, newest first. They would stay, unless they are still being made.
    pub derived_versions: Vec<DerivedVersion>,
}

/// A version that was made, or is being made, from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DerivedVersion {
    /// Its id.
    pub id: DatasetId,
    /// Which version it is.
    pub version: u32,
    /// Where it stands; `uploading` while it is being made.
    pub state: DatasetState,
}

#[derive(FromRow)]
struct CountsRow {
    analyses: i64,
    analyses_active: i64,
    shares: i64,
}

impl Store {
    /// What hangs on a dataset of the caller's; of another's nothing does.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn dependents(&self, access: Access, id: DatasetId) -> Result<Dependents> {
        let counts: CountsRow = sqlx::query_as(
            "SELECT count(*) AS analyses, count(*) FILTER (WHERE j.state IN ('queued', 'running')) AS analyses_active,
                    coalesce(sum((SELECT count(*) FROM e2i.shares s WHERE s.job_id = j.id
                                  AND s.revoked_at IS NULL AND s.expires_at > now())), 0)::bigint AS shares
             FROM e2i.jobs j JOIN e2i.workspace_members m
               ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             WHERE j.dataset_id = $3 AND j.listed",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .fetch_one(&self.pool)
        .await?;
        // What is made of a dataset has its name: found by the index on names.
        let versions: Vec<(Uuid, i32, String)> = sqlx::query_as(
            "SELECT d.id, d.version, d.state FROM e2i.datasets origin
             JOIN e2i.workspace_members m
               ON m.workspace_id = origin.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             JOIN e2i.datasets d ON d.workspace_id = origin.workspace_id AND d.name = origin.name
             WHERE origin.id = $3 AND d.derived_from = $3 ORDER BY d.version DESC LIMIT $4",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .bind(MAX_LISTED)
        .fetch_all(&self.pool)
        .await?;
        let version = |(id, version, state): (Uuid, i32, String)| {
            let version = u32::try_from(version).unwrap_or(0);
            Ok(DerivedVersion { id: id.into(), version, state: row::name("datasets", &state)? })
        };
        Ok(Dependents {
            analyses: row::count(counts.analyses),
            analyses_active: row::count(counts.analyses_active),
            shares: row::count(counts.shares),
            derived_versions: versions.into_iter().map(version).collect::<Result<_>>()?,
        })
    }
}

//! How much there is, for the page that people see first.

use domain::ids::WorkspaceId;
use sqlx::FromRow;

use crate::{Access, Result, Store, row};

/// The newest so many analyses are counted: a count must not take longer the longer a workspace has been used.
pub const COUNTED_ANALYSES: u64 = 10_000;

/// How much there is in the caller's workspaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkCounts {
    /// Analyses that wait.
    pub queued: u64,
    /// Analyses that run.
    pub running: u64,
    /// Analyses with a result.
    pub succeeded: u64,
    /// Analyses that ended without.
    pub failed: u64,
    /// Analyses that somebody ended.
    pub cancelled: u64,
    /// Datasets, all versions of a name as one.
    pub datasets: u64,
}

#[derive(FromRow)]
struct CountsRow {
    queued: i64,
    running: i64,
    succeeded: i64,
    failed: i64,
    cancelled: i64,
    datasets: i64,
}

impl WorkCounts {
    /// How many analyses were counted.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.queued + self.running + self.succeeded + self.failed + self.cancelled
    }
}

impl Store {
    /// Counts what is in the caller's workspaces, or in one of them; at most [`COUNTED_ANALYSES`] analyses.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn work_counts(&self, access: Access, workspace: Option<WorkspaceId>) -> Result<WorkCounts> {
        let counts: CountsRow = sqlx::query_as(
            "WITH mine AS (
                 SELECT m.workspace_id FROM e2i.workspace_members m
                 WHERE m.user_id = $1 AND m.role = ANY($2) AND ($3::uuid IS NULL OR m.workspace_id = $3)
             ), newest AS (
                 SELECT j.state FROM mine CROSS JOIN LATERAL (
                     SELECT state, created_at, id FROM e2i.jobs
                     WHERE workspace_id = mine.workspace_id AND listed ORDER BY created_at DESC, id DESC LIMIT $4) j
                 ORDER BY j.created_at DESC, j.id DESC LIMIT $4
             )
             SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
                    count(*) FILTER (WHERE state = 'running') AS running,
                    count(*) FILTER (WHERE state = 'succeeded') AS succeeded,
                    count(*) FILTER (WHERE state = 'failed') AS failed,
                    count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
                    (SELECT count(*) FROM (SELECT DISTINCT d.workspace_id, d.name
                                           FROM e2i.datasets d JOIN mine USING (workspace_id)) named) AS datasets
             FROM newest",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(workspace.map(|workspace| workspace.0))
        .bind(i64::try_from(COUNTED_ANALYSES).unwrap_or(i64::MAX))
        .fetch_one(&self.pool)
        .await?;
        Ok(WorkCounts {
            queued: row::count(counts.queued),
            running: row::count(counts.running),
            succeeded: row::count(counts.succeeded),
            failed: row::count(counts.failed),
            cancelled: row::count(counts.cancelled),
            datasets: row::count(counts.datasets),
        })
    }
}

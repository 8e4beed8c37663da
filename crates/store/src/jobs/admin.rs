//! Jobs of all workspaces, for admins of the platform: nothing here asks for a membership.

use domain::ids::{JobId, UserId};
use domain::job::{JobClass, JobState, Reason};

use super::change::Caller;
use super::read::{JobRow, SELECT};
use super::{Cancelled, Job, JobFilter, Retried};
use crate::{Result, Store};

/// Which jobs of all workspaces to list.
#[derive(Debug, Clone, Default)]
pub struct AdminFilter {
    /// What can be asked of one's own too.
    pub common: JobFilter,
    /// Of one owner only.
    pub owner: Option<UserId>,
    /// Of one class only.
    pub class: Option<JobClass>,
    /// With this reason only: of the job's end, or of its last attempt's.
    pub reason: Option<Reason>,
    /// Dead letters only: failed by crashes or by workers that vanished.
    pub dead_letters: bool,
}

impl Store {
    /// A page of the jobs of all workspaces, newest first; the platform's own jobs are among them.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn jobs_of_all(&self, filter: &AdminFilter) -> Result<Vec<Job>> {
        let dead = "AND j.state = 'failed' AND j.failure->>'reason' IN ('crash', 'lease_expired', 'oom', 'unavailable')
                    AND (j.crash_count > 0 OR j.lease_expiries > 0)";
        let sql = format!(
            "{SELECT} WHERE ($1::uuid IS NULL OR j.workspace_id = $1) AND ($2::text IS NULL OR j.state = $2)
             AND ($3::text IS NULL OR j.agent = $3) AND ($4::uuid IS NULL OR j.dataset_id = $4)
             AND ($5::timestamptz IS NULL OR (j.created_at, j.id) < ($5, $6))
             AND ($7::uuid IS NULL OR j.owner = $7) AND ($8::text IS NULL OR j.class = $8)
             AND ($9::text IS NULL OR j.failure->>'reason' = $9) {}
             ORDER BY j.created_at DESC, j.id DESC LIMIT $10",
            if filter.dead_letters { dead } else { "" }
        );
        let common = &filter.common;
        let (before_at, before_id) = common.before.unzip();
        let rows: Vec<JobRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(common.workspace.map(|workspace| workspace.0))
            .bind(common.state.map(JobState::as_str))
            .bind(&common.agent)
            .bind(common.dataset.map(|dataset| dataset.0))
            .bind(before_at)
            .bind(before_id)
            .bind(filter.owner.map(|owner| owner.0))
            .bind(filter.class.map(JobClass::as_str))
            .bind(filter.reason.map(Reason::as_str))
            .bind(common.limit)
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Job::try_from).collect()
    }

    /// Any job.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn any_job(&self, id: JobId) -> Result<Option<Job>> {
        let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE j.id = $1"));
        let found: Option<JobRow> = sqlx::query_as(sql).bind(id.0).fetch_optional(&self.pool).await?;
        found.map(Job::try_from).transpose()
    }

    /// Cancels any job, as [`Store::cancel`] does. `None`: there is none.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn cancel_any(&self, admin: UserId, id: JobId, request_id: Option<&str>) -> Result<Option<Cancelled>> {
        self.cancel_as(Caller::Admin(admin), id, request_id).await
    }

    /// Queues any failed or cancelled job anew, as [`Store::retry`] does. `None`: there is none.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn retry_any(&self, admin: UserId, id: JobId, request_id: Option<&str>) -> Result<Option<Retried>> {
        self.retry_as(Caller::Admin(admin), id, request_id).await
    }
}

//! Jobs and results, for those who may see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::{JobId, UserId};
use domain::job::{JobState, Priority};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Job, JobFilter, Listed, Search};
use crate::{Access, Result, Store, row};

#[derive(FromRow)]
pub(super) struct JobRow {
    id: Uuid,
    workspace_id: Uuid,
    owner: Uuid,
    agent: String,
    agent_version: i32,
    dataset_id: Option<Uuid>,
    parameters: Value,
    state: String,
    failure: Option<Value>,
    attempt: i32,
    crash_count: i32,
    cancel_requested: bool,
    class: String,
    priority: i16,
    lease_expiries: i32,
    run_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(FromRow)]
struct ListedRow {
    dataset_name: Option<String>,
    dataset_version: Option<i32>,
    #[sqlx(flatten)]
    job: JobRow,
}

impl TryFrom<ListedRow> for Listed {
    type Error = crate::StoreError;
    fn try_from(listed: ListedRow) -> Result<Self> {
        let ListedRow { dataset_name, dataset_version, job } = listed;
        let dataset_version = dataset_version.and_then(|version| u32::try_from(version).ok());
        Ok(Self { job: job.try_into()?, dataset_name, dataset_version })
    }
}

#[derive(FromRow)]
struct SeenRow {
    asked_by: Uuid,
    #[sqlx(flatten)]
    job: JobRow,
}

impl JobRow {
    /// On what.
    pub(super) fn dataset_id(&self) -> Option<Uuid> {
        self.dataset_id
    }
}

impl TryFrom<JobRow> for Job {
    type Error = crate::StoreError;
    fn try_from(job: JobRow) -> Result<Self> {
        Ok(Self {
            id: job.id.into(),
            workspace: job.workspace_id.into(),
            owner: job.owner.into(),
            agent: job.agent,
            agent_version: job.agent_version,
            dataset: job.dataset_id.map(Into::into),
            parameters: job.parameters,
            state: row::name("jobs", &job.state)?,
            failure: row::optional_json("jobs", job.failure)?,
            attempt: row::attempt(job.attempt),
            crash_count: job.crash_count,
            cancel_requested: job.cancel_requested,
            class: row::name("jobs", &job.class)?,
            priority: Priority::from_rank(job.priority),
            lease_expiries: job.lease_expiries,
            run_at: job.run_at,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
        })
    }
}

/// The columns of a [`JobRow`], of `e2i.jobs j`.
pub(super) const SELECT: &str =
    "SELECT j.id, j.workspace_id, j.owner, j.agent, j.agent_version, j.dataset_id, j.parameters,
    j.state, j.failure, j.attempt, j.crash_count, j.cancel_requested_at IS NOT NULL AS cancel_requested,
    j.class, j.priority, j.lease_expiries, j.run_at, j.created_at, j.started_at, j.finished_at
 FROM e2i.jobs j";

const OF_CALLER: &str = "JOIN e2i.workspace_members m
   ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)";

impl Store {
    /// The job, if the caller may see it.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn job(&self, access: Access, id: JobId) -> Result<Option<Job>> {
        let found: Option<JobRow> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{SELECT} {OF_CALLER} WHERE j.id = $3")))
                .bind(access.user.0)
                .bind(access.roles())
                .bind(id.0)
                .fetch_optional(&self.pool)
                .await?;
        found.map(Job::try_from).transpose()
    }

    /// Of the jobs asked for, each with who asks, those that they may see.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn jobs_seen(&self, asked: &[(UserId, JobId)]) -> Result<HashMap<(UserId, JobId), Job>> {
        let (users, jobs): (Vec<Uuid>, Vec<Uuid>) = asked.iter().map(|(user, job)| (user.0, job.0)).unzip();
        let sql = format!(
            "SELECT asked.user_id AS asked_by, seen.* FROM unnest($1::uuid[], $2::uuid[]) AS asked (user_id, job_id)
             JOIN LATERAL ({SELECT} JOIN e2i.workspace_members m
               ON m.workspace_id = j.workspace_id AND m.user_id = asked.user_id WHERE j.id = asked.job_id) seen ON true"
        );
        let rows: Vec<SeenRow> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(users).bind(jobs).fetch_all(&self.pool).await?;
        rows.into_iter()
            .map(|SeenRow { asked_by, job }| {
                let job = Job::try_from(job)?;
                Ok(((asked_by.into(), job.id), job))
            })
            .collect()
    }

    /// A page of the caller's analyses, newest first, those alone in which `search` is found. Profiles and canaries are
    /// not listed.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn jobs(&self, access: Access, filter: &JobFilter, search: Option<Search<'_>>) -> Result<Vec<Listed>> {
        // The newest of each workspace, then the newest of those: whatever the plan, others' jobs are not read.
        let sql = format!(
            "SELECT page.*, d.name AS dataset_name, d.version AS dataset_version
             FROM (SELECT newest.* FROM e2i.workspace_members m CROSS JOIN LATERAL (
                       {SELECT} WHERE j.workspace_id = m.workspace_id AND j.listed AND ($4::text IS NULL OR j.state = $4)
                       AND ($5::text IS NULL OR j.agent = $5) AND ($6::uuid IS NULL OR j.dataset_id = $6)
                       AND ($7::timestamptz IS NULL OR (j.created_at, j.id) < ($7, $8))
                       AND ($10::text IS NULL OR j.agent ILIKE $10
                            OR EXISTS (SELECT FROM e2i.datasets named WHERE named.id = j.dataset_id AND named.name ILIKE $10)
                            OR EXISTS (SELECT FROM jsonb_each_text(j.parameters) asked
                                       WHERE asked.key = ANY($11) AND asked.value ILIKE $10))
                       ORDER BY j.created_at DESC, j.id DESC LIMIT $9) newest
                   WHERE m.user_id = $1 AND m.role = ANY($2) AND ($3::uuid IS NULL OR m.workspace_id = $3)
                   ORDER BY newest.created_at DESC, newest.id DESC LIMIT $9) page
             LEFT JOIN e2i.datasets d ON d.id = page.dataset_id
             ORDER BY page.created_at DESC, page.id DESC"
        );
        let (before_at, before_id) = filter.before.unzip();
        let rows: Vec<ListedRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(access.user.0)
            .bind(access.roles())
            .bind(filter.workspace.map(|workspace| workspace.0))
            .bind(filter.state.map(JobState::as_str))
            .bind(&filter.agent)
            .bind(filter.dataset.map(|dataset| dataset.0))
            .bind(before_at)
            .bind(before_id)
            .bind(filter.limit)
            .bind(search.map(|search| row::containing(search.text)))
            .bind(search.map_or(&[][..], |search| search.column_parameters))
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Listed::try_from).collect()
    }

    /// The caller's jobs that have not ended: the snapshot a live stream starts from.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn active_jobs(&self, access: Access) -> Result<Vec<Job>> {
        let sql = format!(
            "{SELECT} {OF_CALLER} WHERE j.listed AND j.state IN ('queued', 'running') ORDER BY j.created_at DESC, j.id DESC LIMIT 1000"
        );
        let rows: Vec<JobRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(access.user.0)
            .bind(access.roles())
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Job::try_from).collect()
    }

    /// The result of a job the caller may see; `None` when there is none (yet).
    ///
    /// # Errors
    /// When the database is away.
    pub async fn job_result(&self, access: Access, id: JobId) -> Result<Option<Value>> {
        Ok(sqlx::query_scalar(
            "SELECT r.result FROM e2i.results r JOIN e2i.jobs j ON j.id = r.job_id
             JOIN e2i.workspace_members m ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             WHERE r.job_id = $3",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .fetch_optional(&self.pool)
        .await?)
    }
}

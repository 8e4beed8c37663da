//! Every attempt of a job and why it ended.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use domain::job::Failure;
use serde_json::Value;
use sqlx::FromRow;

use crate::{Access, Result, Store, row};

/// Most attempts that are told, the latest.
const TOLD: i64 = 200;

/// One attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// Its number.
    pub attempt: u32,
    /// Which worker.
    pub worker: String,
    /// When it was claimed.
    pub started_at: DateTime<Utc>,
    /// When it ended; `None` while it runs.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended without a result; `None` where it runs or succeeded.
    pub failure: Option<Failure>,
}

#[derive(FromRow)]
struct TryRow {
    attempt: i32,
    worker: String,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    failure: Option<Value>,
}

impl TryFrom<TryRow> for Try {
    type Error = crate::StoreError;
    fn try_from(tried: TryRow) -> Result<Self> {
        Ok(Self {
            attempt: row::attempt(tried.attempt),
            worker: tried.worker,
            started_at: tried.started_at,
            ended_at: tried.ended_at,
            failure: row::optional_json("attempts", tried.failure)?,
        })
    }
}

impl Store {
    /// The attempts of a job that the caller may see, the latest first; empty for another's.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn tries(&self, access: Access, id: JobId) -> Result<Vec<Try>> {
        let rows: Vec<TryRow> = sqlx::query_as(
            "SELECT a.attempt, a.worker, a.started_at, a.ended_at, a.failure FROM e2i.attempts a
             JOIN e2i.jobs j ON j.id = a.job_id
             JOIN e2i.workspace_members m ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
             WHERE a.job_id = $3 ORDER BY a.attempt DESC LIMIT $4",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .bind(TOLD)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Try::try_from).collect()
    }

    /// The attempts of any job, for admins, the latest first.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn tries_of_any(&self, id: JobId) -> Result<Vec<Try>> {
        let rows: Vec<TryRow> = sqlx::query_as(
            "SELECT attempt, worker, started_at, ended_at, failure FROM e2i.attempts
             WHERE job_id = $1 ORDER BY attempt DESC LIMIT $2",
        )
        .bind(id.0)
        .bind(TOLD)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Try::try_from).collect()
    }
}

//! What people may do to a job: cancel, retry, delete.

use domain::agents;
use domain::ids::{JobId, UserId};
use domain::job::{Failure, JobClass, JobState, Priority, Reason};
use serde_json::{Value, json};
use sqlx::FromRow;

use super::{Cancelled, Retried};
use crate::dispatch::Pending;
use crate::{Access, Result, Store, row};

#[derive(FromRow)]
struct RetryRow {
    state: String,
    dispatch_seq: Option<i64>,
    class: String,
    priority: i16,
    traceparent: Option<String>,
    attempt: i32,
    at_ms: i64,
}

/// Who changes a job.
#[derive(Debug, Clone, Copy)]
pub(super) enum Caller {
    /// Somebody with a role in its workspace.
    Member(Access),
    /// An admin of the platform, whatever the workspace.
    Admin(UserId),
}

impl Caller {
    fn user(self) -> UserId {
        match self {
            Self::Member(access) => access.user,
            Self::Admin(user) => user,
        }
    }

    /// The roles that suffice; none are asked of an admin.
    fn roles(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Member(access) => Some(access.roles()),
            Self::Admin(_) => None,
        }
    }

    fn audit_detail(self) -> Value {
        match self {
            Self::Member(_) => json!({}),
            Self::Admin(_) => json!({ "by": "admin" }),
        }
    }
}

impl Store {
    /// Cancels a queued job at once; asks for it where the job runs. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn cancel(&self, access: Access, id: JobId, request_id: Option<&str>) -> Result<Option<Cancelled>> {
        self.cancel_as(Caller::Member(access), id, request_id).await
    }

    pub(super) async fn cancel_as(
        &self,
        caller: Caller,
        id: JobId,
        request_id: Option<&str>,
    ) -> Result<Option<Cancelled>> {
        let found: Option<(String, bool, i32, i64)> = sqlx::query_as(
            "WITH seen AS (
                 SELECT j.id, j.state FROM e2i.jobs j
                 WHERE j.id = $3 AND ($2::text[] IS NULL OR EXISTS (
                     SELECT 1 FROM e2i.workspace_members m
                     WHERE m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)))
                 FOR UPDATE OF j
             ), changed AS (
                 UPDATE e2i.jobs j SET
                     cancel_requested_at = coalesce(j.cancel_requested_at, now()),
                     state = CASE j.state WHEN 'queued' THEN 'cancelled' ELSE j.state END,
                     failure = CASE j.state WHEN 'queued' THEN $4 ELSE j.failure END,
                     finished_at = CASE j.state WHEN 'queued' THEN now() ELSE j.finished_at END
                 FROM seen WHERE j.id = seen.id AND seen.state IN ('queued', 'running')
                 RETURNING j.id, j.attempt, j.workspace_id
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id, detail)
                 SELECT $1, 'analysis.cancel', id::text, workspace_id, $5, $6 FROM changed
             ), gone AS (
                 DELETE FROM e2i.outbox USING changed WHERE job_id = changed.id
             )
             SELECT seen.state, changed.id IS NOT NULL, coalesce(changed.attempt, 0),
                    (extract(epoch FROM now()) * 1000)::bigint
             FROM seen LEFT JOIN changed USING (id)",
        )
        .bind(caller.user().0)
        .bind(caller.roles())
        .bind(id.0)
        .bind(row::to_json(&Failure { reason: Reason::Cancelled, detail: "cancelled before it began".into() })?)
        .bind(request_id)
        .bind(caller.audit_detail())
        .fetch_optional(&self.pool)
        .await?;
        let Some((state, changed, attempt, at_ms)) = found else {
            return Ok(None);
        };
        Ok(Some(match (row::name("jobs", &state)?, changed) {
            (JobState::Queued, true) => Cancelled::Now { attempt: row::attempt(attempt), at_ms: row::count(at_ms) },
            (JobState::Running, true) => Cancelled::Requested,
            (ended, _) => Cancelled::AlreadyEnded(ended),
        }))
    }

    /// Queues a failed or cancelled job anew, under this release's version of its agent. The attempt goes on counting,
    /// crashes count from zero. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away or the row unreadable.
    pub async fn retry(&self, access: Access, id: JobId, request_id: Option<&str>) -> Result<Option<Retried>> {
        self.retry_as(Caller::Member(access), id, request_id).await
    }

    pub(super) async fn retry_as(
        &self,
        caller: Caller,
        id: JobId,
        request_id: Option<&str>,
    ) -> Result<Option<Retried>> {
        let (agents, versions): (Vec<&str>, Vec<i32>) =
            agents::all().iter().map(|agent| (agent.name, agent.version)).unzip();
        let found: Option<RetryRow> = sqlx::query_as(include_str!("retry.sql"))
            .bind(caller.user().0)
            .bind(caller.roles())
            .bind(id.0)
            .bind(request_id)
            .bind(caller.audit_detail())
            .bind(agents)
            .bind(versions)
            .fetch_optional(&self.pool)
            .await?;
        let Some(found) = found else { return Ok(None) };
        let Some(dispatch_seq) = found.dispatch_seq else {
            return Ok(Some(Retried::NotEnded(row::name("jobs", &found.state)?)));
        };
        Ok(Some(Retried::Queued {
            pending: Pending {
                job: id,
                dispatch_seq,
                class: row::name::<JobClass>("jobs", &found.class)?,
                priority: Priority::from_rank(found.priority),
                traceparent: found.traceparent,
            },
            attempt: row::attempt(found.attempt),
            at_ms: row::count(found.at_ms),
        }))
    }

    /// Deletes an ended job with its result. `Some(false)`: it has not ended. `None`: not the caller's.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn delete_job(&self, access: Access, id: JobId, request_id: Option<&str>) -> Result<Option<bool>> {
        Ok(sqlx::query_scalar(
            "WITH seen AS (
                 SELECT j.id, j.state IN ('succeeded', 'failed', 'cancelled') AS ended FROM e2i.jobs j
                 JOIN e2i.workspace_members m
                   ON m.workspace_id = j.workspace_id AND m.user_id = $1 AND m.role = ANY($2)
                 WHERE j.id = $3 FOR UPDATE OF j
             ), gone AS (
                 DELETE FROM e2i.jobs USING seen WHERE jobs.id = seen.id AND seen.ended
                 RETURNING jobs.id, jobs.workspace_id
             ), audited AS (
                 INSERT INTO e2i.audit_log (actor, action, target, workspace_id, request_id)
                 SELECT $1, 'analysis.delete', id::text, workspace_id, $4 FROM gone
             )
             SELECT ended FROM seen",
        )
        .bind(access.user.0)
        .bind(access.roles())
        .bind(id.0)
        .bind(request_id)
        .fetch_optional(&self.pool)
        .await?)
    }
}

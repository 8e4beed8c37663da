//! Reading the audit log: for admins.

use chrono::{DateTime, Utc};
use domain::ids::{UserId, WorkspaceId};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Result, Store};

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of what this person did.
    pub actor: Option<UserId>,
    /// Of this action, or of all of its family: `analysis` is `analysis.submit`, `analysis.cancel` and so on.
    pub action: Option<String>,
    /// About this person, thing or key.
    pub target: Option<String>,
    /// In this workspace.
    pub workspace: Option<WorkspaceId>,
    /// Not before.
    pub since: Option<DateTime<Utc>>,
    /// Before.
    pub until: Option<DateTime<Utc>>,
    /// Strictly older than this one: the last of the page before.
    pub before: Option<(DateTime<Utc>, Uuid)>,
    /// At most so many.
    pub limit: i64,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its number, as an id: later lines have greater ones.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; `None` for the platform itself.
    pub actor: Option<UserId>,
    /// What was done.
    pub action: String,
    /// To whom or what.
    pub target: Option<String>,
    /// In which workspace.
    pub workspace: Option<WorkspaceId>,
    /// The request it was asked for in.
    pub request_id: Option<String>,
    /// What else is worth knowing.
    pub detail: Value,
}

#[derive(FromRow)]
struct LineRow {
    id: i64,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    action: String,
    target: Option<String>,
    workspace_id: Option<Uuid>,
    request_id: Option<String>,
    detail: Value,
}

impl From<LineRow> for Line {
    fn from(row: LineRow) -> Self {
        Self {
            id: Uuid::from_u128(u128::from(row.id.unsigned_abs())),
            at: row.at,
            actor: row.actor.map(UserId),
            action: row.action,
            target: row.target,
            workspace: row.workspace_id.map(WorkspaceId),
            request_id: row.request_id,
            detail: row.detail,
        }
    }
}

impl Store {
    /// Lines of the log, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn audit_log(&self, filter: &AuditFilter) -> Result<Vec<Line>> {
        let (before_at, before_id) = match filter.before {
            Some((at, id)) => (Some(at), i64::try_from(id.as_u128()).ok()),
            None => (None, None),
        };
        let found: Vec<LineRow> = sqlx::query_as(
            "SELECT id, at, actor, action, target, workspace_id, request_id, detail FROM e2i.audit_log
             WHERE ($1::uuid IS NULL OR actor = $1)
               AND ($2::text IS NULL OR action = $2 OR starts_with(action, $2 || '.'))
               AND ($3::text IS NULL OR target = $3)
               AND ($4::uuid IS NULL OR workspace_id = $4)
               AND at >= coalesce($5, '-infinity') AND at < coalesce($6, 'infinity')
               AND at <= coalesce($7, 'infinity') AND ($7::timestamptz IS NULL OR (at, id) < ($7, $8))
             ORDER BY at DESC, id DESC LIMIT $9",
        )
        .bind(filter.actor.map(|actor| actor.0))
        .bind(&filter.action)
        .bind(&filter.target)
        .bind(filter.workspace.map(|workspace| workspace.0))
        .bind(filter.since)
        .bind(filter.until)
        .bind(before_at)
        .bind(before_id)
        .bind(filter.limit)
        .fetch_all(&self.pool)
        .await?;
        Ok(found.into_iter().map(Line::from).collect())
    }
}

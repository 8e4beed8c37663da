//! `GET /api/v1/admin/audit`: who did what.

use axum::extract::State;
use chassis::http::{Json, ProblemDetails, Query};
use chrono::{DateTime, Utc};
use domain::ids::{UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::people::audit_log::{AuditFilter, Line};
use utoipa::{IntoParams, ToSchema};

use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted};
use crate::people::admission::Admin;
use crate::state::AppState;

/// Which lines.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Of what this person did.
    actor: Option<UserId>,
    /// Of this action (`analysis.submit`), or of all of a family (`analysis`).
    action: Option<String>,
    /// About this person, thing or key: its id.
    target: Option<String>,
    /// In this workspace.
    workspace_id: Option<WorkspaceId>,
    /// Not before this time.
    since: Option<DateTime<Utc>>,
    /// Before this time.
    until: Option<DateTime<Utc>>,
}

/// A line of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditLine {
    at: DateTime<Utc>,
    /// Who did it; null for the platform itself.
    actor: Option<UserId>,
    /// What was done.
    #[schema(example = "analysis.submit")]
    action: String,
    /// To whom or what.
    target: Option<String>,
    /// In which workspace.
    workspace_id: Option<WorkspaceId>,
    /// The request it was asked for in, as in the logs.
    request_id: Option<String>,
    /// What else is worth knowing; never a secret.
    #[schema(value_type = Object)]
    detail: Value,
}

impl From<Line> for AuditLine {
    fn from(line: Line) -> Self {
        let Line { id: _, at, actor, action, target, workspace, request_id, detail } = line;
        Self { at, actor, action, target, workspace_id: workspace, request_id, detail }
    }
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditLog {
    /// Newest first.
    lines: Vec<AuditLine>,
    /// Give it as `cursor` to get the next page; null on the last one.
    next_cursor: Option<String>,
}

/// Tells who did what on the whole platform, newest first.
#[utoipa::path(get, path = "/audit", tag = "admin", params(AuditQuery, PageQuery), responses(
    (status = 200, body = AuditLog),
    (status = 400, description = "A filter, limit or cursor that cannot be read", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn list_audit_log(
    State(state): State<AppState>,
    _admin: Admin,
    Query(query): Query<AuditQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<AuditLog>> {
    let wanted = Wanted::read(&state.cursor_key, List::Audit, &page)?;
    let filter = AuditFilter {
        actor: query.actor,
        action: query.action,
        target: query.target,
        workspace: query.workspace_id,
        since: query.since,
        until: query.until,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let lines = state.store.audit_log(&filter).await?;
    let (lines, next_cursor) = wanted.page(lines, |line: &Line| (line.at, line.id));
    Ok(Json(AuditLog { lines, next_cursor }))
}

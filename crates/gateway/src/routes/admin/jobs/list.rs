//! `GET /api/v1/admin/jobs`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails, Query};
use domain::ids::{DatasetId, UserId, WorkspaceId};
use domain::job::{JobClass, JobState, Reason};
use serde::{Deserialize, Serialize};
use store::jobs::admin::AdminFilter;
use store::jobs::{Job, JobFilter};
use utoipa::{IntoParams, ToSchema};

use super::AdminJob;
use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted};
use crate::people::admission::Admin;
use crate::state::AppState;

/// Which jobs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// In this state.
    state: Option<JobState>,
    /// Whose end, or last attempt's end, had this reason.
    reason: Option<Reason>,
    /// Of this person.
    owner: Option<UserId>,
    /// Of this workspace.
    workspace_id: Option<WorkspaceId>,
    /// On this dataset.
    dataset_id: Option<DatasetId>,
    /// Of this agent.
    agent: Option<String>,
    /// Of this class.
    class: Option<JobClass>,
}

/// A page of jobs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// Newest first.
    jobs: Vec<AdminJob>,
    /// Give it as `cursor` to get the next page; null on the last one.
    next_cursor: Option<String>,
}

/// Lists the jobs of all workspaces, newest first.
#[utoipa::path(get, path = "/", tag = "admin", params(JobQuery, PageQuery), responses(
    (status = 200, body = JobList),
    (status = 400, description = "A filter, limit or cursor that cannot be read", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn list_jobs(
    State(state): State<AppState>,
    _admin: Admin,
    Query(asked): Query<JobQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<JobList>> {
    Ok(Json(page_of(&state, asked, &page, false).await?))
}

/// One page, of all jobs or of dead letters alone.
pub(in crate::routes::admin) async fn page_of(
    state: &AppState,
    asked: JobQuery,
    page: &PageQuery,
    dead_letters: bool,
) -> Result<JobList> {
    let wanted = Wanted::read(&state.cursor_key, List::AdminJobs, page)?;
    let common = JobFilter {
        workspace: asked.workspace_id,
        state: asked.state,
        agent: asked.agent,
        dataset: asked.dataset_id,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let (owner, class, reason) = (asked.owner, asked.class, asked.reason);
    let jobs = state.store.jobs_of_all(&AdminFilter { common, owner, class, reason, dead_letters }).await?;
    let (jobs, next_cursor) = wanted.page(jobs, |job: &Job| (job.created_at, job.id.0));
    Ok(JobList { jobs, next_cursor })
}

//! `GET /api/v1/analyses`

use axum::extract::State;

use chassis::http::{Json, ProblemDetails, Query};
use domain::ids::{DatasetId, WorkspaceId};
use domain::job::JobState;
use serde::{Deserialize, Serialize};
use store::Access;
use store::jobs::{Job, JobFilter};
use utoipa::{IntoParams, ToSchema};

use super::view::Analysis;
use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted};
use crate::people::admission::Person;
use crate::state::AppState;

/// Which analyses.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalysisFilter {
    /// In this state.
    state: Option<JobState>,
    /// Of this agent.
    agent: Option<String>,
    /// On this dataset.
    dataset_id: Option<DatasetId>,
    /// Of this workspace.
    workspace_id: Option<WorkspaceId>,
}

/// A page of analyses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnalysisList {
    /// Newest first.
    analyses: Vec<Analysis>,
    /// Give it as `cursor` to get the next page; null on the last one.
    next_cursor: Option<String>,
}

/// Lists the analyses of the caller's workspaces, newest first.
#[utoipa::path(get, path = "/", tag = "analyses", params(AnalysisFilter, PageQuery), responses(
    (status = 200, body = AnalysisList),
    (status = 400, description = "A filter, limit or cursor that cannot be read", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn list_analyses(
    State(state): State<AppState>,
    caller: Person,
    Query(filter): Query<AnalysisFilter>,
    Query(page): Query<PageQuery>,
) -> Result<Json<AnalysisList>> {
    let wanted = Wanted::read(&state.cursor_key, List::Analyses, &page)?;
    let filter = JobFilter {
        workspace: filter.workspace_id,
        state: filter.state,
        agent: filter.agent,
        dataset: filter.dataset_id,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let jobs = state.store.jobs(Access::read(caller.user_id()), &filter).await?;
    let (analyses, next_cursor) = wanted.page(jobs, |job: &Job| (job.created_at, job.id.0));
    Ok(Json(AnalysisList { analyses, next_cursor }))
}

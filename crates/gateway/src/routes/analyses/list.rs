//! `GET /api/v1/analyses`

use axum::extract::State;

use chassis::http::{Json, ProblemDetails, Query};
use domain::ids::{DatasetId, WorkspaceId};
use domain::job::JobState;
use serde::{Deserialize, Serialize};
use store::Access;
use store::jobs::{JobFilter, Listed, Search};
use utoipa::{IntoParams, ToSchema};

use super::view::Analysis;
use crate::contracts;
use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted, checked_search};
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
    /// Those alone with this in the dataset's name, the agent's, or a column's that the question names; in any case, at
    /// most 200 characters.
    search: Option<String>,
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
    let search = checked_search(filter.search)?;
    let column_parameters = contracts::column_parameters()?;
    let search = search.as_deref().map(|text| Search { text, column_parameters });
    let filter = JobFilter {
        workspace: filter.workspace_id,
        state: filter.state,
        agent: filter.agent,
        dataset: filter.dataset_id,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let jobs = state.store.jobs(Access::read(caller.user_id()), &filter, search).await?;
    let (analyses, next_cursor) = wanted.page(jobs, |Listed { job, .. }| (job.created_at, job.id.0));
    Ok(Json(AnalysisList { analyses, next_cursor }))
}

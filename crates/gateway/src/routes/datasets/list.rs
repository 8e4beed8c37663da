//! `GET /api/v1/datasets`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails, Query};
use domain::ids::WorkspaceId;
use serde::{Deserialize, Serialize};
use store::Access;
use store::datasets::{Dataset, DatasetFilter};
use utoipa::{IntoParams, ToSchema};

use super::view::DatasetSummary;
use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted, checked_search};
use crate::people::admission::Person;
use crate::state::AppState;

/// Which datasets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DatasetQuery {
    /// Of this workspace.
    workspace_id: Option<WorkspaceId>,
    /// All versions of this name; without it the newest version of each name.
    name: Option<String>,
    /// Those alone in whose name this stands, in any case; at most 200 characters.
    search: Option<String>,
}

/// A page of datasets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetList {
    /// Newest first.
    pub(super) datasets: Vec<DatasetSummary>,
    /// Give it as `cursor` to get the next page; null on the last one.
    pub(super) next_cursor: Option<String>,
}

/// Lists the datasets of the caller's workspaces, newest first.
#[utoipa::path(get, path = "/", tag = "datasets", params(DatasetQuery, PageQuery), responses(
    (status = 200, body = DatasetList),
    (status = 400, description = "A filter, limit or cursor that cannot be read", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn list_datasets(
    State(state): State<AppState>,
    person: Person,
    Query(query): Query<DatasetQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<DatasetList>> {
    let wanted = Wanted::read(&state.cursor_key, List::Datasets, &page)?;
    let filter = DatasetFilter {
        workspace: query.workspace_id,
        name: query.name,
        search: checked_search(query.search)?,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let datasets = state.store.datasets(Access::read(person.user_id()), &filter).await?;
    let (datasets, next_cursor) = wanted.page(datasets, |dataset: &Dataset| (dataset.created_at, dataset.id.0));
    Ok(Json(DatasetList { datasets, next_cursor }))
}

//! `GET /api/v1/datasets/{id}/versions`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails, Query};
use domain::ids::DatasetId;
use store::Access;
use store::datasets::{Dataset, DatasetFilter};

use super::list::DatasetList;
use crate::access;
use crate::error::Result;
use crate::paging::{List, PageQuery, Wanted};
use crate::people::admission::Person;
use crate::state::AppState;

/// Lists all versions of a dataset, newest first, whichever of them is named.
#[utoipa::path(get, path = "/{id}/versions", tag = "datasets",
    params(("id" = DatasetId, Path, description = "Any version of the dataset"), PageQuery),
    responses(
        (status = 200, body = DatasetList),
        (status = 400, description = "A limit or cursor that cannot be read", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn list_versions(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<DatasetId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<DatasetList>> {
    let wanted = Wanted::read(&state.cursor_key, List::Versions, &page)?;
    let dataset = access::dataset(&state, &person, id).await?;
    let filter = DatasetFilter {
        workspace: Some(dataset.workspace),
        name: Some(dataset.name),
        search: None,
        before: wanted.before,
        limit: wanted.store_limit(),
    };
    let datasets = state.store.datasets(Access::read(person.user_id()), &filter).await?;
    let (datasets, next_cursor) = wanted.page(datasets, |dataset: &Dataset| (dataset.created_at, dataset.id.0));
    Ok(Json(DatasetList { datasets, next_cursor }))
}

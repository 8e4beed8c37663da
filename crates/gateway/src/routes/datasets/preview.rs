//! `GET /api/v1/datasets/{id}/preview`

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails, Query};
use domain::ids::DatasetId;
use serde::{Deserialize, Serialize};
use tables::read::preview;
use utoipa::{IntoParams, ToSchema};

use super::view::stored;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

const DEFAULT_ROWS: usize = 20;
const MAX_ROWS: usize = 200;

/// How much of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// Rows.
    #[param(minimum = 1, maximum = 200, default = 20)]
    rows: Option<usize>,
}

/// The first rows of a dataset, as written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DatasetPreview {
    /// The names of the columns.
    columns: Vec<String>,
    /// Row by row, one value a column; null where there is none.
    rows: Vec<Vec<Option<String>>>,
}

/// Shows the first rows of a dataset.
#[utoipa::path(get, path = "/{id}/preview", tag = "datasets",
    params(("id" = DatasetId, Path, description = "The dataset"), PreviewQuery),
    responses(
        (status = 200, body = DatasetPreview),
        (status = 400, description = "A number of rows that is not possible", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It is still being uploaded or made, or could not be made", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn preview_dataset(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<DatasetId>,
    Query(query): Query<PreviewQuery>,
) -> Result<Json<DatasetPreview>> {
    let rows = query.rows.unwrap_or(DEFAULT_ROWS);
    if !(1..=MAX_ROWS).contains(&rows) {
        return Err(Problem::bad_request(format!("{rows} rows are not possible; give 1 to {MAX_ROWS}")).into());
    }
    let dataset = access::dataset(&state, &person, id).await?;
    let table = stored(&dataset)?;
    let objects = state.objects.clone();
    let read = tokio::task::spawn_blocking(move || preview(&objects, &table, rows)).await;
    let preview = read.map_err(anyhow::Error::from)?.map_err(Problem::internal)?;
    Ok(Json(DatasetPreview { columns: preview.columns, rows: preview.rows }))
}

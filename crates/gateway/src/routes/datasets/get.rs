//! `GET /api/v1/datasets/{id}`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::DatasetId;

use super::view::DatasetDetail;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Describes a dataset, with its columns and, once computed, its profile.
#[utoipa::path(get, path = "/{id}", tag = "datasets", params(("id" = DatasetId, Path, description = "The dataset")),
    responses(
        (status = 200, body = DatasetDetail),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_dataset(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<DatasetId>,
) -> Result<Json<DatasetDetail>> {
    Ok(Json(access::dataset(&state, &person, id).await?.into()))
}

//! `GET /api/v1/analyses/{id}`

use axum::extract::State;

use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::JobId;

use super::view::{Analysis, expecting};
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Tells where an analysis stands.
#[utoipa::path(get, path = "/{id}", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, body = Analysis),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_analysis(
    State(state): State<AppState>,
    caller: Person,
    Path(id): Path<JobId>,
) -> Result<Json<Analysis>> {
    let job = access::analysis(&state, &caller, id).await?;
    Ok(Json(expecting(&state, job).await?))
}

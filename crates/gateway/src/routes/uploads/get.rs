//! `GET /api/v1/uploads/{id}`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::UploadId;

use super::view::UploadDetail;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Says where an upload stands: how far it has come, and what became of it. Not part of tus.
#[utoipa::path(get, path = "/{id}", tag = "uploads", params(("id" = UploadId, Path, description = "The upload")),
    responses(
        (status = 200, description = "The upload", body = UploadDetail),
        (status = 404, description = "No such upload of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 410, description = "It was deleted, or its time is up", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_upload(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<UploadId>,
) -> Result<Json<UploadDetail>> {
    Ok(Json(access::upload(&state, &person, id).await?.into()))
}

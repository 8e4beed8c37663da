//! `HEAD /api/v1/uploads/{id}`

use axum::extract::State;
use chassis::http::{Path, ProblemDetails};
use domain::ids::UploadId;
use domain::upload::UploadState;
use http::HeaderMap;

use super::view::everything;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;
use crate::uploads::resumable::protocol::Tus;
use crate::uploads::resumable::{being_checked, refused};

/// Says how far an upload has come, for a client that wants to go on. All bytes there means that there is a dataset:
/// while they are checked the answer is 423, and 410 when they were no table.
#[utoipa::path(head, path = "/{id}", tag = "uploads",
    params(
        ("id" = UploadId, Path, description = "The upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ),
    responses(
        (status = 200, description = "How far it has come", headers(
            ("Tus-Resumable" = String, description = "1.0.0"),
            ("Upload-Offset" = u64, description = "Bytes that are there, durably"),
            ("Upload-Length" = u64, description = "Bytes it will have"),
            ("Upload-Metadata" = String, description = "As it was sent"),
            ("Upload-Expires" = String, description = "When it is given up"),
            ("Dataset-Id" = String, description = "What became of it, once complete"),
        )),
        (status = 404, description = "No such upload of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 410, description = "It was no table, was deleted, or its time is up", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 423, description = "Complete, and being checked", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn head_upload(
    State(state): State<AppState>,
    person: Person,
    _: Tus,
    Path(id): Path<UploadId>,
) -> Result<HeaderMap> {
    let upload = access::upload(&state, &person, id).await?;
    match upload.state {
        UploadState::Receiving | UploadState::Stored => Ok(everything(&upload)),
        UploadState::Checking => Err(being_checked(&upload).into()),
        UploadState::Refused => Err(refused(&upload).into()),
    }
}

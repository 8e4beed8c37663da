//! `PATCH /api/v1/uploads/{id}`

use axum::body::BodyDataStream;
use axum::extract::{Request, State};
use axum::response::IntoResponse;
use chassis::http::{Path, Problem, ProblemDetails};
use domain::ids::{DatasetId, UploadId};
use domain::upload::UploadState;
use http::{HeaderMap, StatusCode, header};
use store::uploads::Upload;
use tracing::Instrument as _;

use super::view::progress;
use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::routes::datasets::view::TableBytes;
use crate::state::AppState;
use crate::uploads::resumable::append::{append, refuse_unread};
use crate::uploads::resumable::protocol::{MEDIA_TYPE, Tus, UPLOAD_OFFSET, bytes, has_bytes_to_add};
use crate::uploads::resumable::{Checksum, being_checked, check, refused};

/// Adds bytes to an upload, any number of them. With the last byte the table is checked, and the answer says what became
/// of it.
///
/// Of a body that is cut short everything that arrived is kept; with `Upload-Checksum` all or nothing, and at most 8 MiB.
#[utoipa::path(patch, path = "/{id}", tag = "uploads",
    params(
        ("id" = UploadId, Path, description = "The upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = u64, Header, description = "Where the bytes belong: as many as are there"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256`, a blank, the digest in base64"),
    ),
    request_body(content((TableBytes = "application/offset+octet-stream"))),
    responses(
        (status = 204, description = "Added", headers(
            ("Tus-Resumable" = String, description = "1.0.0"),
            ("Upload-Offset" = u64, description = "Bytes that are there, durably"),
            ("Upload-Expires" = String, description = "When it is given up"),
            ("Dataset-Id" = String, description = "What became of it, once complete"),
        )),
        (status = 400, description = "A header cannot be read, or the body was cut short", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such upload of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The upload is at another offset (`offset_bytes`), or another request was quicker",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 410, description = "It was no table (`problem`), was deleted, or its time is up", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 413, description = "More bytes than were declared, or too large once decompressed",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 415, description = "Another media type than application/offset+octet-stream", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Complete and not a table; `reason`, `line` and `column` say why and where",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 423, description = "Complete, and being checked", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 460, description = "The bytes do not have the checksum they were sent with", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 503, description = "As many uploads as possible are under way, or something is away",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn append_upload(
    State(state): State<AppState>,
    person: Person,
    _: Tus,
    context: RequestContext,
    Path(id): Path<UploadId>,
    request: Request,
) -> Result<impl IntoResponse> {
    let (parts, body) = request.into_parts();
    let accepted = accept(&state, &person, id, &parts.headers).await?;
    let headers = take(&state, accepted, body.into_data_stream(), context.actor.request_id).await?;
    Ok((StatusCode::NO_CONTENT, headers))
}

/// What may be added to.
pub(super) struct Accepted {
    pub(super) upload: Upload,
    pub(super) checksum: Option<Checksum>,
}

async fn accept(state: &AppState, person: &Person, id: UploadId, headers: &HeaderMap) -> Result<Accepted> {
    if !has_bytes_to_add(headers) {
        let detail = format!("send the bytes with Content-Type: {MEDIA_TYPE}");
        return Err(Problem::unsupported_media_type(detail).into());
    }
    let offset = bytes(headers, &UPLOAD_OFFSET)?;
    let offset = offset.ok_or_else(|| Problem::bad_request("Upload-Offset is missing; say where the bytes belong"))?;
    let checksum = Checksum::of(headers)?;
    let upload = access::upload_to_write(state, person, id).await?;
    if upload.state == UploadState::Refused {
        return Err(refused(&upload).into());
    }
    refuse_unread(&upload, offset, bytes(headers, &header::CONTENT_LENGTH)?)?;
    Ok(Accepted { upload, checksum })
}

/// Adds the body and, should that be all, makes a dataset. Goes on when the client leaves: what it sent counts.
pub(super) async fn take(
    state: &AppState,
    accepted: Accepted,
    mut body: BodyDataStream,
    request_id: Option<String>,
) -> Result<HeaderMap> {
    if accepted.upload.state == UploadState::Stored {
        return Ok(progress(&accepted.upload, accepted.upload.offset_bytes, accepted.upload.dataset));
    }
    let place = state.upload_places.take()?;
    let taking = {
        let state = state.clone();
        async move {
            let _place = place;
            let Accepted { upload, checksum } = accepted;
            add(&state, &upload, &mut body, checksum, request_id).await
        }
    };
    state.shutdown.tasks.spawn(taking.in_current_span()).await.map_err(anyhow::Error::from)?
}

async fn add(
    state: &AppState,
    upload: &Upload,
    body: &mut BodyDataStream,
    checksum: Option<Checksum>,
    request_id: Option<String>,
) -> Result<HeaderMap> {
    let (mut offset_bytes, mut complete, mut cut) = (upload.offset_bytes, true, None);
    if upload.state == UploadState::Receiving {
        let appended = append(state, upload, body, checksum).await?;
        (offset_bytes, complete, cut) = (appended.offset_bytes, appended.state == UploadState::Checking, appended.cut);
    }
    let mut dataset: Option<DatasetId> = None;
    if complete {
        let checked = check::run(state, upload.id, request_id).await?;
        dataset = Some(checked.ok_or_else(|| being_checked(upload))?.id);
    }
    cut.map_or_else(|| Ok(progress(upload, offset_bytes, dataset)), Err)
}

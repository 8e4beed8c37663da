//! `POST /api/v1/uploads`

use axum::extract::{Request, State};
use axum::response::IntoResponse;
use chassis::auth::Role;
use chassis::http::{Problem, ProblemDetails};
use domain::ids::UploadId;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use store::uploads::{Created, NewUpload, Upload};

use super::append::{Accepted, take};
use super::view::progress;
use crate::access;
use crate::error::{ApiError, Result};
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::routes::datasets::view::TableBytes;
use crate::state::AppState;
use crate::uploads::resumable::protocol::{
    MEDIA_TYPE, Tus, UPLOAD_DEFER_LENGTH, UPLOAD_LENGTH, bytes, has_bytes_to_add,
};
use crate::uploads::resumable::{Checksum, LIFETIME, metadata};

/// Seconds after which a person with too many open uploads may try again.
const OPEN_RETRY_SECONDS: u64 = 60;

/// Begins an upload, to which bytes are then added by `PATCH`; the first may come along.
///
/// `Upload-Metadata` names the dataset (`name`, else `filename` without its ending) and may say `workspace_id` (your
/// personal workspace when left out) and `filetype`.
#[utoipa::path(post, path = "/", tag = "uploads",
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = u64, Header, description = "Bytes of the whole file"),
        ("Upload-Metadata" = String, Header, description = "Keys with values in base64, separated by commas"),
        ("Upload-Checksum" = Option<String>, Header, description = "Of the bytes that come along"),
    ),
    request_body(content((Option<TableBytes> = "application/offset+octet-stream"))),
    responses(
        (status = 201, description = "Begun", headers(
            ("Location" = String, description = "The upload"),
            ("Tus-Resumable" = String, description = "1.0.0"),
            ("Upload-Offset" = u64, description = "Bytes that are there, durably"),
            ("Upload-Expires" = String, description = "When it is given up"),
            ("Dataset-Id" = String, description = "What became of it, when all bytes came along"),
        )),
        (status = 400, description = "A header is missing or cannot be read", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 403, description = "The caller may not upload there", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such workspace of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The caller has no workspace of their own and names none", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 413, description = "Larger than allowed", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 415, description = "The body is of another media type", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "No name, a wrong id, or an empty file; or all bytes came along and are not a table",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 460, description = "The bytes do not have the checksum they were sent with", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 503, description = "As many uploads as possible are under way, or something is away",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 507, description = "The disk is nearly full (`used_share`, `limit_share`); what has begun may go on",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 429, description = "As many uploads as allowed are open (`open`: their ids)", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn create_upload(
    State(state): State<AppState>,
    person: Person,
    _: Tus,
    context: RequestContext,
    request: Request,
) -> Result<impl IntoResponse> {
    let (parts, body) = request.into_parts();
    let request_id = context.actor.request_id;
    let accepted = accept(&state, &person, &parts.headers, request_id.clone()).await?;
    metrics::counter!("gateway_resumable_uploads_total", "outcome" => "created").increment(1);
    let id = accepted.upload.id;
    let mut headers = progress(&accepted.upload, 0, None);
    if has_bytes_to_add(&parts.headers) {
        headers = take(&state, accepted, body.into_data_stream(), request_id).await?;
    }
    let location = HeaderValue::from_str(&format!("/api/v1/uploads/{id}")).map_err(anyhow::Error::from)?;
    headers.insert(header::LOCATION, location);
    Ok((StatusCode::CREATED, headers))
}

async fn accept(
    state: &AppState,
    person: &Person,
    headers: &HeaderMap,
    request_id: Option<String>,
) -> Result<Accepted> {
    if person.role == Role::Canary {
        return Err(Problem::forbidden("the canary user may run the canary agent alone").into());
    }
    let length_bytes = length(state, headers)?;
    let brings_bytes = has_bytes_to_add(headers);
    let declared = bytes(headers, &header::CONTENT_LENGTH)?;
    if !brings_bytes && (declared.unwrap_or(0) > 0 || headers.contains_key(header::TRANSFER_ENCODING)) {
        let detail = format!("send the first bytes with Content-Type: {MEDIA_TYPE}, or no body");
        return Err(Problem::unsupported_media_type(detail).into());
    }
    if declared.is_some_and(|declared| declared > length_bytes) {
        return Err(Problem::content_too_large(length_bytes).into());
    }
    let checksum = Checksum::of(headers)?;
    let said = metadata::of(headers)?;
    let workspace = access::workspace_to_write(state, person, said.workspace).await?;
    let new = NewUpload {
        user: person.user_id(),
        workspace,
        name: said.name,
        media_type: said.media_type,
        metadata: Some(said.text),
        length_bytes,
        lifetime: LIFETIME,
        max_open: state.config.uploads_open_per_person,
        request_id,
    };
    state.upload_disk.admit().await?;
    let upload = created(state.store.create_upload(&new).await?)?;
    Ok(Accepted { upload, checksum })
}

fn length(state: &AppState, headers: &HeaderMap) -> Result<u64> {
    if headers.contains_key(UPLOAD_DEFER_LENGTH) {
        let detail = "the length must be known at the beginning; send Upload-Length, and no Upload-Defer-Length";
        return Err(Problem::bad_request(detail).into());
    }
    let missing = || Problem::bad_request("Upload-Length is missing; say how many bytes the file has");
    let length = bytes(headers, &UPLOAD_LENGTH)?.ok_or_else(missing)?;
    if length == 0 {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-a-table", "Not a table");
        return Err(problem.detail("the file is empty; export the table again").extra("reason", "empty").into());
    }
    if length > state.config.upload_max_bytes {
        return Err(Problem::content_too_large(state.config.upload_max_bytes).into());
    }
    Ok(length)
}

fn created(created: Created) -> Result<Upload, ApiError> {
    match created {
        Created::New(upload) => Ok(upload),
        Created::TooMany(open) => Err(too_many(&open).into()),
        Created::NotYours => Err(access::viewer_only()),
    }
}

fn too_many(open: &[UploadId]) -> Problem {
    let detail = format!("you have {} uploads open; complete or delete one of them first", open.len());
    Problem::too_many_requests(detail, OPEN_RETRY_SECONDS).extra("open", json!(open))
}

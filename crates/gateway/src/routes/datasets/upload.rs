//! `POST /api/v1/datasets`

use axum::extract::{Request, State};
use axum::response::IntoResponse;
use chassis::auth::Role;
use chassis::http::{Json, Problem, ProblemDetails, Query};
use domain::ids::WorkspaceId;
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::view::{DatasetDetail, TableBytes};
use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;
use crate::uploads;
use crate::uploads::incoming::{Destination, take_in};

/// What to call it and where it belongs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Its name, 1 to 200 characters; an upload of the same name is its next version. A form may give it as a field before
    /// `file`, or leave it to the file's name.
    name: Option<String>,
    /// Where it belongs; your personal workspace when left out.
    workspace_id: Option<WorkspaceId>,
    /// Of a workbook, the name of the sheet that is the table; it may be left out where only one has something in it. A
    /// form may give it as a field before `file`.
    sheet: Option<String>,
}

/// A file in a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to API documents; the form itself is streamed")]
pub(crate) struct UploadForm {
    /// Its name; before the file.
    name: Option<String>,
    /// The sheet, of a workbook; before the file.
    sheet: Option<String>,
    /// The table.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a table as the body or in a form: delimited text (comma, semicolon, tab or bar; UTF-8), plain or gzip; Parquet;
/// or an Excel workbook (.xlsx). What it is is seen from its first bytes.
///
/// Its structure is checked before the answer; what is no table is refused with the line and the reason, and nothing of it
/// is kept. Its profile is computed afterwards: `state` goes from `profiling` to `ready`.
#[utoipa::path(post, path = "/", tag = "datasets", params(UploadQuery),
    request_body(content(
        (TableBytes = "text/csv"), (TableBytes = "application/gzip"), (TableBytes = "application/octet-stream"),
        (TableBytes = "application/vnd.apache.parquet"),
        (TableBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (UploadForm = "multipart/form-data"),
    )),
    responses(
        (status = 201, description = "Stored", body = DatasetDetail, headers(("Location" = String))),
        (status = 400, description = "The body ended before its end, or the form cannot be read", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "The caller may not upload there", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such workspace of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 408, description = "The body paused for too long", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "The caller has no workspace of their own and names none", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 413, description = "Larger than allowed", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Not a table; `reason`, `line`, `row`, `column` and `cell` say why and where", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 503, description = "As many uploads as possible are under way", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 507, description = "The disk is nearly full; `used_share` and `limit_share`", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn upload_dataset(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Query(query): Query<UploadQuery>,
    request: Request,
) -> Result<impl IntoResponse> {
    if person.role == Role::Canary {
        return Err(Problem::forbidden("the canary user may run the canary agent alone").into());
    }
    let workspace = access::workspace_to_write(&state, &person, query.workspace_id).await?;
    state.upload_disk.admit().await?;
    let _place = state.upload_places.take()?;
    let (name, sheet) = (query.name, query.sheet);
    let request_id = context.actor.request_id;
    let destination = Destination { user: person.user_id(), workspace, request_id, name, sheet };
    let taken = tokio::time::timeout(uploads::DEADLINE, take_in(&state, destination, request)).await;
    let dataset = taken.map_err(|_| Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the upload took too long"))??;
    let location = format!("/api/v1/datasets/{}", dataset.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(DatasetDetail::from(dataset))))
}

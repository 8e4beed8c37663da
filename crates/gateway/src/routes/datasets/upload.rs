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
}

/// A file in a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form to API documents; the form itself is streamed")]
pub(crate) struct UploadForm {
    /// Its name; before the file.
    name: Option<String>,
    /// The table.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Uploads a table: delimited text (comma, semicolon, tab or bar; UTF-8), plain or gzip, as the body or in a form.
///
/// Its structure is checked while it arrives; what is no table is refused with the line and the reason, and nothing of it
/// is kept. Its profile is computed afterwards: `state` goes from `profiling` to `ready`.
#[utoipa::path(post, path = "/", tag = "datasets", params(UploadQuery),
    request_body(content(
        (TableBytes = "text/csv"), (TableBytes = "application/gzip"), (TableBytes = "application/octet-stream"),
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
        (status = 413, description = "Larger than allowed", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 415, description = "Another media type", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Not a table; `reason`, `line` and `column` say why and where", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 503, description = "As many uploads as possible are under way", body = ProblemDetails,
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
    let _place = state.upload_places.take()?;
    let destination =
        Destination { user: person.user_id(), workspace, request_id: context.actor.request_id, name: query.name };
    let taken = tokio::time::timeout(uploads::DEADLINE, take_in(&state, destination, request)).await;
    let dataset = taken.map_err(|_| Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the upload took too long"))??;
    let location = format!("/api/v1/datasets/{}", dataset.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(DatasetDetail::from(dataset))))
}

//! `GET /api/v1/datasets/{id}/download`

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Path, Problem, ProblemDetails};
use domain::dataset::{TableFormat, TextFormat};
use domain::ids::DatasetId;
use http::{HeaderValue, header};

use super::view::{TableBytes, hexadecimal, stored};
use crate::access;
use crate::attachment::attachment;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Gives the bytes of a dataset as they were uploaded or made.
#[utoipa::path(get, path = "/{id}/download", tag = "datasets",
    params(("id" = DatasetId, Path, description = "The dataset")),
    responses(
        (status = 200, description = "The bytes", content(
            (TableBytes = "text/csv"), (TableBytes = "text/tab-separated-values"), (TableBytes = "application/gzip"),
            (TableBytes = "application/vnd.apache.parquet"),
            (TableBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such dataset of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It is still being uploaded or made, or could not be made", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn download_dataset(
    State(state): State<AppState>,
    person: Person,
    Path(id): Path<DatasetId>,
) -> Result<Response> {
    let dataset = access::dataset(&state, &person, id).await?;
    let table = stored(&dataset)?;
    let bytes = state.objects.get_stream(&table.object_key, None).await.map_err(Problem::internal)?;
    let (media_type, ending) = kind(&table.schema.format);
    let name = attachment(&dataset.name, &format!("-v{}{ending}", dataset.version));
    let mut response = Body::from_stream(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(size_bytes) = dataset.size_bytes {
        headers.insert(header::CONTENT_LENGTH, size_bytes.into());
    }
    if let Some(etag) = dataset.sha256.and_then(|sha256| format!("\"{}\"", hexadecimal(&sha256)).parse().ok()) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

const PARQUET: &str = "application/vnd.apache.parquet";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media type and the ending of a file's name.
const fn kind(format: &TableFormat) -> (&'static str, &'static str) {
    match format {
        TableFormat::Text(TextFormat { gzip: true, delimiter: b'\t' }) => ("application/gzip", ".tsv.gz"),
        TableFormat::Text(TextFormat { gzip: true, .. }) => ("application/gzip", ".csv.gz"),
        TableFormat::Text(TextFormat { delimiter: b'\t', .. }) => ("text/tab-separated-values; charset=utf-8", ".tsv"),
        TableFormat::Text(_) => ("text/csv; charset=utf-8", ".csv"),
        TableFormat::Parquet => (PARQUET, ".parquet"),
        TableFormat::Xlsx(_) => (XLSX, ".xlsx"),
    }
}

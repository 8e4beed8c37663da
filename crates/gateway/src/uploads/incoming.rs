//! The two ways of sending a file: as the body itself, or as the field `file` of a form (`curl -F file=@x.csv`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest as _, Request};
use chassis::http::Problem;
use domain::ids::{UserId, WorkspaceId};
use futures::StreamExt as _;
use http::{HeaderMap, header};
use store::datasets::Dataset;
use tables::upload::{Given, Received};

use super::{Unfinished, checked_name, refusal};
use crate::error::{ApiError, Result};
use crate::state::AppState;

/// What a form adds around the file at most: boundaries, headers, the field `name`. It is held in memory.
const FORM_OVERHEAD_BYTES: u64 = 1 << 20;

/// Where an upload goes.
#[derive(Debug)]
pub(crate) struct Destination {
    /// Who uploads.
    pub(crate) user: UserId,
    /// Where to; the caller may write there.
    pub(crate) workspace: WorkspaceId,
    /// The request, for the audit log.
    pub(crate) request_id: Option<String>,
    /// The name given in the query.
    pub(crate) name: Option<String>,
    /// The sheet of a workbook, given in the query.
    pub(crate) sheet: Option<String>,
}

/// How the file is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Body { delimiter: Option<u8> },
    Form,
}

/// Takes a request's file in.
pub(crate) async fn take_in(state: &AppState, destination: Destination, request: Request) -> Result<Dataset> {
    let sent = how(request.headers())?;
    refuse_declared(state.config.upload_max_bytes, sent, request.headers())?;
    match sent {
        Sent::Body { delimiter } => {
            let name = destination.name.as_deref().ok_or_else(no_name)?;
            let name = checked_name(name)?;
            let mut body = request.into_body().into_data_stream();
            let unfinished = Unfinished::begin(state, &destination, &name).await?;
            let given = Given { delimiter, sheet: destination.sheet };
            match unfinished.receive(&mut body, given).await {
                Ok(received) => unfinished.finish(received).await,
                Err(error) => {
                    unfinished.abandon().await;
                    Err(error)
                }
            }
        }
        Sent::Form => {
            let outside = Outside::default();
            let request = request.map(|body| outside.clone().guard(body));
            let form = Multipart::from_request(request, state).await;
            let form = form.map_err(|error| Problem::bad_request(format!("the form cannot be read: {error}")))?;
            from_form(state, destination, form, &outside).await
        }
    }
}

/// Bounds what of a form is not the file, which streams and is bounded on its own: the form's reader holds the rest in
/// memory.
#[derive(Debug, Clone, Default)]
struct Outside {
    in_file: Arc<AtomicBool>,
    bytes: Arc<AtomicU64>,
}

impl Outside {
    fn guard(self, body: Body) -> Body {
        Body::from_stream(body.into_data_stream().map(move |item| {
            let bytes = item.map_err(axum::BoxError::from)?;
            if !self.in_file.load(Ordering::Relaxed) {
                let length = bytes.len() as u64;
                if self.bytes.fetch_add(length, Ordering::Relaxed) + length > FORM_OVERHEAD_BYTES {
                    let words = format!("more than {FORM_OVERHEAD_BYTES} bytes of the form are not its file");
                    return Err(axum::BoxError::from(words));
                }
            }
            Ok(bytes)
        }))
    }

    fn set_in_file(&self, in_file: bool) {
        self.in_file.store(in_file, Ordering::Relaxed);
    }
}

async fn from_form(
    state: &AppState,
    destination: Destination,
    mut form: Multipart,
    outside: &Outside,
) -> Result<Dataset> {
    let (mut name, mut sheet) = (destination.name.clone(), destination.sheet.clone());
    loop {
        let field = form.next_field().await.map_err(|error| form_error(&error))?.ok_or_else(no_file)?;
        match field.name() {
            Some("name") => {
                let text = field.text().await.map_err(|error| form_error(&error))?;
                // What the query says holds.
                name = name.or(Some(text));
            }
            Some("sheet") => {
                let text = field.text().await.map_err(|error| form_error(&error))?;
                sheet = sheet.or(Some(text));
            }
            Some("file") => {
                let name = name.or_else(|| field.file_name().and_then(name_of_file));
                let name = checked_name(&name.ok_or_else(no_name)?)?;
                let unfinished = Unfinished::begin(state, &destination, &name).await?;
                outside.set_in_file(true);
                let received = match receive_field(&unfinished, field, sheet).await {
                    Ok(received) => {
                        outside.set_in_file(false);
                        nothing_follows(&mut form).await.map(|()| received)
                    }
                    Err(error) => Err(error),
                };
                return match received {
                    Ok(received) => unfinished.finish(received).await,
                    Err(error) => {
                        unfinished.abandon().await;
                        Err(error)
                    }
                };
            }
            other => return Err(unknown_field(other).into()),
        }
    }
}

async fn receive_field(unfinished: &Unfinished, field: Field<'_>, sheet: Option<String>) -> Result<Received> {
    let delimiter = field.content_type().and_then(delimiter_of);
    unfinished.receive(field, Given { delimiter, sheet }).await
}

async fn nothing_follows(form: &mut Multipart) -> Result<()> {
    match form.next_field().await.map_err(|error| form_error(&error))? {
        None => Ok(()),
        Some(field) => match field.name() {
            Some(late @ ("name" | "sheet")) => {
                let detail =
                    format!("the field {late} must come before the field file; send it first, or give ?{late}=...");
                Err(Problem::bad_request(detail).into())
            }
            Some("file") => Err(Problem::bad_request("there are two fields file; send one file a request").into()),
            other => Err(unknown_field(other).into()),
        },
    }
}

fn unknown_field(name: Option<&str>) -> Problem {
    let name = name.unwrap_or_default();
    Problem::bad_request(format!("the form has a field {name:?}; it takes name and sheet, then file"))
}

fn no_name() -> ApiError {
    Problem::unprocessable(
        "the dataset has no name; give ?name=..., or send the file as a form's field with its file name",
    )
    .into()
}

fn no_file() -> ApiError {
    Problem::unprocessable("the form has no field file; send the table as file=@table.csv").into()
}

/// Whatever cannot be read of a form is the client's doing, although the library calls a broken stream a 500.
fn form_error(error: &MultipartError) -> ApiError {
    refusal::interrupted(error).into()
}

/// `sales.csv.gz` is called `sales`.
pub(super) fn name_of_file(file_name: &str) -> Option<String> {
    let file = file_name.rsplit(['/', '\\']).next()?;
    let without = |text: &str, endings: &[&str]| {
        let lower = text.to_ascii_lowercase();
        let ending = endings.iter().find(|ending| lower.ends_with(*ending)).map_or(0, |ending| ending.len());
        text[..text.len() - ending].to_owned()
    };
    let name = without(&without(file, &[".gz"]), &[".csv", ".tsv", ".txt", ".parquet", ".pq", ".xlsx"]);
    (!name.trim().is_empty()).then_some(name)
}

fn how(headers: &HeaderMap) -> Result<Sent> {
    let Some(given) = headers.get(header::CONTENT_TYPE) else { return Ok(Sent::Body { delimiter: None }) };
    let given = given.to_str().unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        "multipart/form-data" => Ok(Sent::Form),
        "text/csv"
        | "text/plain"
        | "text/tab-separated-values"
        | "application/csv"
        | "application/gzip"
        | "application/x-gzip"
        | "application/octet-stream"
        | "application/vnd.apache.parquet"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        | "application/vnd.ms-excel" => Ok(Sent::Body { delimiter: delimiter_of(&media_type) }),
        _ => {
            let detail = format!(
                "{given:?} is not read here; send text/csv, application/gzip, application/vnd.apache.parquet or \
                 application/octet-stream (curl: -H 'Content-Type: text/csv' --data-binary @x.csv), or a form (curl: \
                 -F file=@x.csv)"
            );
            Err(Problem::unsupported_media_type(detail).into())
        }
    }
}

/// Only tab-separated values say their delimiter; a CSV may have a semicolon and is looked into.
pub(super) fn delimiter_of(media_type: &str) -> Option<u8> {
    media_type.starts_with("text/tab-separated-values").then_some(b'\t')
}

/// Refuses a declared length above the limit unread.
fn refuse_declared(limit_bytes: u64, sent: Sent, headers: &HeaderMap) -> Result<()> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let overhead = if sent == Sent::Form { FORM_OVERHEAD_BYTES } else { 0 };
    match declared {
        Some(length) if length > limit_bytes.saturating_add(overhead) => {
            Err(Problem::content_too_large(limit_bytes).into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_names_the_dataset() {
        let names = [
            ("sales.csv", Some("sales")),
            ("SALES.CSV.GZ", Some("SALES")),
            ("C:\\data\\a.b.tsv", Some("a.b")),
            ("../../etc/passwd", Some("passwd")),
            ("Sales.XLSX", Some("Sales")),
            ("sales.parquet", Some("sales")),
            (".csv", None),
            ("", None),
        ];
        for (file, name) in names {
            assert_eq!(name_of_file(file).as_deref(), name, "{file:?}");
        }
    }

    fn headers(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn media_types_are_told_apart() {
        let sent = |media_type| how(&headers(header::CONTENT_TYPE, media_type)).ok();
        assert_eq!(sent("text/csv; charset=utf-8"), Some(Sent::Body { delimiter: None }));
        assert_eq!(sent("Text/Tab-Separated-Values"), Some(Sent::Body { delimiter: Some(b'\t') }));
        assert_eq!(sent("multipart/form-data; boundary=x"), Some(Sent::Form));
        assert_eq!(sent("application/json"), None);
        assert_eq!(sent("application/x-www-form-urlencoded"), None, "what curl --data-binary says by itself");
        assert_eq!(how(&HeaderMap::new()).ok(), Some(Sent::Body { delimiter: None }));
    }

    #[test]
    fn a_form_may_be_a_little_longer_than_its_file() {
        let length = |length| headers(header::CONTENT_LENGTH, length);
        let body = Sent::Body { delimiter: None };
        assert!(refuse_declared(100, body, &length("100")).is_ok());
        assert!(refuse_declared(100, body, &length("101")).is_err());
        assert!(refuse_declared(100, Sent::Form, &length("10000")).is_ok());
        assert!(refuse_declared(100, Sent::Form, &length("2000000")).is_err());
    }
}

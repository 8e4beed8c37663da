//! Why an upload was refused: the kind, the line and the column as members, the way out in words.

use std::error::Error;

use chassis::http::Problem;
use http::StatusCode;
use tables::upload::{Problem as FileProblem, UploadError};
use tower_http::timeout::TimeoutError;

/// Seconds after which a caller that met an absent object store may try again.
const AWAY_RETRY_SECONDS: u64 = 5;

pub(super) fn problem(error: UploadError) -> Problem {
    match error {
        UploadError::Refused(FileProblem::TooLarge { limit_bytes }) => Problem::content_too_large(limit_bytes),
        UploadError::Refused(file) => of_file(&file),
        UploadError::Interrupted(cause) => interrupted(cause.as_ref()),
        UploadError::Store(cause) => {
            Problem::unavailable("the file could not be stored; try again", AWAY_RETRY_SECONDS).cause(cause)
        }
        UploadError::Internal(cause) => Problem::internal(anyhow::anyhow!(cause)),
    }
}

fn of_file(file: &FileProblem) -> Problem {
    let (reason, column) = kind(file);
    let too_large = matches!(file, FileProblem::TooLargeDecompressed { .. });
    let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut problem =
        Problem::new(status, "not-a-table", "Not a table").detail(file.to_string()).extra("reason", reason);
    if let Some(line) = file.line() {
        problem = problem.extra("line", line);
    }
    if let Some(column) = column {
        problem = problem.extra("column", column);
    }
    problem
}

/// The reason for programs, and the column it is about (from 1).
fn kind(file: &FileProblem) -> (&'static str, Option<usize>) {
    match file {
        FileProblem::Empty => ("empty", None),
        FileProblem::NoRows { .. } => ("no_rows", None),
        FileProblem::Binary { .. } => ("binary", None),
        FileProblem::Nul { .. } => ("nul", None),
        FileProblem::Encoding { .. } => ("encoding", None),
        FileProblem::Ragged { .. } => ("ragged", None),
        FileProblem::DuplicateHeader { second, .. } => ("duplicate_header", Some(*second)),
        FileProblem::BlankHeader { position, .. } => ("blank_header", Some(*position)),
        FileProblem::TooManyColumns { .. } => ("too_many_columns", None),
        FileProblem::FieldTooLong { position, .. } => ("field_too_long", Some(*position)),
        FileProblem::RecordTooLong { .. } => ("record_too_long", None),
        FileProblem::UnclosedQuote { position, .. } => ("unclosed_quote", Some(*position)),
        FileProblem::TooLarge { .. } | FileProblem::TooLargeDecompressed { .. } => ("too_large", None),
        FileProblem::Gzip { .. } => ("gzip", None),
    }
}

/// The bytes stopped coming: too slowly, or cut short.
pub(super) fn interrupted(cause: &(dyn Error + 'static)) -> Problem {
    if causes(cause).any(<dyn Error>::is::<TimeoutError>) {
        return Problem::of(StatusCode::REQUEST_TIMEOUT).detail("the body came too slowly; send it again");
    }
    let innermost = causes(cause).last().map(ToString::to_string).unwrap_or_default();
    Problem::bad_request(format!(
        "the upload ended before its end ({innermost}); nothing of it was kept, send it again"
    ))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn Error + 'static)| (*cause).source())
}

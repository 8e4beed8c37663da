//! Why an upload was refused: the kind and the place as members, the way out in words.

use std::error::Error;

use chassis::http::Problem;
use http::StatusCode;
use tables::columnar::{ParquetProblem, ValueFlaw};
use tables::upload::{Problem as FileProblem, UploadError};
use tables::workbook::WorkbookProblem;
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
        UploadError::Unreadable(cause) => {
            let cause = anyhow::anyhow!(cause).context("the stored file cannot be read back");
            Problem::unavailable("the file could not be checked; try again", AWAY_RETRY_SECONDS).cause(cause)
        }
        UploadError::Internal(cause) => Problem::internal(anyhow::anyhow!(cause)),
    }
}

fn of_file(file: &FileProblem) -> Problem {
    let too_large = file.is_too_large();
    let status = if too_large { StatusCode::PAYLOAD_TOO_LARGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut problem =
        Problem::new(status, "not-a-table", "Not a table").detail(file.to_string()).extra("reason", reason(file));
    if let Some(line) = file.line() {
        problem = problem.extra("line", line);
    }
    if let Some(row) = file.row() {
        problem = problem.extra("row", row);
    }
    if let Some(column) = file.column() {
        problem = problem.extra("column", column);
    }
    if let FileProblem::Workbook(workbook) = file {
        if let Some(cell) = workbook.cell() {
            problem = problem.extra("cell", cell.to_string());
        }
        if let WorkbookProblem::SeveralSheets { sheets } | WorkbookProblem::NoSuchSheet { sheets, .. } = workbook {
            problem = problem.extra("sheets", sheets.clone());
        }
    }
    problem
}

/// The reason for programs.
const fn reason(file: &FileProblem) -> &'static str {
    match file {
        FileProblem::Empty => "empty",
        FileProblem::NoRows { .. } => "no_rows",
        FileProblem::Binary { .. } => "binary",
        FileProblem::Nul { .. } => "nul",
        FileProblem::Encoding { .. } => "encoding",
        FileProblem::Ragged { .. } => "ragged",
        FileProblem::DuplicateHeader { .. } => "duplicate_header",
        FileProblem::BlankHeader { .. } => "blank_header",
        FileProblem::TooManyColumns { .. } => "too_many_columns",
        FileProblem::FieldTooLong { .. } => "field_too_long",
        FileProblem::RecordTooLong { .. } => "record_too_long",
        FileProblem::UnclosedQuote { .. } => "unclosed_quote",
        FileProblem::TooLarge { .. } | FileProblem::TooLargeDecompressed { .. } => "too_large",
        FileProblem::Gzip { .. } => "gzip",
        FileProblem::Parquet(parquet) => of_parquet(parquet),
        FileProblem::Workbook(workbook) => of_workbook(workbook),
    }
}

const fn of_parquet(parquet: &ParquetProblem) -> &'static str {
    match parquet {
        ParquetProblem::Damaged { .. } => "damaged",
        ParquetProblem::Encrypted => "encrypted",
        ParquetProblem::Nested { .. } | ParquetProblem::Type { .. } => "column_type",
        ParquetProblem::BlankName { .. } => "blank_header",
        ParquetProblem::DuplicateName { .. } => "duplicate_header",
        ParquetProblem::NoRows { .. } => "no_rows",
        ParquetProblem::TooManyColumns { .. } => "too_many_columns",
        ParquetProblem::TooManyRows { .. } => "too_many_rows",
        ParquetProblem::TooManyGroups { .. } | ParquetProblem::FooterTooLong { .. } => "too_many_parts",
        ParquetProblem::PageTooLarge { .. } => "page_too_large",
        ParquetProblem::TooLargeUnpacked { .. } => "too_large",
        ParquetProblem::Compression { .. } | ParquetProblem::Encoding { .. } => "not_supported",
        ParquetProblem::Value { flaw, .. } => match flaw {
            ValueFlaw::Encoding => "encoding",
            ValueFlaw::Nul => "nul",
            ValueFlaw::TooLong { .. } => "field_too_long",
            ValueFlaw::Infinite | ValueFlaw::Year | ValueFlaw::TimeOfDay | ValueFlaw::Digits => "value",
        },
    }
}

const fn of_workbook(workbook: &WorkbookProblem) -> &'static str {
    match workbook {
        WorkbookProblem::Damaged { .. } => "damaged",
        WorkbookProblem::NotAWorkbook { .. } => "binary",
        WorkbookProblem::Empty | WorkbookProblem::EmptySheet { .. } => "empty",
        WorkbookProblem::SeveralSheets { .. } => "several_sheets",
        WorkbookProblem::NoSuchSheet { .. } => "no_such_sheet",
        WorkbookProblem::NoRows { .. } => "no_rows",
        WorkbookProblem::BlankHeader { .. } => "blank_header",
        WorkbookProblem::DuplicateHeader { .. } => "duplicate_header",
        WorkbookProblem::TooManyColumns { .. } => "too_many_columns",
        WorkbookProblem::OutsideHeader { .. } => "outside_header",
        WorkbookProblem::CellTooLong { .. } => "field_too_long",
        WorkbookProblem::RowTooLong { .. } => "record_too_long",
        WorkbookProblem::Nul { .. } => "nul",
        WorkbookProblem::PartTooLarge { .. } => "part_too_large",
        WorkbookProblem::TooLargeUnpacked { .. } => "too_large",
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

//! Excel workbooks (.xlsx): one sheet of one workbook is a table.
//!
//! A sheet means what it would as CSV: the first row that is not empty names the columns, the table ends with the last
//! named column, rows without a value are skipped, and what a column is is inferred from what its cells say. A cell says
//! its value: of a formula the one that was stored with it; a number formatted as a date says the date; an error says
//! nothing, and is missing. Of merged cells the first has the value and the others are empty. Only in two things a sheet
//! knows less than a CSV file: `5` and `5.0` are one number, and more than 15 digits are not kept by Excel.
//!
//! The table is the sheet that was asked for, else the only visible one with a value in it.
//!
//! **Trust.** [`guard`] looks at all of the archive before the library (crate `calamine`) opens it; then a sheet is
//! streamed, cell by cell. In memory are the workbook's strings (at most 64 MiB as XML) and one row.

mod book;
mod cell;
mod guard;
mod problem;
mod rows;
mod tokens;

use domain::dataset::{Column, SheetFormat, TableFormat, TableSchema};

pub use problem::{CellName, WorkbookProblem};

use crate::objects::ObjectAt;
use crate::read::ReadError;
use crate::text::{Limits, RecordError};
use crate::values::Inference;
use book::Book;

/// A workbook is read in blocks of this size.
const BLOCK_BYTES: u64 = 1 << 20;
/// After how many rows it is time to say how far one is.
const ROWS_BETWEEN_REPORTS: u64 = 16_384;

/// Checks a workbook and finds the schema of the sheet that is meant. Blocks.
///
/// # Errors
/// The first problem; an error of the store.
pub fn check(object: &ObjectAt, sheet: Option<&str>, limits: &Limits) -> Result<TableSchema, RecordError> {
    let mut book = Book::open(object, limits, false)?;
    let sheet = book.choose(sheet)?;
    let mut rows = book.rows(&sheet, limits)?;
    let mut inferences = vec![Inference::default(); rows.names.len()];
    let mut count = 0;
    while let Some(record) = rows.next_row(None)? {
        for (inference, field) in inferences.iter_mut().zip(record.fields()) {
            inference.observe(field);
        }
        count += 1;
    }
    let (header_row, names) = (rows.header_row, std::mem::take(&mut rows.names));
    drop(rows);
    if count == 0 {
        return Err(WorkbookProblem::NoRows { sheet, row: header_row, columns: names.len() }.into());
    }
    let column = |(name, inference): (String, Inference)| Column {
        name,
        column_type: inference.column_type(),
        missing: inference.missing(),
    };
    let columns = names.into_iter().zip(inferences).map(column).collect();
    Ok(TableSchema { columns, rows: count, format: TableFormat::Xlsx(SheetFormat { sheet }) })
}

/// Gives the fields of the wanted columns of a checked sheet to `visit`: row by row, the first `most_rows`, with the
/// column's place among the wanted and the row of the sheet. Blocks.
pub(crate) fn each_field(
    object: &ObjectAt,
    schema: &TableSchema,
    sheet: &str,
    wanted: &[usize],
    most_rows: u64,
    on_progress: &mut dyn FnMut(f64),
    mut visit: impl FnMut(usize, &[u8], u64) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut book = Book::open(object, &Limits::CHECKED, true)?;
    let mut rows = book.rows(sheet, &Limits::CHECKED)?;
    if !rows.names.iter().eq(schema.columns.iter().map(|column| &column.name)) {
        return Err(ReadError::Changed("its header has other columns".to_owned()));
    }
    let mut count = 0;
    while count < most_rows
        && let Some(record) = rows.next_row(Some(&schema.columns))?
    {
        for (place, &column) in wanted.iter().enumerate() {
            visit(place, record.field(column).unwrap_or_default(), record.line)?;
        }
        count += 1;
        if count.is_multiple_of(ROWS_BETWEEN_REPORTS) {
            on_progress((count as f64 / schema.rows.max(1) as f64).min(1.0));
        }
    }
    if count != schema.rows.min(most_rows) {
        return Err(ReadError::Changed(format!("{count} rows instead of {}", schema.rows)));
    }
    Ok(())
}

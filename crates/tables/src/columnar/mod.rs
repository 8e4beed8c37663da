//! Parquet: columns of packed pages, with a description of where they lie at the file's end.
//!
//! [`check`] reads every value once and finds the schema; [`each_field`] gives the fields of the wanted columns, as text
//! that [`crate::values`] reads, so that what comes after does not know what the file was. Both go through it column by
//! column: nothing of the other columns is read, and at any time they hold one page, one dictionary and some thousand
//! values, whatever the file says.
//!
//! **Types** come from the file, not from the looks of the values: a column of strings is text even if all of them are
//! digits. Whole numbers are Integer, or Text where one is beyond 2^53; decimals are Float (of scale 0: as whole
//! numbers); points in time are Timestamp, or Date where all are midnight, as pandas keeps dates. Null and NaN are
//! missing, and of text what [`crate::values`] says. Lists, maps, structures and bytes are refused.
//!
//! **Trust.** The library (crate `parquet`) decodes what is in a page and reads the footer; it is not given anything
//! before it was looked at: [`scan`] the footer, [`pages`] each page, [`codec`] unpacks to no more than what a page says
//! it is. Should it panic all the same, the caller takes that for a damaged file.

mod check;
mod codec;
mod column;
mod footer;
mod header;
mod leaf;
mod pages;
mod problem;
mod scan;
mod thrift;
mod value;

use domain::dataset::TableSchema;

pub use check::check;
pub use problem::{ParquetProblem, ValueFlaw};

use crate::objects::ObjectAt;
use crate::read::ReadError;
use crate::text::Limits;
use footer::File;
use pages::Allowance;
use value::Writer;

/// After how many rows it is time to say how far one is.
const ROWS_BETWEEN_REPORTS: u64 = 16_384;

/// Gives the fields of the wanted columns of a checked file to `visit`: column by column, of each the first `most_rows`
/// from the first on, with the column's place among the wanted and the row from 1. Blocks.
pub(crate) fn each_field(
    object: ObjectAt,
    schema: &TableSchema,
    wanted: &[usize],
    most_rows: u64,
    on_progress: &mut dyn FnMut(f64),
    mut visit: impl FnMut(usize, &[u8], u64) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let file = File::open(object, &Limits::CHECKED)?;
    if file.rows != schema.rows {
        return Err(ReadError::Changed(format!("{} rows instead of {}", file.rows, schema.rows)));
    }
    if !file.columns.iter().map(|column| &column.name).eq(schema.columns.iter().map(|column| &column.name)) {
        return Err(ReadError::Changed("it has other columns".to_owned()));
    }
    let rows = file.rows.min(most_rows);
    let all = (rows * wanted.len() as u64).max(1);
    let allowance = Allowance::of(u64::MAX);
    for (place, &column) in wanted.iter().enumerate() {
        let mut writer = Writer::new(file.columns[column].leaf, schema.columns[column].column_type, usize::MAX);
        column::each_value(&file, column, rows, &allowance, |row, raw| {
            let field = writer.write(raw);
            let field = field.map_err(|flaw| check::value_problem(&file.columns[column], column, row, flaw))?;
            visit(place, field, row)?;
            if row.is_multiple_of(ROWS_BETWEEN_REPORTS) {
                on_progress((place as u64 * rows + row) as f64 / all as f64);
            }
            Ok::<_, ReadError>(())
        })?;
    }
    Ok(())
}

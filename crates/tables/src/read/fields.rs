//! The fields of a stored table, however its file is written.

use domain::dataset::{StoredTable, TableFormat, TextFormat};

use super::ReadError;
use super::stored::open;
use crate::objects::Objects;
use crate::{columnar, workbook};

/// Gives the fields of the wanted columns (ascending, each once) to `visit`, of each column in the order of the rows,
/// the first `most_rows` at most. Whether that goes row by row or column by column depends on the file.
///
/// `visit` is given the column's place among the wanted, the field, and the line of the text, the row of the sheet or
/// the row (from 1) it is in. Makes sure that the file still is the one that was checked. Blocks.
pub(crate) fn each_field(
    objects: &Objects,
    table: &StoredTable,
    wanted: &[usize],
    most_rows: u64,
    on_progress: &mut dyn FnMut(f64),
    visit: impl FnMut(usize, &[u8], u64) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let schema = &table.schema;
    match &schema.format {
        TableFormat::Text(format) => each_of_text(objects, table, *format, wanted, most_rows, on_progress, visit),
        TableFormat::Parquet => {
            let object = objects.at(&table.object_key)?;
            columnar::each_field(object, schema, wanted, most_rows, on_progress, visit)
        }
        TableFormat::Xlsx(format) => {
            let object = objects.at(&table.object_key)?;
            workbook::each_field(&object, schema, &format.sheet, wanted, most_rows, on_progress, visit)
        }
    }
}

fn each_of_text(
    objects: &Objects,
    table: &StoredTable,
    format: TextFormat,
    wanted: &[usize],
    most_rows: u64,
    on_progress: &mut dyn FnMut(f64),
    mut visit: impl FnMut(usize, &[u8], u64) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut records = open(objects, table, format)?;
    let all = wanted.len() == table.schema.columns.len();
    let mut rows = 0;
    while rows < most_rows
        && let Some(record) = records.next_row()?
    {
        if all {
            for (place, field) in record.fields().enumerate() {
                visit(place, field, record.line)?;
            }
        } else {
            for (place, &column) in wanted.iter().enumerate() {
                visit(place, record.field(column).unwrap_or_default(), record.line)?;
            }
        }
        rows += 1;
        if let Some(done) = records.progress() {
            on_progress(done);
        }
    }
    Ok(())
}

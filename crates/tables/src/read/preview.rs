//! The first rows of a stored table.

use domain::dataset::StoredTable;
use serde::Serialize;

use super::{ReadError, each_field};
use crate::objects::Objects;
use crate::values::{is_missing, trim};

/// The first rows, as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Row by row, one value a column; `None` where there is none.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Reads the first rows of a table, at most `max_rows`. Blocks.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, or is not the one that was uploaded.
pub fn preview(objects: &Objects, table: &StoredTable, max_rows: usize) -> Result<Preview, ReadError> {
    let columns: Vec<String> = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    let wanted: Vec<usize> = (0..columns.len()).collect();
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    let mut next_row = vec![0; columns.len()];
    each_field(objects, table, &wanted, max_rows as u64, &mut |_| {}, |column, field, _| {
        let row = next_row[column];
        next_row[column] += 1;
        if row == rows.len() {
            rows.push(vec![None; columns.len()]);
        }
        rows[row][column] = (!is_missing(trim(field))).then(|| String::from_utf8_lossy(field).into_owned());
        Ok(())
    })?;
    Ok(Preview { columns, rows })
}

//! The first rows of a stored table.

use domain::dataset::StoredTable;
use serde::Serialize;

use super::{ReadError, open};
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
    let mut records = open(objects, table)?;
    let mut rows = Vec::new();
    while rows.len() < max_rows
        && let Some(record) = records.next_row()?
    {
        let value = |field: &[u8]| (!is_missing(trim(field))).then(|| String::from_utf8_lossy(field).into_owned());
        rows.push(record.fields().map(value).collect());
    }
    let columns = table.schema.columns.iter().map(|column| column.name.clone()).collect();
    Ok(Preview { columns, rows })
}

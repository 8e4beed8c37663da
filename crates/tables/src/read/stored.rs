//! A stored file of text, opened the way it was found to be written.

use domain::dataset::{StoredTable, TextFormat};

use super::ReadError;
use crate::objects::{ObjectReader, Objects};
use crate::text::{Limits, Record, Records, read_header};

/// After how many rows it is time to say how far one is.
const ROWS_BETWEEN_REPORTS: u64 = 16_384;

/// The rows of a stored table; makes sure that the file still is the one that was checked.
pub(crate) struct StoredRecords<'a> {
    records: Records<ObjectReader>,
    table: &'a StoredTable,
    rows: u64,
}

/// Opens a stored table and reads its header.
pub(crate) fn open<'a>(
    objects: &Objects,
    table: &'a StoredTable,
    format: TextFormat,
) -> Result<StoredRecords<'a>, ReadError> {
    let reader = objects.reader(&table.object_key)?;
    let mut records = Records::open(reader, Some(format.delimiter), Limits::CHECKED)?;
    let header = read_header(&mut records)?;
    let same = header.names.iter().eq(table.schema.columns.iter().map(|column| &column.name));
    if !same {
        return Err(ReadError::Changed("its header has other columns".to_owned()));
    }
    Ok(StoredRecords { records, table, rows: 0 })
}

impl StoredRecords<'_> {
    /// The next row, as wide as the header.
    pub(crate) fn next_row(&mut self) -> Result<Option<Record<'_>>, ReadError> {
        let expected_rows = self.table.schema.rows;
        let Some(record) = self.records.next_record()? else {
            if self.rows == expected_rows {
                return Ok(None);
            }
            return Err(ReadError::Changed(format!("{} rows instead of {expected_rows}", self.rows)));
        };
        self.rows += 1;
        Ok(Some(record))
    }

    /// The share of rows read, when it is time to tell.
    pub(crate) fn progress(&self) -> Option<f64> {
        let due = self.rows.is_multiple_of(ROWS_BETWEEN_REPORTS);
        due.then(|| (self.rows as f64 / self.table.schema.rows.max(1) as f64).min(1.0))
    }
}

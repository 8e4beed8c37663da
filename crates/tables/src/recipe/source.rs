//! Where the rows of a recipe come from: the one place that knows the stored format.
//!
//! To read another format: a variant of [`Source`] that opens it, and rows that give each value as a text which
//! [`crate::values`] reads as the column's type.

use std::sync::Arc;

use domain::dataset::{Column, StoredTable};

use super::row::Row;
use crate::objects::Objects;
use crate::read::{ReadError, StoredRecords, open};

/// Rows that can be read from the first on, as often as need be.
pub(super) enum Source<'a> {
    /// A stored file of delimited text.
    Text { objects: &'a Objects, table: &'a StoredTable },
    /// Rows that a step made.
    Made { columns: Vec<Column>, rows: Arc<Vec<Vec<Vec<u8>>>> },
}

impl<'a> Source<'a> {
    /// The rows of a stored table.
    pub(super) const fn stored(objects: &'a Objects, table: &'a StoredTable) -> Self {
        Self::Text { objects, table }
    }

    /// Rows that a step made.
    pub(super) const fn made(columns: Vec<Column>, rows: Arc<Vec<Vec<Vec<u8>>>>) -> Self {
        Self::Made { columns, rows }
    }

    /// The columns.
    pub(super) fn columns(&self) -> &[Column] {
        match self {
            Self::Text { table, .. } => &table.schema.columns,
            Self::Made { columns, .. } => columns,
        }
    }

    /// How many rows.
    pub(super) fn rows(&self) -> u64 {
        match self {
            Self::Text { table, .. } => table.schema.rows,
            Self::Made { rows, .. } => rows.len() as u64,
        }
    }

    /// Begins at the first row.
    pub(super) fn open(&self) -> Result<Rows<'a>, ReadError> {
        Ok(match self {
            Self::Text { objects, table } => Rows::Text { records: Box::new(open(objects, table)?), read: 0 },
            Self::Made { rows, .. } => Rows::Made { rows: Arc::clone(rows), read: 0 },
        })
    }
}

/// Rows being read.
pub(super) enum Rows<'a> {
    Text { records: Box<StoredRecords<'a>>, read: u64 },
    Made { rows: Arc<Vec<Vec<Vec<u8>>>>, read: usize },
}

impl Rows<'_> {
    /// Fills in the next row; false at the end.
    pub(super) fn next_into(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        row.clear();
        match self {
            Self::Text { records, read } => {
                let Some(record) = records.next_row()? else { return Ok(false) };
                record.fields().for_each(|field| row.push(field));
                *read += 1;
                (row.number, row.line) = (*read, record.line);
            }
            Self::Made { rows, read } => {
                let Some(fields) = rows.get(*read) else { return Ok(false) };
                for field in fields {
                    row.push(field);
                }
                *read += 1;
                (row.number, row.line) = (*read as u64, *read as u64);
            }
        }
        Ok(true)
    }

    /// The share of rows read, when it is time to tell.
    pub(super) fn progress(&self) -> Option<f64> {
        match self {
            Self::Text { records, .. } => records.progress(),
            Self::Made { .. } => None,
        }
    }
}

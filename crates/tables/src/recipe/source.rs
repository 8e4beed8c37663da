//! Where the rows of a recipe come from: the one place that knows the stored format.
//!
//! To read another format: a variant of [`Source`], its rows in [`Source::each_row`] with each value as a text which
//! [`crate::values`] reads as the column's type, and in [`written_as`] how what is made of it is written.

use domain::dataset::{Column, StoredTable, TextFormat};

use super::RecipeError;
use super::row::Row;
use crate::objects::Objects;
use crate::read::open;

/// Rows that can be read from the first on, as often as need be.
pub(super) enum Source<'a> {
    /// A stored file of delimited text.
    Text { objects: &'a Objects, table: &'a StoredTable },
    /// Rows that a step made: their fields as text.
    Made { columns: Vec<Column>, rows: Vec<Vec<Vec<u8>>> },
}

/// How what is made of a table is written: as the table is, so that a program which read the one reads the other.
pub(super) const fn written_as(table: &StoredTable) -> TextFormat {
    table.schema.format
}

impl<'a> Source<'a> {
    /// The rows of a stored table.
    pub(super) const fn stored(objects: &'a Objects, table: &'a StoredTable) -> Self {
        Self::Text { objects, table }
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

    /// Gives each row to `visit`, in order, and tells the share read.
    pub(super) fn each_row(
        &self,
        on_progress: &mut dyn FnMut(f64),
        visit: &mut dyn FnMut(&mut Row) -> Result<(), RecipeError>,
    ) -> Result<(), RecipeError> {
        let mut row = Row::default();
        match self {
            Self::Text { objects, table } => {
                let mut records = open(objects, table)?;
                while let Some(record) = records.next_row()? {
                    row.begin(record.line);
                    record.fields().for_each(|field| row.push(field));
                    visit(&mut row)?;
                    if let Some(fraction) = records.progress() {
                        on_progress(fraction);
                    }
                }
            }
            Self::Made { rows, .. } => {
                for (line, fields) in (1..).zip(rows) {
                    row.begin(line);
                    for field in fields {
                        row.push(field);
                    }
                    visit(&mut row)?;
                }
            }
        }
        Ok(())
    }
}

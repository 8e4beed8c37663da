//! Where the rows of a recipe come from: the one place that knows the stored format.
//!
//! Text streams. Other formats may give their values column by column ([`each_field`]), so their fields are gathered
//! once, as the text that a CSV file would have; what that may take is bounded.

use domain::dataset::{Column, StoredTable, TableFormat, TextFormat};

use super::RecipeError;
use super::row::Row;
use crate::objects::Objects;
use crate::read::{each_field, open};

/// Most fields, and bytes of their text, that are gathered of a table that is not text.
const MOST_FIELDS: u64 = 64_000_000;
const MOST_BYTES: usize = 1 << 30;

/// Rows that can be read from the first on, as often as need be.
pub(super) enum Source<'a> {
    /// A stored file of delimited text.
    Text { objects: &'a Objects, table: &'a StoredTable, format: TextFormat },
    /// The fields of a stored table of another format.
    Gathered { table: &'a StoredTable, columns: Vec<Fields> },
    /// Rows that a step made: their fields as text.
    Made { columns: Vec<Column>, rows: Vec<Vec<Vec<u8>>> },
}

/// The fields of one column, one behind another.
#[derive(Default)]
pub(super) struct Fields {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Fields {
    fn get(&self, row: usize) -> &[u8] {
        let begin = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[begin..self.ends[row]]
    }
}

/// How what is made of a table is written: text as the table is, so that a program which read the one reads the other.
pub(super) const fn written_as(table: &StoredTable) -> TextFormat {
    match table.schema.format {
        TableFormat::Text(format) => format,
        TableFormat::Parquet | TableFormat::Xlsx(_) => TextFormat { delimiter: b',', gzip: true },
    }
}

impl<'a> Source<'a> {
    /// The rows of a stored table.
    pub(super) fn stored(objects: &'a Objects, table: &'a StoredTable) -> Result<Self, RecipeError> {
        match table.schema.format {
            TableFormat::Text(format) => Ok(Self::Text { objects, table, format }),
            TableFormat::Parquet | TableFormat::Xlsx(_) => gathered(objects, table),
        }
    }

    /// The columns.
    pub(super) fn columns(&self) -> &[Column] {
        match self {
            Self::Text { table, .. } | Self::Gathered { table, .. } => &table.schema.columns,
            Self::Made { columns, .. } => columns,
        }
    }

    /// How many rows.
    pub(super) fn rows(&self) -> u64 {
        match self {
            Self::Text { table, .. } | Self::Gathered { table, .. } => table.schema.rows,
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
            Self::Text { objects, table, format } => {
                let mut records = open(objects, table, *format)?;
                while let Some(record) = records.next_row()? {
                    row.begin(record.line);
                    record.fields().for_each(|field| row.push(field));
                    visit(&mut row)?;
                    if let Some(fraction) = records.progress() {
                        on_progress(fraction);
                    }
                }
            }
            Self::Gathered { columns, .. } => {
                let rows = columns.first().map_or(0, |column| column.ends.len());
                for (line, index) in (1..).zip(0..rows) {
                    row.begin(line);
                    for column in columns {
                        row.push(column.get(index));
                    }
                    visit(&mut row)?;
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

fn gathered<'a>(objects: &Objects, table: &'a StoredTable) -> Result<Source<'a>, RecipeError> {
    let wanted: Vec<usize> = (0..table.schema.columns.len()).collect();
    let fields = table.schema.rows.saturating_mul(wanted.len() as u64);
    let too_much = |what: String| {
        let detail = format!("{what}: more than a recipe holds of a file that is not text; upload the table as CSV");
        Err(RecipeError::at("/steps", detail))
    };
    if fields > MOST_FIELDS {
        return too_much(format!("{} rows of {} columns", table.schema.rows, wanted.len()));
    }
    let mut columns: Vec<Fields> = wanted.iter().map(|_| Fields::default()).collect();
    let mut bytes = 0;
    each_field(objects, table, &wanted, u64::MAX, &mut |_| (), |place, field, _| {
        bytes += field.len();
        if bytes <= MOST_BYTES {
            columns[place].text.extend_from_slice(field);
        }
        let end = columns[place].text.len();
        columns[place].ends.push(end);
        Ok(())
    })?;
    if bytes > MOST_BYTES {
        return too_much(format!("{bytes} bytes of text"));
    }
    Ok(Source::Gathered { table, columns })
}

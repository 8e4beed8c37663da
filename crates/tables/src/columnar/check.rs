//! Is a Parquet file a table, and which types have its columns.

use domain::dataset::{Column, ColumnType, TableFormat, TableSchema};

use super::ParquetProblem;
use super::column::each_value;
use super::footer::{ColumnOf, File};
use super::leaf::Leaf;
use super::pages::Allowance;
use super::problem::ValueFlaw;
use super::value::{Raw, Writer, checked_text, is_present};
use crate::objects::ObjectAt;
use crate::text::{Limits, RecordError};
use crate::values::{NumberKind, is_missing, number_kind, trim};

/// 2^53: beyond it a double no longer tells every whole number from the next.
const MOST_EXACT: u64 = 1 << 53;

/// Checks a whole file, every value of it, and finds its schema. Blocks.
///
/// # Errors
/// The first problem, column by column; an error of the store.
pub fn check(object: ObjectAt, limits: &Limits) -> Result<TableSchema, RecordError> {
    let file = File::open(object, limits)?;
    let pages = Allowance::of(limits.max_text_bytes);
    let text = Allowance::of(limits.max_text_bytes);
    let columns = (0..file.columns.len()).map(|column| check_column(&file, column, &pages, &text, limits));
    let columns = columns.collect::<Result<_, _>>()?;
    Ok(TableSchema { columns, rows: file.rows, format: TableFormat::Parquet })
}

fn check_column(
    file: &File,
    column: usize,
    pages: &Allowance,
    text: &Allowance,
    limits: &Limits,
) -> Result<Column, RecordError> {
    let of = &file.columns[column];
    let mut seen = Seen::new(of, limits);
    each_value(file, column, u64::MAX, pages, |row, raw| {
        let written_bytes = seen.observe(raw).map_err(|flaw| value_problem(of, column, row, flaw))?;
        text.take(written_bytes + 1)?;
        Ok::<_, RecordError>(())
    })?;
    Ok(Column { name: of.name.clone(), column_type: seen.column_type(), missing: seen.missing })
}

pub(super) fn value_problem(of: &ColumnOf, column: usize, row: u64, flaw: ValueFlaw) -> RecordError {
    ParquetProblem::Value { row, position: column + 1, column: of.name.clone(), flaw }.into()
}

/// What was seen of a column.
struct Seen {
    leaf: Leaf,
    writer: Writer,
    max_field_bytes: usize,
    missing: u64,
    present: u64,
    /// Whole numbers that a double would merge with their neighbours.
    has_codes: bool,
    /// Points in time other than midnight.
    has_times: bool,
}

impl Seen {
    fn new(of: &ColumnOf, limits: &Limits) -> Self {
        let writer = Writer::new(of.leaf, ColumnType::Timestamp, limits.max_field_bytes);
        let max_field_bytes = limits.max_field_bytes;
        Self { leaf: of.leaf, writer, max_field_bytes, missing: 0, present: 0, has_codes: false, has_times: false }
    }

    /// Takes a value into account, and says how many bytes of text it is at least.
    fn observe(&mut self, raw: Raw<'_>) -> Result<u64, ValueFlaw> {
        let (present, bytes) = match (self.leaf, raw) {
            (Leaf::Nothing, _) | (_, Raw::Null) => (false, 0),
            (Leaf::Boolean, _) => (true, 1),
            (Leaf::Signed, Raw::Whole(number)) => {
                self.has_codes |= number.unsigned_abs() > MOST_EXACT;
                (true, 1)
            }
            (Leaf::Unsigned, Raw::Whole(bits)) => {
                self.has_codes |= bits.cast_unsigned() > MOST_EXACT;
                (true, 1)
            }
            (_, Raw::Real(number)) => (is_present(number)?, 1),
            (Leaf::Text, Raw::Bytes(text)) => {
                (!is_missing(trim(checked_text(text, self.max_field_bytes)?)), text.len() as u64)
            }
            _ => self.observe_written(raw)?,
        };
        self.present += u64::from(present);
        self.missing += u64::from(!present);
        Ok(bytes)
    }

    /// Of the kinds that need more than a look the text tells.
    fn observe_written(&mut self, raw: Raw<'_>) -> Result<(bool, u64), ValueFlaw> {
        let text = self.writer.write(raw)?;
        match self.leaf {
            Leaf::Decimal { .. } => self.has_codes |= number_kind(text) == Some(NumberKind::HugeInteger),
            Leaf::Timestamp(_) | Leaf::JulianNanoseconds => self.has_times |= !text.ends_with(b"T00:00:00Z"),
            _ => {}
        }
        Ok((true, text.len() as u64))
    }

    fn column_type(&self) -> ColumnType {
        match self.leaf {
            _ if self.present == 0 => ColumnType::Empty,
            Leaf::Boolean => ColumnType::Boolean,
            Leaf::Signed | Leaf::Unsigned | Leaf::Decimal { scale: 0 } if !self.has_codes => ColumnType::Integer,
            Leaf::Single | Leaf::Double | Leaf::Decimal { scale: 1.. } => ColumnType::Float,
            Leaf::Timestamp(_) | Leaf::JulianNanoseconds if self.has_times => ColumnType::Timestamp,
            Leaf::Date | Leaf::Timestamp(_) | Leaf::JulianNanoseconds => ColumnType::Date,
            Leaf::Nothing => ColumnType::Empty,
            _ => ColumnType::Text,
        }
    }
}

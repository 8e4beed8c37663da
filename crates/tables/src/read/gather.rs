//! The values of one column, as Arrow, and how they are gathered.

use arrow_array::builder::{Date32Builder, Float64Builder, StringDictionaryBuilder, TimestampMillisecondBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{Array, Date32Array, DictionaryArray, Float64Array, NullArray, TimestampMillisecondArray};
use domain::dataset::{Column, ColumnType};

use super::ReadError;
use crate::values::{is_missing, parse_boolean, parse_date, parse_number, parse_timestamp, trim};

/// A column's values; null where there is none.
#[derive(Debug, Clone)]
pub enum Values {
    /// Integer, Float, and Boolean as 0 and 1. Integers are exact: beyond 2^53 a column of them is text.
    Numeric(Float64Array),
    /// Text, as written, spaces included; the dictionary is in order of first appearance and holds no unused entry.
    Text(DictionaryArray<Int32Type>),
    /// Days since 1970-01-01.
    Date(Date32Array),
    /// Milliseconds since 1970-01-01T00:00Z. A date without time is its midnight.
    Timestamp(TimestampMillisecondArray),
    /// Not one value: the column is Empty.
    Empty(NullArray),
}

impl Values {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.as_array().len()
    }

    /// The values as an Arrow array of whatever type.
    #[must_use]
    pub fn as_array(&self) -> &dyn Array {
        match self {
            Self::Numeric(array) => array,
            Self::Text(array) => array,
            Self::Date(array) => array,
            Self::Timestamp(array) => array,
            Self::Empty(array) => array,
        }
    }
}

/// Gathers one column.
pub(crate) enum Gatherer {
    Number(Float64Builder),
    Boolean(Float64Builder),
    Text(Box<StringDictionaryBuilder<Int32Type>>),
    Date(Date32Builder),
    Timestamp(TimestampMillisecondBuilder),
    Empty(usize),
}

impl Gatherer {
    pub(crate) fn new(column_type: ColumnType, rows: usize) -> Self {
        match column_type {
            ColumnType::Integer | ColumnType::Float => Self::Number(Float64Builder::with_capacity(rows)),
            ColumnType::Boolean => Self::Boolean(Float64Builder::with_capacity(rows)),
            ColumnType::Text => Self::Text(Box::new(StringDictionaryBuilder::new())),
            ColumnType::Date => Self::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Timestamp => {
                Self::Timestamp(TimestampMillisecondBuilder::with_capacity(rows).with_timezone("UTC"))
            }
            ColumnType::Empty => Self::Empty(0),
        }
    }

    /// Adds the field of the next row, which starts at that line.
    #[inline]
    pub(crate) fn push(&mut self, field: &[u8], line: u64, column: &Column) -> Result<(), ReadError> {
        let trimmed = trim(field);
        let present = !is_missing(trimmed);
        let unfit = || unfit(field, line, column);
        match self {
            Self::Number(builder) if present => builder.append_value(parse_number(trimmed).ok_or_else(unfit)?),
            Self::Boolean(builder) if present => {
                builder.append_value(f64::from(u8::from(parse_boolean(trimmed).ok_or_else(unfit)?)));
            }
            Self::Text(builder) if present => {
                let text = std::str::from_utf8(field).map_err(|_| unfit())?;
                builder.append(text).map_err(|_| ReadError::TooMuchText { name: column.name.clone() })?;
            }
            Self::Date(builder) if present => builder.append_value(parse_date(trimmed).ok_or_else(unfit)?),
            Self::Timestamp(builder) if present => {
                let midnight = || parse_date(trimmed).map(|days| i64::from(days) * 86_400_000);
                builder.append_value(parse_timestamp(trimmed).or_else(midnight).ok_or_else(unfit)?);
            }
            Self::Empty(_) if present => return Err(unfit()),
            Self::Number(builder) | Self::Boolean(builder) => builder.append_null(),
            Self::Text(builder) => builder.append_null(),
            Self::Date(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
            Self::Empty(rows) => *rows += 1,
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Values {
        match self {
            Self::Number(mut builder) | Self::Boolean(mut builder) => Values::Numeric(builder.finish()),
            Self::Text(mut builder) => Values::Text(builder.finish()),
            Self::Date(mut builder) => Values::Date(builder.finish()),
            Self::Timestamp(mut builder) => Values::Timestamp(builder.finish()),
            Self::Empty(rows) => Values::Empty(NullArray::new(rows)),
        }
    }
}

fn unfit(field: &[u8], line: u64, column: &Column) -> ReadError {
    let shown: String = String::from_utf8_lossy(field).chars().take(40).collect();
    ReadError::Changed(format!("line {line}: `{shown}` in the {} column `{}`", column.column_type, column.name))
}

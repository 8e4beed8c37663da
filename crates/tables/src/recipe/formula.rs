//! Formulas of one row, and what they refuse.

use domain::recipe::Formula;

use super::row::Row;
use crate::read::ReadError;
use crate::values::{is_missing, parse_boolean, parse_number, trim};

/// A column of numbers, by place and name.
#[derive(Debug, Clone)]
pub(super) struct Operand {
    pub(super) index: usize,
    pub(super) name: String,
}

/// A formula with its columns found.
#[derive(Debug, Clone)]
pub(super) enum Arithmetic {
    Log(Operand),
    Log1p(Operand),
    Difference(Operand, Operand),
    Ratio(Operand, Operand),
}

/// What a formula gives for a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Outcome {
    Value(f64),
    /// A value it needs is missing.
    Missing,
    /// There is no result for this value.
    Undefined(f64),
    /// The result is beyond a double's range.
    TooLarge,
}

impl Arithmetic {
    /// Finds the columns of a formula; `None` for one that needs the whole table.
    pub(super) fn new<E>(formula: &Formula, find: impl Fn(&str) -> Result<usize, E>) -> Option<Result<Self, E>> {
        let operand = |name: &str| Ok(Operand { index: find(name)?, name: name.to_owned() });
        let both = |one: &str, other: &str| Ok((operand(one)?, operand(other)?));
        Some(match formula {
            Formula::Log { column } => operand(column).map(Self::Log),
            Formula::Log1p { column } => operand(column).map(Self::Log1p),
            Formula::Difference { column, minus } => {
                both(column, minus).map(|(column, minus)| Self::Difference(column, minus))
            }
            Formula::Ratio { column, over } => both(column, over).map(|(column, over)| Self::Ratio(column, over)),
            Formula::DifferenceFromBaseline(_) => return None,
        })
    }

    /// Computes the formula for a row.
    ///
    /// # Errors
    /// [`ReadError::Changed`] when a field is no number: it was one when the table was uploaded.
    pub(super) fn of(&self, row: &Row) -> Result<Outcome, ReadError> {
        let (one, other) = match self {
            Self::Log(column) | Self::Log1p(column) => (column, None),
            Self::Difference(column, other) | Self::Ratio(column, other) => (column, Some(other)),
        };
        let Some(value) = number(row, one)? else { return Ok(Outcome::Missing) };
        let Some(second) = other.map_or(Ok(Some(0.0)), |other| number(row, other))? else {
            return Ok(Outcome::Missing);
        };
        let result = match self {
            Self::Log(_) if value <= 0.0 => return Ok(Outcome::Undefined(value)),
            Self::Log1p(_) if value <= -1.0 => return Ok(Outcome::Undefined(value)),
            Self::Ratio(..) if second.abs() <= 0.0 => return Ok(Outcome::Undefined(second)),
            Self::Log(_) => value.ln(),
            Self::Log1p(_) => value.ln_1p(),
            Self::Difference(..) => value - second,
            Self::Ratio(..) => value / second,
        };
        Ok(if result.is_finite() { Outcome::Value(result) } else { Outcome::TooLarge })
    }

    /// What is wrong with so many rows, of which the first has that number and value (none: the result is too large).
    pub(super) fn refusal(&self, rows: u64, first: u64, value: Option<f64>) -> String {
        let Some(value) = value else {
            return format!("the result is larger than a double can hold in {rows} rows, first in row {first}");
        };
        let (name, what, way_out) = match self {
            Self::Log(column) => (
                &column.name,
                "zero or negative, where there is no logarithm,",
                "leave these rows out by a filter before, or take `log1p` when they are counts with zeros",
            ),
            Self::Log1p(column) => {
                (&column.name, "-1 or less, where log1p has no value,", "leave these rows out by a filter before")
            }
            Self::Ratio(_, over) => (&over.name, "zero", "leave these rows out by a filter before"),
            Self::Difference(column, _) => (&column.name, "not usable", "leave these rows out by a filter before"),
        };
        format!("`{name}` is {what} in {rows} rows, first in row {first} ({value}); {way_out}")
    }
}

/// The number in a column of a row; booleans are 0 and 1.
pub(super) fn number(row: &Row, column: &Operand) -> Result<Option<f64>, ReadError> {
    let field = row.field(column.index);
    let trimmed = trim(field);
    if is_missing(trimmed) {
        return Ok(None);
    }
    let number = parse_number(trimmed).or_else(|| parse_boolean(trimmed).map(|truth| f64::from(u8::from(truth))));
    number.map(Some).ok_or_else(|| {
        let shown: String = String::from_utf8_lossy(field).chars().take(40).collect();
        ReadError::Changed(format!("line {}: `{shown}` in the column of numbers `{}`", row.line, column.name))
    })
}

/// A number as text that reads back as the same double: the shortest there is. Whole numbers are written without a point
/// as long as a double tells each from the next.
pub(super) fn text_of(number: f64) -> String {
    const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract().abs() <= 0.0 && number.abs() < EXACT_BELOW;
    // The other form has a point or an exponent always: without one, larger numbers would be taken for codes.
    if is_whole { format!("{number}") } else { format!("{number:?}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::values::{NumberKind, number_kind};

    #[test]
    fn whole_numbers_are_written_plainly_and_large_ones_as_numbers() {
        for (number, text) in [(3.0, "3"), (-2.0, "-2"), (0.1, "0.1"), (1e-7, "1e-7"), (1e22, "1e22")] {
            assert_eq!(text_of(number), text);
        }
        assert_eq!(number_kind(text_of(9_007_199_254_740_992.0).as_bytes()), Some(NumberKind::Float));
    }

    proptest! {
        #[test]
        fn every_double_reads_back(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
            let read = parse_number(text_of(number).as_bytes());
            prop_assert_eq!(read.map(f64::to_bits), Some(number.to_bits()));
        }
    }
}

//! Conditions, ready to be asked of each row.

use std::collections::HashSet;

use domain::dataset::ColumnType;
use domain::recipe::{Condition, Literal, Range};

use crate::values::{is_missing, parse_boolean, parse_date, parse_number, parse_timestamp, trim};

/// A condition on a column of a known type.
pub(super) enum Asked {
    Missing,
    NotMissing,
    /// One of these numbers (in order; dates and points in time as milliseconds), or none of them.
    Numbers {
        wanted: Vec<f64>,
        are: bool,
        kind: Kind,
    },
    /// One of these texts, as written, or none of them.
    Texts {
        wanted: HashSet<Vec<u8>>,
        are: bool,
    },
    /// Within these bounds.
    Range {
        bounds: Vec<(Bound, f64)>,
        kind: Kind,
    },
}

/// How a field becomes a number to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Boolean,
    Time,
}

/// One end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Bound {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
        }
    }
}

impl Kind {
    /// How values of a type are compared as numbers; `None` for text.
    pub(super) const fn of(column_type: ColumnType) -> Option<Self> {
        match column_type {
            ColumnType::Integer | ColumnType::Float => Some(Self::Number),
            ColumnType::Boolean => Some(Self::Boolean),
            ColumnType::Date | ColumnType::Timestamp => Some(Self::Time),
            ColumnType::Text | ColumnType::Empty => None,
        }
    }

    /// The number that a field, already trimmed, stands for.
    pub(super) fn read(self, trimmed: &[u8]) -> Option<f64> {
        match self {
            Self::Number => parse_number(trimmed),
            Self::Boolean => parse_boolean(trimmed).map(|truth| f64::from(u8::from(truth))),
            Self::Time => parse_timestamp(trimmed)
                .or_else(|| parse_date(trimmed).map(|days| i64::from(days) * 86_400_000))
                .map(|ms| ms as f64),
        }
    }

    /// The number that a value of a recipe stands for; the value again where it does not fit.
    pub(super) fn number(self, value: &Literal) -> Result<f64, String> {
        let number = match (self, value) {
            (Self::Number, Literal::Number(_)) => value.as_number(),
            (Self::Boolean, Literal::Boolean(truth)) => Some(f64::from(u8::from(*truth))),
            (Self::Time, Literal::Text(text)) => self.read(trim(text.as_bytes())),
            _ => None,
        };
        number.ok_or_else(|| format!("{value} cannot be read as a value of the column"))
    }
}

impl Asked {
    /// Prepares a condition on a column of that type.
    ///
    /// # Errors
    /// In words, when a value cannot be one of the column's.
    pub(super) fn new(condition: &Condition, column_type: ColumnType) -> Result<Self, String> {
        let one = std::slice::from_ref;
        match condition {
            Condition::Missing => Ok(Self::Missing),
            Condition::NotMissing => Ok(Self::NotMissing),
            Condition::Equals(value) => Self::among(one(value), true, column_type),
            Condition::NotEquals(value) => Self::among(one(value), false, column_type),
            Condition::OneOf(values) => Self::among(values, true, column_type),
            Condition::NoneOf(values) => Self::among(values, false, column_type),
            Condition::Range(range) => Self::within(range, column_type),
        }
    }

    fn among(values: &[Literal], are: bool, column_type: ColumnType) -> Result<Self, String> {
        if let Some(kind) = Kind::of(column_type) {
            let mut wanted: Vec<f64> =
                values.iter().map(|value| kind.number(value).map(plain)).collect::<Result<_, _>>()?;
            wanted.sort_unstable_by(f64::total_cmp);
            return Ok(Self::Numbers { wanted, are, kind });
        }
        let text = |value: &Literal| {
            let text = value.as_text().ok_or_else(|| format!("{value} is no text"))?;
            Ok(text.as_bytes().to_vec())
        };
        Ok(Self::Texts { wanted: values.iter().map(text).collect::<Result<_, String>>()?, are })
    }

    fn within(range: &Range, column_type: ColumnType) -> Result<Self, String> {
        let kind = Kind::of(column_type).ok_or_else(|| format!("{column_type} values have no range"))?;
        let bound = |(name, value): (&str, &Literal)| {
            let end = match name {
                "at_least" => Bound::AtLeast,
                "above" => Bound::Above,
                "at_most" => Bound::AtMost,
                _ => Bound::Below,
            };
            Ok((end, kind.number(value)?))
        };
        Ok(Self::Range { bounds: range.bounds().map(bound).collect::<Result<_, String>>()?, kind })
    }

    /// Whether a field meets it.
    pub(super) fn is_met(&self, field: &[u8]) -> bool {
        let trimmed = trim(field);
        if is_missing(trimmed) {
            return matches!(self, Self::Missing);
        }
        match self {
            Self::Missing => false,
            Self::NotMissing => true,
            Self::Texts { wanted, are } => wanted.contains(field) == *are,
            Self::Numbers { wanted, are, kind } => kind
                .read(trimmed)
                .is_some_and(|number| wanted.binary_search_by(|one| one.total_cmp(&plain(number))).is_ok() == *are),
            Self::Range { bounds, kind } => {
                kind.read(trimmed).is_some_and(|number| bounds.iter().all(|(end, bound)| end.holds(number, *bound)))
            }
        }
    }
}

/// With one zero: `-0` is `0`.
fn plain(number: f64) -> f64 {
    number + 0.0
}

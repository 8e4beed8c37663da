//! The type of a column, from all its values.
//!
//! What was seen is a set; the type is a function of the set alone, so the order of rows does not matter. Once nothing
//! but text is possible, only missing values are still looked for.

use domain::dataset::ColumnType;

use super::{NumberKind, is_missing, number_kind, parse_boolean, parse_date, parse_timestamp, trim};

/// What was seen of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inference {
    seen: u8,
    missing: u64,
}

const INTEGER: u8 = 1;
const HUGE_INTEGER: u8 = 1 << 1;
const FLOAT: u8 = 1 << 2;
const BOOLEAN: u8 = 1 << 3;
const DATE: u8 = 1 << 4;
const TIMESTAMP: u8 = 1 << 5;
const TEXT: u8 = 1 << 6;

const NUMBER: u8 = INTEGER | HUGE_INTEGER | FLOAT;
const TIME: u8 = DATE | TIMESTAMP;

impl Inference {
    /// Takes one field into account.
    #[inline]
    pub fn observe(&mut self, field: &[u8]) {
        let trimmed = trim(field);
        if is_missing(trimmed) {
            self.missing += 1;
        } else if self.seen & TEXT == 0 {
            self.seen |= Self::kind(trimmed);
            if !self.is_of_one_kind() {
                self.seen |= TEXT;
            }
        }
    }

    /// Rows without a value so far.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.missing
    }

    /// What the column is. Whole numbers and others together are Float; whole numbers of which some are beyond 2^53,
    /// where doubles stop being exact, are codes: Text. Dates and points in time together are Timestamp. Any other mixture is Text.
    #[must_use]
    pub const fn column_type(&self) -> ColumnType {
        match self.seen {
            0 => ColumnType::Empty,
            INTEGER => ColumnType::Integer,
            seen if seen & !NUMBER == 0 && seen & FLOAT != 0 => ColumnType::Float,
            BOOLEAN => ColumnType::Boolean,
            DATE => ColumnType::Date,
            seen if seen & !TIME == 0 => ColumnType::Timestamp,
            _ => ColumnType::Text,
        }
    }

    const fn is_of_one_kind(self) -> bool {
        self.seen & !NUMBER == 0 || self.seen & !TIME == 0 || self.seen == BOOLEAN
    }

    fn kind(trimmed: &[u8]) -> u8 {
        match number_kind(trimmed) {
            Some(NumberKind::Integer) => INTEGER,
            Some(NumberKind::HugeInteger) => HUGE_INTEGER,
            Some(NumberKind::Float) => FLOAT,
            None if parse_boolean(trimmed).is_some() => BOOLEAN,
            None if parse_date(trimmed).is_some() => DATE,
            None if parse_timestamp(trimmed).is_some() => TIMESTAMP,
            None => TEXT,
        }
    }
}

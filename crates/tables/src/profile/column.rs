//! One column in the first pass.

use domain::dataset::ColumnType;

use super::budget::Share;
use super::cardinality::Cardinality;
use super::counts::Counts;
use super::finding::{Recount, Seen};
use super::frequent::Frequent;
use super::hash::hash;
use super::numbers::Numbers;
use super::warnings::TextHabits;
use crate::values::{is_missing, parse_boolean, parse_date, parse_number, parse_timestamp, trim};

/// What the type of the column asks for.
enum Kind {
    Numeric(Numbers),
    /// Shortest and longest in characters, and what is odd.
    Text([u64; 2], TextHabits),
    /// First and last, in milliseconds.
    Time([i64; 2]),
    Empty,
}

/// Distinct values: all of them, or what is left when they are too many.
pub(super) enum Values {
    All(Counts),
    TooMany { cardinality: Cardinality, frequent: Frequent, at_least: u64 },
}

/// One column in the first pass.
pub(super) struct ColumnPass {
    column_type: ColumnType,
    missing: u64,
    present: u64,
    kind: Kind,
    values: Values,
    share: Share,
}

impl ColumnPass {
    pub(super) fn new(column_type: ColumnType, share: Share) -> Self {
        let kind = match column_type {
            ColumnType::Integer | ColumnType::Float | ColumnType::Boolean => Kind::Numeric(Numbers::new(share)),
            ColumnType::Text => Kind::Text([u64::MAX, 0], TextHabits::default()),
            ColumnType::Date | ColumnType::Timestamp => Kind::Time([i64::MAX, i64::MIN]),
            ColumnType::Empty => Kind::Empty,
        };
        let values = Values::All(Counts::new(share.values_bytes));
        Self { column_type, missing: 0, present: 0, kind, values, share }
    }

    /// Takes the next row's field.
    pub(super) fn observe(&mut self, field: &[u8]) {
        let trimmed = trim(field);
        if is_missing(trimmed) {
            self.missing += 1;
            return;
        }
        self.present += 1;
        match &mut self.kind {
            Kind::Numeric(numbers) => {
                if let Some(number) = number_of(trimmed) {
                    numbers.observe(number);
                }
            }
            Kind::Text([shortest, longest], habits) => {
                let length = characters(field);
                *shortest = length.min(*shortest);
                *longest = length.max(*longest);
                habits.observe(field, trimmed);
            }
            Kind::Time([first, last]) => {
                if let Some(time) = time_of(trimmed) {
                    *first = time.min(*first);
                    *last = time.max(*last);
                }
            }
            Kind::Empty => {}
        }
        self.count(value_of(self.column_type, field, trimmed));
    }

    fn count(&mut self, value: &[u8]) {
        match &mut self.values {
            Values::All(counts) => {
                if !counts.observe(value) {
                    let mut cardinality = Cardinality::new(self.share.register_bits);
                    counts.entries().iter().for_each(|entry| cardinality.observe(entry.hash));
                    let at_least = counts.entries().len() as u64 + 1;
                    let counted = counts.entries().iter().map(|entry| (entry.hash, entry.count));
                    let frequent = Frequent::new(self.share.candidates, counted);
                    self.values = Values::TooMany { cardinality, frequent, at_least };
                    self.count(value);
                }
            }
            Values::TooMany { cardinality, frequent, .. } => {
                let hash = hash(value);
                cardinality.observe(hash);
                frequent.observe(hash);
            }
        }
    }

    /// Ends the first pass.
    pub(super) fn finish(self) -> Recount {
        let mut seen = Seen {
            column_type: self.column_type,
            missing: self.missing,
            present: self.present,
            distribution: None,
            text_length: None,
            habits: None,
            time_range_ms: None,
        };
        match self.kind {
            Kind::Numeric(numbers) => seen.distribution = numbers.finish(),
            Kind::Text(lengths, habits) => {
                seen.text_length = (self.present > 0).then_some(lengths);
                seen.habits = Some(habits);
            }
            Kind::Time(range) => seen.time_range_ms = (range[0] <= range[1]).then_some(range),
            Kind::Empty => {}
        }
        Recount::new(seen, self.values)
    }
}

/// What a value is told from others by: text as written, all else without spaces around it.
pub(super) const fn value_of<'a>(column_type: ColumnType, field: &'a [u8], trimmed: &'a [u8]) -> &'a [u8] {
    if matches!(column_type, ColumnType::Text) { field } else { trimmed }
}

/// The number that a field of a numeric column is.
pub(super) fn number_of(trimmed: &[u8]) -> Option<f64> {
    parse_number(trimmed).or_else(|| parse_boolean(trimmed).map(|truth| f64::from(u8::from(truth))))
}

fn time_of(trimmed: &[u8]) -> Option<i64> {
    parse_timestamp(trimmed).or_else(|| parse_date(trimmed).map(|days| i64::from(days) * 86_400_000))
}

/// Bytes of UTF-8 that do not continue a character.
fn characters(field: &[u8]) -> u64 {
    field.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64
}

//! What was found of a column, after a second pass where one is needed.

use std::collections::HashMap;

use chrono::DateTime;
use domain::dataset::{ColumnProfile, ColumnType, ValueCount};

use super::column::{Values, number_of, value_of};
use super::hash::hash;
use super::numbers::{Distribution, fill};
use super::warnings::TextHabits;
use crate::values::{is_missing, trim};

const TOP_VALUES: usize = 20;
/// A longer value is cut, so that a profile stays small.
const LONGEST_VALUE_CHARACTERS: usize = 200;

/// What the first pass knows for sure.
pub(super) struct Seen {
    pub(super) column_type: ColumnType,
    pub(super) missing: u64,
    pub(super) present: u64,
    pub(super) distribution: Option<Distribution>,
    pub(super) text_length: Option<[u64; 2]>,
    pub(super) habits: Option<TextHabits>,
    pub(super) time_range_ms: Option<[i64; 2]>,
}

/// A column in the second pass: candidates are counted, histograms filled.
pub(super) struct Recount {
    seen: Seen,
    values: Values,
    candidates: HashMap<u64, (u64, Vec<u8>)>,
}

/// A column's profile and what the warnings need besides.
pub(super) struct Finding {
    pub(super) profile: ColumnProfile,
    pub(super) habits: Option<TextHabits>,
    pub(super) is_sound: bool,
}

impl Recount {
    pub(super) fn new(seen: Seen, values: Values) -> Self {
        let candidates = match &values {
            Values::All(_) => HashMap::new(),
            Values::TooMany { frequent, .. } => frequent.candidates().map(|hash| (hash, (0, Vec::new()))).collect(),
        };
        Self { seen, values, candidates }
    }

    /// Whether the file must be read again for this column.
    pub(super) fn is_needed(&self) -> bool {
        !self.candidates.is_empty() || self.needs_histogram()
    }

    fn needs_histogram(&self) -> bool {
        self.seen.distribution.as_ref().is_some_and(|distribution| distribution.needs_histogram)
    }

    /// Takes the next row's field, once more; only where that is needed.
    pub(super) fn observe(&mut self, field: &[u8]) {
        let trimmed = trim(field);
        if is_missing(trimmed) {
            return;
        }
        if let Some(Distribution { summary, needs_histogram: true, .. }) = &mut self.seen.distribution
            && let Some(number) = number_of(trimmed)
        {
            fill(summary, number);
        }
        if !self.candidates.is_empty() {
            let value = value_of(self.seen.column_type, field, trimmed);
            if let Some((count, text)) = self.candidates.get_mut(&hash(value)) {
                if *count == 0 {
                    *text = value.to_vec();
                }
                *count += 1;
            }
        }
    }

    /// The column's profile.
    pub(super) fn finish(self, name: &str) -> Finding {
        let top_values = self.top_values();
        let (distinct, distinct_exact) = self.distinct();
        let is_sound = self.seen.distribution.as_ref().is_none_or(|distribution| distribution.is_sound);
        let as_date = self.seen.column_type == ColumnType::Date;
        let profile = ColumnProfile {
            name: name.to_owned(),
            column_type: self.seen.column_type,
            missing: self.seen.missing,
            distinct,
            distinct_exact,
            numeric: self.seen.distribution.map(|distribution| distribution.summary),
            text_length: self.seen.text_length,
            time_range: self.seen.time_range_ms.map(|range| range.map(|ms| written(ms, as_date))),
            top_values,
        };
        Finding { profile, habits: self.seen.habits, is_sound }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, within the rows")]
    fn distinct(&self) -> (u64, bool) {
        match &self.values {
            Values::All(counts) => (counts.entries().len() as u64, true),
            Values::TooMany { cardinality, at_least, .. } => {
                let estimate = cardinality.estimate().round() as u64;
                (estimate.max(*at_least).min(self.seen.present), false)
            }
        }
    }

    /// Most frequent first; of equally frequent ones, in order of the bytes.
    fn top_values(&self) -> Vec<ValueCount> {
        let mut counted: Vec<(u64, &[u8])> = match &self.values {
            Values::All(counts) => counts.entries().iter().map(|entry| (entry.count, counts.value(entry))).collect(),
            // What is no more frequent than something that may have been missed is not listed.
            Values::TooMany { frequent, .. } => {
                let counted = self.candidates.values().filter(|(count, _)| *count > frequent.shortfall());
                counted.map(|(count, text)| (*count, text.as_slice())).collect()
            }
        };
        let order = |one: &(u64, &[u8]), other: &(u64, &[u8])| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1));
        if counted.len() > TOP_VALUES {
            counted.select_nth_unstable_by(TOP_VALUES, order);
            counted.truncate(TOP_VALUES);
        }
        counted.sort_unstable_by(order);
        counted.iter().map(|(count, value)| ValueCount { value: shown(value), count: *count }).collect()
    }
}

/// A value for people: as written, cut when it is long.
pub(super) fn shown(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(value);
    match text.char_indices().nth(LONGEST_VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

fn written(ms: i64, as_date: bool) -> String {
    let format = if as_date { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M:%S%.fZ" };
    DateTime::from_timestamp_millis(ms).map(|time| time.format(format).to_string()).unwrap_or_default()
}

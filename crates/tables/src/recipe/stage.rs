//! The steps that need no more than one row at a time.

use domain::agents::ParameterProblem;

use super::condition::Asked;
use super::formula::{Arithmetic, Outcome, text_of};
use super::row::Row;
use crate::read::ReadError;

/// A step with its place in the recipe, what it did in this pass, and what it had to refuse.
pub(super) struct Stage {
    pointer: String,
    work: Work,
    seen: u64,
    kept: u64,
    refused: u64,
    /// Row and value of the first that was refused.
    first: Option<(u64, Option<f64>)>,
}

/// What a step does to a row.
pub(super) enum Work {
    /// Keeps it or not.
    Filter { index: usize, column: String, asked: Asked },
    /// Adds a field.
    Derive(Arithmetic),
    /// Adds the field that was computed for it before; NaN for none.
    Given(Vec<f64>),
    /// Keeps some of its fields.
    Select { fields: Vec<usize>, spare: Row },
}

impl Stage {
    pub(super) const fn new(pointer: String, work: Work) -> Self {
        Self { pointer, work, seen: 0, kept: 0, refused: 0, first: None }
    }

    /// Makes ready for another pass.
    pub(super) fn rewind(&mut self) {
        (self.seen, self.kept, self.refused, self.first) = (0, 0, 0, None);
    }

    /// Works on a row; false: it goes no further.
    ///
    /// # Errors
    /// When the row is not what it was when the table was uploaded.
    pub(super) fn pass(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        let position = self.seen;
        self.seen += 1;
        match &mut self.work {
            Work::Filter { index, asked, .. } => {
                if !asked.is_met(row.field(*index)) {
                    return Ok(false);
                }
            }
            Work::Derive(arithmetic) => match arithmetic.of(row)? {
                Outcome::Value(value) => row.push(text_of(value).as_bytes()),
                Outcome::Missing => row.push(b""),
                outcome @ (Outcome::Undefined(_) | Outcome::TooLarge) => {
                    let value = if let Outcome::Undefined(value) = outcome { Some(value) } else { None };
                    self.refused += 1;
                    self.first.get_or_insert((row.number, value));
                    row.push(b"");
                }
            },
            Work::Given(values) => {
                let value = usize::try_from(position).ok().and_then(|position| values.get(position));
                match value {
                    Some(value) if !value.is_nan() => row.push(text_of(*value).as_bytes()),
                    _ => row.push(b""),
                }
            }
            Work::Select { fields, spare } => row.select(fields, spare),
        }
        self.kept += 1;
        Ok(true)
    }

    /// What was wrong with the rows of the pass.
    pub(super) fn problem(&self) -> Option<ParameterProblem> {
        let detail = match (&self.work, self.first) {
            (Work::Filter { column, .. }, _) if self.seen > 0 && self.kept == 0 => {
                format!("none of the {} rows that reach it meets the condition on `{column}`; widen it", self.seen)
            }
            (Work::Derive(arithmetic), Some((first, value))) => arithmetic.refusal(self.refused, first, value),
            _ => return None,
        };
        Some(ParameterProblem::new(self.pointer.clone(), detail))
    }
}

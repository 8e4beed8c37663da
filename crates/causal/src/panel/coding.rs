//! Units, times, starts and clusters as codes that count up without gaps.

use super::input::{Adoption, PanelTime};
use super::problem::PanelError;
use crate::error::CausalError;
use crate::groups::Groups;
use crate::sample::MOST_COLUMNS;
use crate::study::{CategoricalColumn, Covariate, NumericColumn};

/// Names shown in a message.
pub(crate) const SHOWN: usize = 5;

/// The sorted rows while units are being coded.
pub(crate) struct Rows<'a> {
    /// Given row of each sorted one; none when they were given sorted.
    pub(crate) order: Option<&'a [usize]>,
    pub(crate) first_row: &'a [usize],
    pub(crate) period: &'a [u32],
    pub(crate) units: &'a [String],
    pub(crate) periods: &'a [String],
    pub(crate) times: &'a [f64],
}

impl Rows<'_> {
    /// The given row behind each sorted row of a unit.
    fn given_rows(&self, unit: usize) -> impl Iterator<Item = usize> + '_ {
        let given = |row: usize| self.order.map_or(row, |order| order[row]);
        (self.first_row[unit]..self.first_row[unit + 1]).map(given)
    }

    pub(crate) fn starts(&self, adoption: &Adoption, time: &PanelTime) -> Result<Vec<Option<u32>>, PanelError> {
        match adoption {
            Adoption::Path(path) => self.starts_of_path(path),
            Adoption::Start { column, never } => {
                let position = start_positions(column, *never, time, (self.periods, self.times))?;
                self.one_per_unit(column.name(), |row| position[row])
            }
        }
    }

    fn starts_of_path(&self, path: &NumericColumn) -> Result<Vec<Option<u32>>, PanelError> {
        let mut starts = Vec::with_capacity(self.units.len());
        let mut off = Vec::new();
        for unit in 0..self.units.len() {
            let sorted = self.first_row[unit]..self.first_row[unit + 1];
            let mut start = None;
            let mut stopped = None;
            for (row, given) in sorted.clone().zip(self.given_rows(unit)) {
                let value = path.values[given];
                let at = || format!("{} at {}", self.units[unit], self.periods[self.period[row] as usize]);
                if value.abs() > 0.0 && (value - 1.0).abs() > 0.0 {
                    return Err(PanelError::NotBinary { column: path.name.clone(), value, at: at() });
                }
                if value > 0.5 {
                    start = start.or(Some(self.period[row]));
                } else if start.is_some() && stopped.is_none() {
                    stopped = Some(at());
                }
            }
            off.extend(stopped);
            starts.push(start);
        }
        if off.is_empty() {
            return Ok(starts);
        }
        let count = off.len();
        off.truncate(SHOWN);
        Err(PanelError::SwitchesOff { count, examples: off })
    }

    fn one_per_unit<T: Copy + PartialEq>(&self, column: &str, of: impl Fn(usize) -> T) -> Result<Vec<T>, PanelError> {
        let mut values = Vec::with_capacity(self.units.len());
        let mut changing = Vec::new();
        for unit in 0..self.units.len() {
            let mut rows = self.given_rows(unit);
            let Some(first) = rows.next().map(&of) else { continue };
            if rows.any(|row| of(row) != first) {
                changing.push(self.units[unit].clone());
            }
            values.push(first);
        }
        if changing.is_empty() {
            return Ok(values);
        }
        let count = changing.len();
        changing.truncate(SHOWN);
        Err(PanelError::ChangesWithinUnit { column: column.to_owned(), count, examples: changing })
    }

    pub(crate) fn clusters(&self, given: Option<&CategoricalColumn>, unit_name: &str) -> Result<Groups, PanelError> {
        let Some(column) = given else {
            let codes = (0..).take(self.units.len()).collect();
            return Ok(Groups { name: unit_name.to_owned(), codes, sizes: vec![1; self.units.len()] });
        };
        let codes = self.one_per_unit(&column.name, |row| column.codes[row])?;
        let groups = Groups::of(&CategoricalColumn { codes, ..column.clone() });
        if groups.count() < 2 {
            return Err(CausalError::TooFewClusters { column: groups.name, clusters: groups.sizes.len() }.into());
        }
        Ok(groups)
    }
}

pub(crate) fn treatment_path(unit: &[u32], period: &[u32], start: &[Option<u32>]) -> Vec<f64> {
    let treated = |(&unit, &period): (&u32, &u32)| start[unit as usize].is_some_and(|start| period >= start);
    unit.iter().zip(period).map(|pair| f64::from(u8::from(treated(pair)))).collect()
}

pub(crate) fn first_rows(unit: &[u32], units: usize) -> Vec<usize> {
    let mut first = vec![0; units + 1];
    for &unit in unit {
        first[unit as usize + 1] += 1;
    }
    for unit in 0..units {
        first[unit + 1] += first[unit];
    }
    first
}

pub(crate) fn occurring(column: &CategoricalColumn) -> Vec<String> {
    let mut seen = vec![false; column.levels.len()];
    column.codes.iter().for_each(|&code| seen[code as usize] = true);
    column.levels.iter().zip(seen).filter(|(_, seen)| *seen).map(|(level, _)| level.clone()).collect()
}

pub(crate) fn code_times(time: &PanelTime) -> (Vec<u32>, Vec<String>, Vec<f64>) {
    match time {
        PanelTime::Labels(column) => {
            let periods = occurring(column);
            let times = (0..periods.len()).map(|position| position as f64).collect();
            (Groups::of(column).codes, periods, times)
        }
        PanelTime::Numbers(column) => {
            let times = distinct(&column.values);
            // The next row most often has the next time, or starts over.
            let mut next = 0;
            let mut code = |value: &f64| {
                let guessed = times.get(next).is_some_and(|known| known.total_cmp(value).is_eq());
                let code = if guessed { next } else { times.partition_point(|known| known.total_cmp(value).is_lt()) };
                next = if code + 1 < times.len() { code + 1 } else { 0 };
                u32::try_from(code).unwrap_or(u32::MAX)
            };
            let codes = column.values.iter().map(&mut code).collect();
            (codes, times.iter().map(f64::to_string).collect(), times)
        }
    }
}

/// The times that occur, in order.
fn distinct(values: &[f64]) -> Vec<f64> {
    let mut times: Vec<f64> = Vec::new();
    let mut next = 0;
    for &value in values {
        if times.get(next).is_some_and(|known| known.total_cmp(&value).is_eq()) {
            next = if next + 1 < times.len() { next + 1 } else { 0 };
        } else {
            let place = times.binary_search_by(|known| known.total_cmp(&value));
            next = place.unwrap_or_else(|place| {
                times.insert(place, value);
                place
            });
            next = if next + 1 < times.len() { next + 1 } else { 0 };
        }
    }
    times
}

/// The first period at or after each row's start; `None` where there is none.
fn start_positions(
    start: &PanelTime,
    never: Option<f64>,
    time: &PanelTime,
    (periods, times): (&[String], &[f64]),
) -> Result<Vec<Option<u32>>, PanelError> {
    let inside = |position: usize| (position < periods.len()).then_some(u32::try_from(position).unwrap_or(u32::MAX));
    match (start, time) {
        (PanelTime::Numbers(start), PanelTime::Numbers(_)) => {
            let of = |value: f64| {
                let known = !value.is_nan() && never.is_none_or(|never| (value - never).abs() > 0.0);
                known.then(|| times.partition_point(|&period| period < value)).and_then(inside)
            };
            // Rows of a unit have one start.
            let mut last = (f64::NAN, None);
            let mut of_row = |&value: &f64| {
                if last.0.to_bits() != value.to_bits() {
                    last = (value, of(value));
                }
                last.1
            };
            Ok(start.values.iter().map(&mut of_row).collect())
        }
        (PanelTime::Labels(start), PanelTime::Labels(time)) => {
            // The order of labels in time is that of the time's levels; a start beside them is placed by text.
            let place = |label: &String| match time.levels.iter().position(|level| level == label) {
                Some(level) => periods.iter().position(|period| time.levels[level..].contains(period)),
                None => periods.iter().position(|period| period >= label),
            };
            let of_level: Vec<Option<u32>> = start.levels.iter().map(|label| place(label).and_then(inside)).collect();
            Ok(start.codes.iter().map(|&code| of_level.get(code as usize).copied().flatten()).collect())
        }
        _ => Err(CausalError::InvalidOption {
            option: "treatment start",
            value: format!("column '{}', of another kind than time column '{}'", start.name(), time.name()),
            expected: "numbers where the time is numbers, labels where it is labels",
        }
        .into()),
    }
}

pub(crate) fn expand(covariates: &[Covariate]) -> Result<Vec<NumericColumn>, PanelError> {
    let mut columns = Vec::new();
    for covariate in covariates {
        match covariate {
            Covariate::Numeric(column) => columns.push(column.clone()),
            Covariate::Categorical(column) => {
                let groups = Groups::of(column);
                let count = columns.len() + groups.count();
                if count > MOST_COLUMNS {
                    let (limit, largest) = (MOST_COLUMNS, column.name.clone());
                    return Err(CausalError::TooManyColumns { columns: count, limit, largest }.into());
                }
                for (level, label) in occurring(column).iter().enumerate().skip(1) {
                    let holds = groups.codes.iter().map(|&code| f64::from(u8::from(code as usize == level)));
                    columns.push(NumericColumn::new(format!("{}={label}", column.name), holds.collect()));
                }
            }
        }
    }
    Ok(columns)
}

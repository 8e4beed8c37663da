//! Long data (one row for each unit and period) as a panel: checked, put in order of time, and laid out wide.
//!
//! [`Panel::of`] takes a loaded [`Table`] and the columns that have the roles unit and time. Units are in order of first
//! appearance, periods in order of time: numbers by size, dates and points in time as they follow, text only where its
//! order is that of time (all of one length and with the year first: `2024-05`, `2024Q2`). A row without unit or period
//! and a unit that stands twice in a period are errors; a unit that lacks a period is a gap, which [`Panel::complete`]
//! refuses. A period that no unit has is not missed: what the next period would be is the analyst's to know.

mod error;

use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Float64Array, StringArray};
use domain::dataset::ColumnType;

pub use error::PanelError;

use crate::read::Table;

/// At least one cell in so many must have a row: it bounds memory, and fewer is no panel.
const LEAST_FILLED: usize = 50;
/// As small as this a panel may be as sparse as it likes.
const SMALL_CELLS: usize = 100_000;

/// Which row of a table stands for which unit and period.
#[derive(Debug, Clone)]
pub struct Panel {
    units: Vec<String>,
    periods: Vec<String>,
    /// Unit by unit, its periods in order: the row's index plus one; 0 where there is none.
    cells: Vec<usize>,
}

impl Panel {
    /// Recognises the panel in a table of which both columns are loaded.
    ///
    /// # Errors
    /// [`PanelError`], naming unit and period; not for gaps.
    pub fn of(table: &Table, unit: &str, time: &str) -> Result<Self, PanelError> {
        let unit_codes = table.categories(unit)?;
        let units = labels(&unit_codes);
        let period_codes = table.categories(time)?;
        let unordered = labels(&period_codes);
        let order = in_time_order(&unordered, table.column(time)?.column_type).ok_or_else(|| PanelError::NoOrder {
            column: time.to_owned(),
            found: table.column(time).map_or(ColumnType::Empty, |column| column.column_type),
            example: unordered.first().cloned().unwrap_or_default(),
        })?;
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(position, &code)| place[code] = position);
        let periods: Vec<String> = order.iter().map(|&code| unordered[code].clone()).collect();
        let mut panel = Self { cells: empty_cells(units.len(), periods.len(), table.rows())?, units, periods };
        for row in 0..table.rows() {
            let unit =
                code(&unit_codes, row).ok_or_else(|| PanelError::NoUnit { row: row + 1, column: unit.to_owned() })?;
            let period = code(&period_codes, row).ok_or_else(|| PanelError::NoPeriod {
                row: row + 1,
                unit: panel.units[unit].clone(),
                column: time.to_owned(),
            })?;
            panel.put(unit, place[period], row)?;
        }
        Ok(panel)
    }

    /// The units, in order of first appearance.
    #[must_use]
    pub fn units(&self) -> &[String] {
        &self.units
    }

    /// The periods, in order of time.
    #[must_use]
    pub fn periods(&self) -> &[String] {
        &self.periods
    }

    /// The index of the table's row for a unit and a period, both by index; `None` for a gap.
    #[must_use]
    pub fn row(&self, unit: usize, period: usize) -> Option<usize> {
        if period >= self.periods.len() {
            return None;
        }
        self.cells.get(unit * self.periods.len() + period)?.checked_sub(1)
    }

    /// How many units lack how many periods, in all.
    #[must_use]
    pub fn gaps(&self) -> usize {
        self.cells.iter().filter(|&&cell| cell == 0).count()
    }

    /// Makes sure that each unit has each period.
    ///
    /// # Errors
    /// [`PanelError::Gap`] with the first.
    pub fn complete(&self) -> Result<(), PanelError> {
        let Some(first) = self.cells.iter().position(|&cell| cell == 0) else { return Ok(()) };
        Err(PanelError::Gap {
            unit: self.units[first / self.periods.len()].clone(),
            period: self.periods[first % self.periods.len()].clone(),
            missing: self.gaps(),
            units: self.units.len(),
            periods: self.periods.len(),
        })
    }

    /// A numeric column laid out wide: unit by unit, the values of its periods in order; null for a gap and where there
    /// is no value. `table` is the one the panel is of.
    ///
    /// # Errors
    /// [`PanelError::Read`] when the column was not loaded or is not numeric.
    pub fn wide(&self, table: &Table, column: &str) -> Result<Float64Array, PanelError> {
        let values = table.numeric(column)?;
        let value = |row: usize| (row < values.len() && values.is_valid(row)).then(|| values.value(row));
        Ok(self.cells.iter().map(|cell| cell.checked_sub(1).and_then(value)).collect())
    }

    fn put(&mut self, unit: usize, period: usize, row: usize) -> Result<(), PanelError> {
        let cell = &mut self.cells[unit * self.periods.len() + period];
        if *cell != 0 {
            return Err(PanelError::Duplicate {
                unit: self.units[unit].clone(),
                period: self.periods[period].clone(),
                first: *cell,
                second: row + 1,
            });
        }
        *cell = row + 1;
        Ok(())
    }
}

fn labels(codes: &DictionaryArray<Int32Type>) -> Vec<String> {
    let texts = codes.values().as_any().downcast_ref::<StringArray>();
    texts.map(|texts| texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect()).unwrap_or_default()
}

fn code(codes: &DictionaryArray<Int32Type>, row: usize) -> Option<usize> {
    codes.is_valid(row).then(|| codes.key(row)).flatten()
}

/// The codes of the periods as they follow; `None` when their order is not that of time.
fn in_time_order(labels: &[String], column_type: ColumnType) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    match column_type {
        ColumnType::Integer | ColumnType::Float => {
            let numbers: Vec<f64> = labels.iter().map(|label| label.parse().ok()).collect::<Option<_>>()?;
            order.sort_by(|&one, &other| numbers[one].total_cmp(&numbers[other]));
        }
        // Without the `Z`, which would put `12:00:00Z` behind `12:00:00.5Z`.
        ColumnType::Date | ColumnType::Timestamp => order.sort_by_key(|&code| labels[code].trim_end_matches('Z')),
        ColumnType::Text if labels.iter().all(|label| is_period(label, &labels[0])) => {
            order.sort_by_key(|&code| &labels[code]);
        }
        ColumnType::Text | ColumnType::Boolean | ColumnType::Empty => return None,
    }
    Some(order)
}

/// Whether text is a year and what follows, digits where `model` has digits: `2024-05`, `2024Q2`, `2024-W07`.
pub(crate) fn is_period(label: &str, model: &str) -> bool {
    let same = |(one, other): (u8, u8)| one == other || (one.is_ascii_digit() && other.is_ascii_digit());
    label.len() == model.len()
        && label.len() > 4
        && label.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && label.bytes().skip(4).any(|byte| byte.is_ascii_digit())
        && label.bytes().zip(model.bytes()).all(same)
}

fn empty_cells(units: usize, periods: usize, rows: usize) -> Result<Vec<usize>, PanelError> {
    if units == 0 || periods < 2 {
        return Err(PanelError::TooFew { units, periods });
    }
    let cells = units.saturating_mul(periods);
    if cells > SMALL_CELLS && cells / LEAST_FILLED > rows {
        return Err(PanelError::TooSparse { units, periods, cells, rows, least: LEAST_FILLED });
    }
    Ok(vec![0; cells])
}

//! From the caller's columns to a checked panel: complete, sorted by unit and period, coded.

use super::coding::{Rows, SHOWN, code_times, expand, first_rows, occurring, treatment_path};
use super::complete::{check_finite, check_lengths, drop_incomplete_rows};
use super::input::{Gaps, PanelOptions, PanelStudy, TreatedFromStart};
use super::problem::{PanelError, PanelWarning, PanelWarningCode};
use super::summary::{Cohort, PanelSummary};
use crate::groups::Groups;
use crate::study::{CategoricalColumn, NumericColumn};

/// Most periods: effects of periods are solved for together.
pub(crate) const MOST_PERIODS: usize = 2_000;

/// Fewer units than this in a cohort bring a warning.
const SMALL_COHORT: usize = 10;

/// A panel whose rows are complete, sorted by unit and then period, and coded without gaps.
#[derive(Debug, Clone)]
pub struct Panel {
    pub(crate) outcome: NumericColumn,
    pub(crate) treatment: NumericColumn,
    pub(crate) covariates: Vec<NumericColumn>,
    pub(crate) units: Vec<String>,
    pub(crate) periods: Vec<String>,
    /// Times as numbers, or positions of labels: for the check of even spacing only.
    pub(crate) times: Vec<f64>,
    pub(crate) unit: Vec<u32>,
    pub(crate) period: Vec<u32>,
    /// First row of each unit, and the number of rows at the end.
    pub(crate) first_row: Vec<usize>,
    /// Position of the first treated period of each unit.
    pub(crate) start: Vec<Option<u32>>,
    /// Clusters of units.
    pub(crate) clusters: Groups,
    rows_dropped: usize,
    units_left_out: usize,
    warnings: Vec<PanelWarning>,
}

impl Panel {
    /// Checks and codes a panel.
    ///
    /// # Errors
    /// Lengths that differ, missing or infinite values, duplicates of unit and period, gaps (unless
    /// kept), a treatment that switches off or is not 0 and 1, a start or cluster that changes within
    /// a unit, a single period, nobody treated, all treated at once, units treated from the first
    /// period on (unless left out).
    pub fn prepare(mut study: PanelStudy, options: &PanelOptions) -> Result<Self, PanelError> {
        check_lengths(&study)?;
        let rows_given = study.outcome.values.len();
        drop_incomplete_rows(&mut study)?;
        check_finite(&study)?;
        let mut panel = Self::coded(study)?;
        panel.rows_dropped = rows_given - panel.rows();
        panel.check_duplicates()?;
        panel.check_gaps(options.gaps)?;
        panel = panel.without_treated_from_start(options.treated_from_start)?;
        panel.check_comparison()?;
        panel.warn();
        Ok(panel)
    }

    /// Rows used.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.unit.len()
    }

    /// Warnings about the panel.
    #[must_use]
    pub fn warnings(&self) -> &[PanelWarning] {
        &self.warnings
    }

    /// Whether every unit has a row in every period.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        self.rows() == self.units.len() * self.periods.len()
    }

    /// Units, periods and cohorts.
    #[must_use]
    pub fn summary(&self) -> PanelSummary {
        let cohorts = self.cohorts();
        PanelSummary {
            rows: self.rows(),
            rows_dropped: self.rows_dropped,
            units: self.units.len(),
            units_left_out: self.units_left_out,
            periods: self.periods.clone(),
            balanced: self.is_balanced(),
            rows_lacking: self.units.len() * self.periods.len() - self.rows(),
            never_treated: self.never_treated(),
            staggered: cohorts.len() > 1,
            cohorts,
            treated_rows: self.treatment.values.iter().filter(|&&value| value > 0.5).count(),
            cluster: self.clusters.name.clone(),
            clusters: self.clusters.count(),
        }
    }

    /// Distinct starts, in order.
    pub(crate) fn starts(&self) -> Vec<u32> {
        let mut starts: Vec<u32> = self.start.iter().copied().flatten().collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    pub(crate) fn never_treated(&self) -> usize {
        self.start.iter().filter(|start| start.is_none()).count()
    }

    pub(crate) fn rows_of(&self, unit: usize) -> std::ops::Range<usize> {
        self.first_row[unit]..self.first_row[unit + 1]
    }

    /// Units of these flags and periods of this range, recoded; cohorts keep their start.
    pub(crate) fn part(&self, keep: &[bool], periods: std::ops::Range<usize>) -> Self {
        let rows: Vec<usize> = (0..self.rows())
            .filter(|&row| keep[self.unit[row] as usize] && periods.contains(&(self.period[row] as usize)))
            .collect();
        let mut present = vec![false; self.units.len()];
        for &row in &rows {
            present[self.unit[row] as usize] = true;
        }
        let kept: Vec<usize> = (0..self.units.len()).filter(|&unit| present[unit]).collect();
        let mut number = vec![0_u32; self.units.len()];
        (0..).zip(&kept).for_each(|(new, &old)| number[old] = new);
        let first = u32::try_from(periods.start).unwrap_or(u32::MAX);
        let last = u32::try_from(periods.end).unwrap_or(u32::MAX);
        let take = |column: &NumericColumn| {
            NumericColumn::new(column.name.clone(), rows.iter().map(|&row| column.values[row]).collect())
        };
        let clusters = CategoricalColumn {
            name: self.clusters.name.clone(),
            levels: vec![String::new(); self.clusters.count()],
            codes: kept.iter().map(|&unit| self.clusters.codes[unit]).collect(),
        };
        let inside = |start: u32| (start < last).then(|| start.saturating_sub(first));
        let unit: Vec<u32> = rows.iter().map(|&row| number[self.unit[row] as usize]).collect();
        Self {
            outcome: take(&self.outcome),
            treatment: take(&self.treatment),
            covariates: self.covariates.iter().map(take).collect(),
            units: kept.iter().map(|&old| self.units[old].clone()).collect(),
            periods: self.periods[periods.clone()].to_vec(),
            times: self.times[periods].to_vec(),
            first_row: first_rows(&unit, kept.len()),
            unit,
            period: rows.iter().map(|&row| self.period[row] - first).collect(),
            start: kept.iter().map(|&old| self.start[old].and_then(inside)).collect(),
            clusters: Groups::of(&clusters),
            rows_dropped: self.rows_dropped,
            units_left_out: self.units_left_out,
            warnings: self.warnings.clone(),
        }
    }

    /// Gives the units other starts, and the treatment that follows from them.
    pub(crate) fn with_starts(&self, start: Vec<Option<u32>>) -> Self {
        let mut panel = self.clone();
        panel.treatment.values = treatment_path(&self.unit, &self.period, &start);
        panel.start = start;
        panel
    }

    /// Treated units by their start, in order.
    fn cohorts(&self) -> Vec<Cohort> {
        let mut found = vec![(0, 0); self.periods.len()];
        for (unit, start) in self.start.iter().enumerate() {
            if let Some(start) = *start {
                let (units, rows) = &mut found[start as usize];
                (*units, *rows) = (*units + 1, *rows + self.rows_of(unit).len());
            }
        }
        let cohort = |(start_position, (units, rows)): (usize, (usize, usize))| Cohort {
            start: self.periods[start_position].clone(),
            start_position,
            units,
            rows,
        };
        found.into_iter().enumerate().filter(|(_, (units, _))| *units > 0).map(cohort).collect()
    }

    fn coded(study: PanelStudy) -> Result<Self, PanelError> {
        let groups = Groups::of(&study.unit);
        let unit_name = study.unit.name.clone();
        let units = if groups.count() == study.unit.levels.len() { study.unit.levels } else { occurring(&study.unit) };
        let (period, periods, times) = code_times(&study.time);
        if periods.len() > MOST_PERIODS {
            return Err(PanelError::TooManyPeriods { periods: periods.len(), limit: MOST_PERIODS });
        }
        if let [only] = periods.as_slice() {
            return Err(PanelError::SinglePeriod { period: only.clone() });
        }
        let order = order(&groups.codes, &period);
        let order = order.as_deref();
        let take = |values: Vec<f64>| match order {
            None => values,
            Some(order) => order.iter().map(|&row| values[row]).collect(),
        };
        let take_codes = |codes: Vec<u32>| match order {
            None => codes,
            Some(order) => order.iter().map(|&row| codes[row]).collect(),
        };
        let (unit, period) = (take_codes(groups.codes), take_codes(period));
        let first_row = first_rows(&unit, units.len());
        let covariates = expand(&study.covariates)?
            .into_iter()
            .map(|column| NumericColumn { values: take(column.values), name: column.name })
            .collect();
        let rows =
            Rows { order, first_row: &first_row, period: &period, units: &units, periods: &periods, times: &times };
        let start = rows.starts(&study.adoption, &study.time)?;
        let clusters = rows.clusters(study.clusters.as_ref(), &unit_name)?;
        let treatment = NumericColumn::new(study.adoption.name(), treatment_path(&unit, &period, &start));
        Ok(Self {
            outcome: NumericColumn { values: take(study.outcome.values), name: study.outcome.name },
            treatment,
            covariates,
            units,
            periods,
            times,
            unit,
            period,
            first_row,
            start,
            clusters,
            rows_dropped: 0,
            units_left_out: 0,
            warnings: Vec::new(),
        })
    }

    fn at(&self, row: usize) -> String {
        format!("{} at {}", self.units[self.unit[row] as usize], self.periods[self.period[row] as usize])
    }

    fn check_duplicates(&self) -> Result<(), PanelError> {
        let again = |&row: &usize| self.unit[row] == self.unit[row - 1] && self.period[row] == self.period[row - 1];
        let repeated: Vec<usize> = (1..self.rows()).filter(again).collect();
        if repeated.is_empty() {
            return Ok(());
        }
        let mut examples: Vec<String> = repeated.iter().map(|&row| self.at(row)).collect();
        examples.dedup();
        let count = examples.len();
        examples.truncate(SHOWN);
        Err(PanelError::Duplicates { count, examples })
    }

    fn check_gaps(&mut self, gaps: Gaps) -> Result<(), PanelError> {
        if self.is_balanced() {
            return Ok(());
        }
        let (mut units, mut rows, mut examples) = (0, 0, Vec::new());
        for unit in 0..self.units.len() {
            let own = &self.period[self.rows_of(unit)];
            let lacking = self.periods.len() - own.len();
            units += usize::from(lacking > 0);
            rows += lacking;
            if lacking > 0 && examples.len() < SHOWN {
                let absent = (0..).zip(&self.periods).find(|(code, _)| own.binary_search(code).is_err());
                examples.extend(absent.map(|(_, period)| format!("{} at {period}", self.units[unit])));
            }
        }
        let (all_units, periods) = (self.units.len(), self.periods.len());
        if gaps == Gaps::Refuse {
            return Err(PanelError::Unbalanced { units, all_units, periods, rows, examples });
        }
        self.warnings.push(PanelWarning::new(
            PanelWarningCode::Gaps,
            format!(
                "{units} of {all_units} units lack at least one of the {periods} periods ({rows} rows in all); the result holds if what is lacking has nothing to do with the outcome"
            ),
        ));
        Ok(())
    }

    fn without_treated_from_start(self, choice: TreatedFromStart) -> Result<Self, PanelError> {
        let early: Vec<usize> = (0..self.units.len()).filter(|&unit| self.start[unit] == Some(0)).collect();
        if early.is_empty() {
            return Ok(self);
        }
        let (count, period) = (early.len(), self.periods[0].clone());
        if choice == TreatedFromStart::Refuse || count == self.units.len() {
            let examples = early.iter().take(SHOWN).map(|&unit| self.units[unit].clone()).collect();
            return Err(PanelError::TreatedFromStart { count, period, examples });
        }
        let keep: Vec<bool> = self.start.iter().map(|&start| start != Some(0)).collect();
        let mut panel = self.part(&keep, 0..self.periods.len());
        panel.units_left_out = count;
        panel.warnings.push(PanelWarning::new(
            PanelWarningCode::UnitsDropped,
            format!("{count} units treated from the first period {period} on were left out: they have no before"),
        ));
        Ok(panel)
    }

    fn check_comparison(&self) -> Result<(), PanelError> {
        let units = self.units.len();
        match self.starts().as_slice() {
            [] => Err(PanelError::NoTreated { units }),
            [only] if self.never_treated() == 0 => {
                Err(PanelError::AllAtOnce { units, period: self.periods[*only as usize].clone() })
            }
            _ => Ok(()),
        }
    }

    fn warn(&mut self) {
        let mut warn = |code, message| self.warnings.push(PanelWarning::new(code, message));
        if self.rows_dropped > 0 {
            let message = format!("{} rows were dropped because a value is missing", self.rows_dropped);
            warn(PanelWarningCode::RowsDropped, message);
        }
        if self.start.iter().all(Option::is_some) {
            let message = "no unit is never treated: only units that start later can serve as comparison, and effects after the last start cannot be learnt".into();
            warn(PanelWarningCode::NoNeverTreated, message);
        }
        let steps: Vec<f64> = self.times.windows(2).map(|pair| pair[1] - pair[0]).collect();
        if steps.iter().any(|step| (step - steps[0]).abs() > 1e-9 * steps[0].abs()) {
            let message = "periods are not evenly spaced; 'periods before' and 'periods after' count observed periods, whatever lies between them".into();
            warn(PanelWarningCode::UnevenPeriods, message);
        }
        let small: Vec<Cohort> = self.cohorts().into_iter().filter(|one| one.units < SMALL_COHORT).collect();
        for Cohort { start, units, .. } in small {
            let message = format!(
                "only {units} units start in {start}; errors and intervals of their effects rest on large samples and may be too small"
            );
            self.warnings.push(PanelWarning::new(PanelWarningCode::SmallCohort, message));
        }
    }
}

/// The rows in the order of unit and period; `None` when they are.
fn order(unit: &[u32], period: &[u32]) -> Option<Vec<usize>> {
    let key = |row: usize| (u64::from(unit[row]) << 32) | u64::from(period[row]);
    let sorted = (1..unit.len()).all(|row| key(row - 1) <= key(row));
    (!sorted).then(|| {
        let mut order: Vec<usize> = (0..unit.len()).collect();
        order.sort_by_key(|&row| key(row));
        order
    })
}

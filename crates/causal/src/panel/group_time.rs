//! Group-time effects of Callaway and Sant'Anna (2021): right under staggered starts.
//!
//! For the cohort that starts in `g` and a period `t`, `ATT(g,t)` compares the cohort's change from a
//! base period to `t` with that of units never treated, or not yet treated by then (equations 2.6 to
//! 2.9; estimators in `cell`). From the start on the base is `g-1`. Before it, a varying base is the
//! period before `t` (R's default), a universal one is `g-1` as well.
//!
//! Errors come from influence functions `psi_i` over all `n` units, summed within clusters:
//! `SE = sqrt(sum_c (sum_{i in c} psi_i)^2) / n`, compared with the normal distribution. With gaps, a
//! cell uses the units observed in both of its periods.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::aggregation::{Aggregate, Cells, Combined, Part};
use super::bands::Bootstrap;
use super::cell::Cell;
use super::effect::{Effect, Families};
use super::prepare::Panel;
use super::problem::{PanelError, PanelWarning, PanelWarningCode};
use super::regression::check_confidence;
use crate::error::quoted;
use crate::study::NumericColumn;

/// Whom a cohort is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonUnits {
    /// Units never treated within the panel.
    #[default]
    NeverTreated,
    /// Those, and units that start after both periods of the comparison.
    NotYetTreated,
}

/// Against which period effects before the start are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasePeriod {
    /// The period before: short differences.
    #[default]
    Varying,
    /// The last period before the start: long differences, as in an event study.
    Universal,
}

/// How covariates are adjusted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjustment {
    /// Outcome regression and propensity together; without covariates the same as unadjusted.
    #[default]
    DoublyRobust,
    /// Outcome regression alone.
    OutcomeRegression,
    /// Covariates are ignored.
    Unadjusted,
}

/// Options of the group-time effects.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GroupTimeOptions {
    /// Whom a cohort is compared with.
    pub comparison: ComparisonUnits,
    /// Base of the effects before the start.
    pub base: BasePeriod,
    /// How covariates are adjusted for.
    pub adjustment: Adjustment,
    /// Confidence level of intervals and bands.
    pub confidence: f64,
    /// Simultaneous bands; none when absent.
    pub bootstrap: Option<Bootstrap>,
}

impl Default for GroupTimeOptions {
    fn default() -> Self {
        Self {
            comparison: ComparisonUnits::default(),
            base: BasePeriod::default(),
            adjustment: Adjustment::default(),
            confidence: 0.95,
            bootstrap: None,
        }
    }
}

/// The effect on one cohort in one period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupTimeEffect {
    /// Start of the cohort.
    pub cohort: String,
    /// The period.
    pub period: String,
    /// Periods since the start; negative before it.
    pub event_time: i64,
    /// The period that it is compared with.
    pub base: String,
    /// Units of the cohort.
    pub treated_units: usize,
    /// Comparison units.
    pub comparison_units: usize,
    /// The effect; before the start it should be zero.
    pub effect: Effect,
}

/// All group-time effects and their averages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupTimeEffects {
    /// By cohort and period.
    pub effects: Vec<GroupTimeEffect>,
    /// Simple, group, dynamic and calendar, in this order.
    pub aggregates: Vec<Aggregate>,
    /// Critical value of the simultaneous bands of `effects`.
    pub band_critical_value: Option<f64>,
    /// Units.
    pub units: usize,
    /// Clusters of the errors.
    pub clusters: usize,
    /// What to know about it.
    pub warnings: Vec<PanelWarning>,
}

/// A value with the influence of every unit of the panel, and the cell it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Estimated {
    pub(crate) cohort: u32,
    pub(crate) period: u32,
    base: u32,
    treated_units: usize,
    comparison_units: usize,
    trimmed: usize,
    pub(crate) value: f64,
    pub(crate) influence: Vec<f64>,
}

impl Estimated {
    pub(crate) fn event_time(&self) -> i64 {
        i64::from(self.period) - i64::from(self.cohort)
    }

    /// An average of cells of which this is the first.
    pub(crate) fn average(&self, value: f64, influence: Vec<f64>) -> Self {
        Self { value, influence, ..*self }
    }
}

/// Estimates all group-time effects and their averages.
///
/// # Errors
/// Never-treated units asked for where there are none; no cell with comparison units; options out of
/// range.
pub fn callaway_santanna(panel: &Panel, options: &GroupTimeOptions) -> Result<GroupTimeEffects, PanelError> {
    check_confidence(options.confidence)?;
    if let Some(bootstrap) = &options.bootstrap {
        bootstrap.check()?;
    }
    let (cells, left_out) = estimate_cells(panel, options)?;
    let combined = Cells { estimated: &cells, start: &panel.start, periods: &panel.periods }
        .combine()
        .ok_or_else(|| PanelError::NoEffects { reason: left_out.first().map_or_else(String::new, Clone::clone) })?;
    let warnings = warnings(&cells, &left_out);
    Ok(report(panel, options, &cells, &combined, warnings))
}

/// The overall effect of the group aggregation alone, for refuters.
pub(crate) fn overall_value(panel: &Panel, comparison: ComparisonUnits) -> Result<f64, PanelError> {
    let options = GroupTimeOptions { comparison, ..GroupTimeOptions::default() };
    let found = callaway_santanna(panel, &options)?;
    let headline = found.aggregates.iter().find(|one| one.aggregation == super::Aggregation::Group);
    headline
        .map(|aggregate| aggregate.overall.value)
        .ok_or(PanelError::NoEffects { reason: "there is no treated cell".into() })
}

fn estimate_cells(panel: &Panel, options: &GroupTimeOptions) -> Result<(Vec<Estimated>, Vec<String>), PanelError> {
    if options.comparison == ComparisonUnits::NeverTreated && panel.never_treated() == 0 {
        return Err(PanelError::NoNeverTreated { units: panel.units.len() });
    }
    let rows = row_table(panel);
    let count = u32::try_from(panel.periods.len()).unwrap_or(u32::MAX);
    let mut wanted = Vec::new();
    for cohort in panel.starts() {
        for period in 0..count {
            let base = match options.base {
                _ if period >= cohort => cohort - 1,
                BasePeriod::Universal if period == cohort - 1 => continue,
                BasePeriod::Universal => cohort - 1,
                BasePeriod::Varying if period == 0 => continue,
                BasePeriod::Varying => period - 1,
            };
            wanted.push((cohort, period, base));
        }
    }
    let found: Vec<Result<Estimated, String>> = wanted
        .into_par_iter()
        .map(|(cohort, period, base)| {
            estimate_cell(panel, &rows, options, (cohort, period, base)).map_err(|reason| {
                let name = |position: u32| &panel.periods[position as usize];
                format!("start {} in {}: {reason}", name(cohort), name(period))
            })
        })
        .collect();
    let (mut cells, mut left_out) = (Vec::new(), Vec::new());
    for cell in found {
        match cell {
            Ok(cell) => cells.push(cell),
            Err(reason) => left_out.push(reason),
        }
    }
    Ok((cells, left_out))
}

/// Row of each unit and period; `None` where there is a gap.
fn row_table(panel: &Panel) -> Vec<Option<u32>> {
    let mut table = vec![None; panel.units.len() * panel.periods.len()];
    for ((row, &unit), &period) in (0_u32..).zip(&panel.unit).zip(&panel.period) {
        table[unit as usize * panel.periods.len() + period as usize] = Some(row);
    }
    table
}

fn estimate_cell(
    panel: &Panel,
    rows: &[Option<u32>],
    options: &GroupTimeOptions,
    (cohort, period, base): (u32, u32, u32),
) -> Result<Estimated, String> {
    let width = panel.periods.len();
    let compared = |start: Option<u32>| match options.comparison {
        ComparisonUnits::NeverTreated => start.is_none(),
        ComparisonUnits::NotYetTreated => start.is_none_or(|start| start > period.max(base) && start != cohort),
    };
    let (mut members, mut bases, mut change, mut treated) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (unit, &start) in panel.start.iter().enumerate() {
        let own = start == Some(cohort);
        if !own && !compared(start) {
            continue;
        }
        let at = |period: u32| rows[unit * width + period as usize].map(|row| row as usize);
        let (Some(now), Some(before)) = (at(period), at(base)) else { continue };
        members.push(unit);
        bases.push(before);
        change.push(panel.outcome.values[now] - panel.outcome.values[before]);
        treated.push(f64::from(u8::from(own)));
    }
    let treated_units = treated.iter().filter(|&&own| own > 0.5).count();
    let comparison_units = treated.len() - treated_units;
    if treated_units == 0 || comparison_units == 0 {
        return Err(format!("{treated_units} units of the cohort and {comparison_units} to compare with"));
    }
    let at_base = |column: &NumericColumn| {
        NumericColumn::new(column.name.clone(), bases.iter().map(|&row| column.values[row]).collect())
    };
    let covariates = panel.covariates.iter().map(at_base).collect();
    let estimate = Cell { change, treated, covariates }.estimate(options.adjustment)?;
    let scale = panel.units.len() as f64 / members.len() as f64;
    let mut influence = vec![0.0; panel.units.len()];
    for (unit, value) in members.into_iter().zip(estimate.influence) {
        influence[unit] = scale * value;
    }
    let (value, trimmed) = (estimate.value, estimate.trimmed);
    Ok(Estimated { cohort, period, base, treated_units, comparison_units, trimmed, value, influence })
}

fn warnings(cells: &[Estimated], left_out: &[String]) -> Vec<PanelWarning> {
    let mut warnings = Vec::new();
    if !left_out.is_empty() {
        warnings.push(PanelWarning::new(
            PanelWarningCode::EffectsLeftOut,
            format!("{} group-time effects could not be computed: {}", left_out.len(), quoted(left_out)),
        ));
    }
    let trimmed: usize = cells.iter().map(|cell| cell.trimmed).sum();
    if trimmed > 0 {
        warnings.push(PanelWarning::new(
            PanelWarningCode::Overlap,
            format!("{trimmed} times a comparison unit had a propensity of 0.995 or more and was left out of the weights: cohort and comparison units differ in their covariates"),
        ));
    }
    warnings
}

fn report(
    panel: &Panel,
    options: &GroupTimeOptions,
    cells: &[Estimated],
    combined: &[Combined],
    warnings: Vec<PanelWarning>,
) -> GroupTimeEffects {
    let families = Families { panel, confidence: options.confidence, bootstrap: options.bootstrap };
    let mut members: Vec<Vec<&Estimated>> = vec![cells.iter().collect()];
    members.extend(combined.iter().map(|one| one.parts.iter().map(|part| &part.3).collect()));
    let critical = families.critical_values(&members);
    let name = |position: u32| panel.periods[position as usize].clone();
    let effects = cells.iter().map(|cell| GroupTimeEffect {
        cohort: name(cell.cohort),
        period: name(cell.period),
        event_time: cell.event_time(),
        base: name(cell.base),
        treated_units: cell.treated_units,
        comparison_units: cell.comparison_units,
        effect: families.effect(cell, critical[0]),
    });
    let effects = effects.collect();
    let aggregates = combined.iter().zip(&critical[1..]).map(|(one, &critical)| {
        let parts = one.parts.iter().map(|(label, event_time, cells, estimated)| Part {
            label: label.clone(),
            event_time: *event_time,
            cells: *cells,
            effect: families.effect(estimated, critical),
        });
        let parts: Vec<Part> = parts.collect();
        let band_critical_value = critical.filter(|_| !parts.is_empty());
        Aggregate {
            aggregation: one.aggregation,
            overall: families.effect(&one.overall, None),
            parts,
            band_critical_value,
        }
    });
    GroupTimeEffects {
        effects,
        aggregates: aggregates.collect(),
        band_critical_value: critical[0],
        units: panel.units.len(),
        clusters: panel.clusters.count(),
        warnings,
    }
}

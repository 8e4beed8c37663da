//! What must not happen when the design holds: effects before the treatment, effects of treatments
//! dealt out at random, one cohort that makes the whole result.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::group_time::{ComparisonUnits, overall_value};
use super::prepare::Panel;
use super::problem::PanelError;
use super::regression::{Coefficient, Design, PanelInference, Within};
use super::two_way::two_way_fixed_effects;
use super::within::TwoWay;
use crate::error::CausalError;
use crate::estimate::Interval;
use crate::factor::PIVOT_TOLERANCE;
use crate::matrix::{centred_sum_of_squares, dot};
use crate::random::{Purpose, shuffle, stream};
use crate::refute::Plan;

/// Below this p-value a placebo in time is a red flag: rarer than at 5 %, because a sound panel goes through several such
/// checks.
const FLAG_BELOW: f64 = 0.005;

/// Above this p-value the estimate is not told apart from chance.
const BY_CHANCE_ABOVE: f64 = 0.05;

/// Most simulations: each estimates the panel anew.
const MOST_SIMULATIONS: usize = 10_000;

/// What a refuter estimates again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum PanelEstimator {
    /// The coefficient of [`two_way_fixed_effects`].
    TwoWayFixedEffects,
    /// The overall effect by cohort of [`super::callaway_santanna`], doubly robust with covariates.
    CallawaySantanna {
        /// Whom a cohort is compared with.
        comparison: ComparisonUnits,
    },
}

impl PanelEstimator {
    pub(crate) fn value(self, panel: &Panel) -> Result<f64, PanelError> {
        match self {
            Self::TwoWayFixedEffects => Ok(two_way_fixed_effects(panel, &PanelInference::default())?.effect.value),
            Self::CallawaySantanna { comparison } => overall_value(panel, comparison),
        }
    }
}

/// The effect of a start that never was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceboInTime {
    /// The pretended start of all treated units.
    pub start: String,
    /// Periods used: those before the first real start.
    pub periods: Vec<String>,
    /// The effect found; it should be none.
    pub effect: Coefficient,
    /// Whether it is told apart from zero at 0.5 %.
    pub flagged: bool,
    /// The sentence for people.
    pub finding: String,
}

/// Pretends that all treated units started earlier, in the middle of the periods before the first
/// real start, and looks for an effect in those periods alone. With one pretended start, two-way fixed
/// effects are the difference in differences.
///
/// # Errors
/// Fewer than two periods before the first start; as [`two_way_fixed_effects`].
pub fn placebo_in_time(panel: &Panel, inference: &PanelInference) -> Result<PlaceboInTime, PanelError> {
    let first_start = panel.starts().first().copied().unwrap_or(0);
    let first = first_start as usize;
    if first < 2 {
        let start = panel.periods[first].clone();
        return Err(PanelError::TooFewPeriodsBefore { what: "a placebo in time", needed: 2, found: first, start });
    }
    let middle = u32::try_from(first.div_ceil(2)).unwrap_or(u32::MAX);
    let everyone = vec![true; panel.units.len()];
    let before = panel.part(&everyone, 0..first);
    if panel.never_treated() == 0 {
        let period = panel.periods[middle as usize].clone();
        return Err(PanelError::AllAtOnce { units: panel.units.len(), period });
    }
    // Units seen in no period before the first start are not in the part.
    let seen = |unit: &usize| panel.period[panel.first_row[*unit]] < first_start;
    let starts = (0..panel.units.len()).filter(seen).map(|unit| panel.start[unit].map(|_| middle)).collect();
    let pretended = before.with_starts(starts);
    let effect = two_way_fixed_effects(&pretended, inference)?.effect;
    let start = panel.periods[middle as usize].clone();
    let flagged = effect.p_value < FLAG_BELOW;
    let finding = if flagged {
        format!(
            "a start pretended in {start} shows an effect of {:.4} (p = {:.4}) before any treatment",
            effect.value, effect.p_value
        )
    } else {
        format!("a start pretended in {start} shows no effect ({:.4}, p = {:.4})", effect.value, effect.p_value)
    };
    Ok(PlaceboInTime { start, periods: pretended.periods.clone(), effect, flagged, finding })
}

/// Effects of starts dealt out to units at random.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceboInUnit {
    /// What was estimated.
    pub estimator: PanelEstimator,
    /// The estimate with the real starts.
    pub original: f64,
    /// Simulations that gave an estimate.
    pub simulations: usize,
    /// Simulations that gave none.
    pub failed_simulations: usize,
    /// Mean of the placebo estimates; should be near zero.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// `(1 + placebos at least as far from zero as the estimate) / (1 + simulations)`: the permutation
    /// test of no effect on anybody (Fisher's sharp null).
    pub p_value: f64,
    /// Whether the estimate is not told apart from chance at 5 %.
    pub flagged: bool,
    /// The sentence for people.
    pub finding: String,
    /// The placebo estimates.
    pub values: Vec<f64>,
}

/// Deals the starts out to the units at random, again and again, and estimates anew.
///
/// # Errors
/// A number of simulations out of range; an estimator that fails on the real starts.
pub fn placebo_in_unit(panel: &Panel, estimator: PanelEstimator, plan: Plan) -> Result<PlaceboInUnit, PanelError> {
    check_simulations(plan)?;
    let original = estimator.value(panel)?;
    let projection = Projection::of(panel, estimator);
    let drawn: Vec<Option<f64>> = (0..plan.simulations)
        .into_par_iter()
        .map(|simulation| {
            let placebo = panel.with_starts(permuted_starts(panel, plan.seed, simulation));
            match &projection {
                Some(projection) => projection.coefficient(&placebo),
                None => estimator.value(&placebo).ok(),
            }
        })
        .collect();
    let values: Vec<f64> = drawn.iter().copied().flatten().collect();
    let count = values.len() as f64;
    let mean = if values.is_empty() { f64::NAN } else { crate::matrix::mean(&values) };
    let standard_deviation = (centred_sum_of_squares(&values) / (count - 1.0)).sqrt();
    let beyond = values.iter().filter(|value| value.abs() >= original.abs()).count();
    let p_value = (1.0 + beyond as f64) / (1.0 + count);
    let flagged = p_value > BY_CHANCE_ABOVE;
    let finding = if flagged {
        format!(
            "{beyond} of {count} treatments dealt out at random show an effect at least as large (p = {p_value:.4}): the estimate is not told apart from chance"
        )
    } else {
        format!(
            "{beyond} of {count} treatments dealt out at random show an effect as large as the estimate (p = {p_value:.4})"
        )
    };
    Ok(PlaceboInUnit {
        estimator,
        original,
        simulations: values.len(),
        failed_simulations: plan.simulations - values.len(),
        mean,
        standard_deviation,
        p_value,
        flagged,
        finding,
        values,
    })
}

fn check_simulations(plan: Plan) -> Result<(), CausalError> {
    if (1..=MOST_SIMULATIONS).contains(&plan.simulations) {
        return Ok(());
    }
    let expected = "between 1 and 10000";
    Err(CausalError::InvalidOption { option: "simulations", value: plan.simulations.to_string(), expected })
}

/// Outcome and controls, residualised once for all placebos of two-way fixed effects.
struct Projection<'a> {
    effects: TwoWay<'a>,
    controls: Design,
    outcome: Vec<f64>,
}

impl<'a> Projection<'a> {
    fn of(panel: &'a Panel, estimator: PanelEstimator) -> Option<Self> {
        (estimator == PanelEstimator::TwoWayFixedEffects).then(|| {
            let effects = TwoWay::of(panel);
            let given = panel.covariates.iter().map(|column| (column.name.clone(), column.values.as_slice())).collect();
            let controls = Design::of(&Within::of(&effects, given), &mut Vec::new());
            let outcome = controls.rest(&effects.residual(&panel.outcome.values)).into_owned();
            Self { effects, controls, outcome }
        })
    }

    fn coefficient(&self, placebo: &Panel) -> Option<f64> {
        let values = &placebo.treatment.values;
        let residual = self.effects.residual(values);
        let treatment = self.controls.rest(&residual);
        let variation = dot(&treatment, &treatment);
        (variation > PIVOT_TOLERANCE * centred_sum_of_squares(values))
            .then(|| dot(&treatment, &self.outcome) / variation)
    }
}

/// Starts dealt out to units, or to whole clusters that share one.
pub(crate) fn permuted_starts(panel: &Panel, seed: u64, simulation: usize) -> Vec<Option<u32>> {
    let code = |start: &Option<u32>| start.map_or(-1.0, f64::from);
    let codes: Vec<f64> = panel.start.iter().map(code).collect();
    let mut generator = stream(seed, Purpose::Placebo, simulation);
    let dealt: Vec<f64> = if let Some(mut shared) = panel.clusters.constant_within(&codes) {
        shuffle(&mut generator, &mut shared);
        (0..codes.len()).map(|unit| shared[panel.clusters.of_row(unit)]).collect()
    } else {
        let mut codes = codes;
        shuffle(&mut generator, &mut codes);
        codes
    };
    let starts = panel.starts();
    dealt.into_iter().map(|code| starts.iter().copied().find(|&start| (f64::from(start) - code).abs() < 0.5)).collect()
}

/// The estimate without one cohort.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CohortLeftOut {
    /// Start of the cohort left out.
    pub start: String,
    /// Its units.
    pub units: usize,
    /// The estimate without it; absent where it cannot be computed.
    pub value: Option<f64>,
    /// Why it cannot be computed.
    pub reason: Option<String>,
    /// Whether the estimate leaves the interval of the whole or changes its sign.
    pub flagged: bool,
}

/// The estimate without each cohort in turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaveOneCohortOut {
    /// What was estimated.
    pub estimator: PanelEstimator,
    /// The estimate with all.
    pub original: f64,
    /// Without each cohort, in the order of starts.
    pub cohorts: Vec<CohortLeftOut>,
    /// Whether any is flagged.
    pub flagged: bool,
    /// The sentence for people.
    pub finding: String,
}

/// Estimates anew without each cohort in turn. An estimate outside `interval` (that of the whole
/// estimate) or of the other sign is flagged: one cohort makes the result.
///
/// # Errors
/// A single cohort; an estimator that fails on the whole panel.
pub fn leave_one_cohort_out(
    panel: &Panel,
    estimator: PanelEstimator,
    interval: Interval,
) -> Result<LeaveOneCohortOut, PanelError> {
    let starts = panel.starts();
    if let [only] = starts.as_slice() {
        return Err(PanelError::OneCohort { start: panel.periods[*only as usize].clone() });
    }
    if interval.lower > interval.upper {
        let value = format!("{} to {}", interval.lower, interval.upper);
        let expected = "from its lower to its upper end";
        return Err(CausalError::InvalidOption { option: "interval", value, expected }.into());
    }
    let original = estimator.value(panel)?;
    let cohorts: Vec<CohortLeftOut> = starts
        .into_par_iter()
        .map(|cohort| {
            let keep: Vec<bool> = panel.start.iter().map(|&start| start != Some(cohort)).collect();
            let units = keep.iter().filter(|&&keep| !keep).count();
            let found = estimator.value(&panel.part(&keep, 0..panel.periods.len()));
            let outside = |value: f64| value < interval.lower || value > interval.upper || value * original < 0.0;
            let flagged = found.as_ref().is_ok_and(|&value| outside(value));
            let reason = found.as_ref().err().map(PanelError::to_string);
            CohortLeftOut { start: panel.periods[cohort as usize].clone(), units, value: found.ok(), reason, flagged }
        })
        .collect();
    let named: Vec<&str> = cohorts.iter().filter(|one| one.flagged).map(|one| one.start.as_str()).collect();
    let finding = if named.is_empty() {
        "leaving out any one cohort keeps the estimate within its interval".to_owned()
    } else {
        format!(
            "the estimate rests on the cohort that starts in {}: without it, it leaves its interval or changes sign",
            named.join(" or ")
        )
    };
    Ok(LeaveOneCohortOut { estimator, original, flagged: !named.is_empty(), finding, cohorts })
}

//! Refuters of the weighted estimate: every simulation fits the propensities anew.
//!
//! A placebo whose weights come from the real treatment tests nothing (the fault of `DoWhy` issue 1728),
//! so a permuted treatment gets its own propensities, and so do subsets, bootstrap draws and an added
//! covariate. The cost is one propensity fit per simulation; [`Budget`] bounds it, and the result says
//! how many simulations were asked for and done.

use serde::{Deserialize, Serialize};

use super::{Hajek, WeightingFit, kept_rows};
use crate::error::CausalError;
use crate::matrix::mean;
use crate::random::{Purpose, fill_noise, stream};
use crate::refute::placebo::Permutation;
use crate::refute::weights::{LEFT_OUT, Law, Weights};
use crate::refute::{Draws, FLAG_BELOW, Plan, Refuter};
use crate::sample::Sample;

/// What the simulations may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Simulations wished for, of each refuter.
    pub simulations: usize,
    /// Most rows to fit, over all simulations of one refuter; at least one simulation is done.
    pub most_row_fits: usize,
    /// Same seed, same numbers.
    pub seed: u64,
}

impl Budget {
    /// Simulations that the budget pays for.
    #[must_use]
    pub fn affordable(&self, rows: usize) -> usize {
        self.simulations.min((self.most_row_fits / rows.max(1)).max(1))
    }
}

/// What a refuter found for a weighted estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightingRefutation {
    /// Which refuter.
    pub refuter: Refuter,
    /// How the simulations were drawn, and that the propensities were fitted anew.
    pub method: String,
    /// The estimate that is put to the test.
    pub original: f64,
    /// Simulations asked for.
    pub simulations_asked: usize,
    /// Simulations that gave an estimate.
    pub simulations: usize,
    /// Simulations that gave none (separation, or trimming left nothing).
    pub failed_simulations: usize,
    /// Whether the deadline stopped the simulations before the budget was used.
    pub stopped_by_deadline: bool,
    /// Mean of the simulated estimates.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// The simulated estimates, in the order of simulation.
    pub values: Vec<f64>,
    /// Two-sided position among the simulated estimates of zero (placebo) or of the original (others).
    pub p_value: f64,
    /// Whether the reader must be warned.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// Puts a weighted estimate to one refuter. `out_of_time` is asked before each simulation but the first.
///
/// # Errors
/// A number of simulations out of range.
pub fn refute_weighting(
    sample: &Sample,
    fit: &WeightingFit,
    refuter: Refuter,
    budget: Budget,
    out_of_time: &mut dyn FnMut() -> bool,
) -> Result<WeightingRefutation, CausalError> {
    Plan { simulations: budget.simulations, seed: budget.seed }.check()?;
    let mut simulated = Vec::new();
    let affordable = budget.affordable(sample.rows());
    for simulation in 0..affordable {
        if simulation > 0 && out_of_time() {
            break;
        }
        simulated.push(simulate(sample, fit, refuter, budget.seed, simulation));
    }
    let stopped_by_deadline = simulated.len() < affordable;
    Ok(report(fit, refuter, budget, stopped_by_deadline, Draws::of(simulated)))
}

/// One simulated estimate; `None` when the simulation has none.
fn simulate(sample: &Sample, fit: &WeightingFit, refuter: Refuter, seed: u64, simulation: usize) -> Option<f64> {
    let rows = sample.rows();
    let mut values = vec![0.0; rows];
    let treatment = sample.treatment_values();
    let weighted = |law: Law, values: &mut [f64]| {
        let simulations = [(law, simulation)];
        Weights::new(seed, &simulations, sample.clusters.as_ref()).fill(0, 0..rows, &mut Vec::new(), values);
    };
    match refuter {
        Refuter::PlaceboTreatment => {
            Permutation::of(sample).draw(seed, simulation, &mut values);
            // The permutation is of the centred treatment.
            for value in &mut values {
                *value = f64::from(u8::from(*value > 0.0));
            }
            effect(sample, fit, None, &values, None)
        }
        Refuter::RandomCommonCause => {
            fill_noise(&mut stream(seed, Purpose::CommonCause, simulation), &mut values);
            effect(sample, fit, Some(&values), treatment, None)
        }
        Refuter::DataSubset => {
            weighted(Law::LeftOut, &mut values);
            for value in &mut values {
                *value = 1.0 - *value;
            }
            effect(sample, fit, None, treatment, Some(&values))
        }
        Refuter::Bootstrap => {
            weighted(Law::Bootstrap, &mut values);
            effect(sample, fit, None, treatment, Some(&values))
        }
    }
}

fn effect(
    sample: &Sample,
    fit: &WeightingFit,
    covariate: Option<&[f64]>,
    treatment: &[f64],
    base: Option<&[f64]>,
) -> Option<f64> {
    let wider = covariate.map(|values| fit.design.with_column("random common cause", values));
    let model = wider.as_ref().unwrap_or(&fit.design).fit(treatment, base).ok()?;
    let mut kept = kept_rows(fit.options.trimming, treatment, &model.probabilities, base).ok()?;
    if let Some(base) = base {
        kept.iter_mut().zip(base).for_each(|(kept, base)| *kept *= base);
    }
    let hajek = Hajek::of(sample.outcome_values(), treatment, &model.log_odds, fit.options.estimand, Some(&kept));
    Some(hajek.effect())
}

fn report(
    fit: &WeightingFit,
    refuter: Refuter,
    budget: Budget,
    stopped_by_deadline: bool,
    draws: Draws,
) -> WeightingRefutation {
    let original = fit.estimate.value;
    let target = if refuter == Refuter::PlaceboTreatment { 0.0 } else { original };
    let p_value = draws.two_sided_position(target);
    let ratio = draws.standard_deviation / fit.estimate.standard_error_propensity_estimated;
    // The standard deviation of B draws has a relative error of about 1/sqrt(2B): allow 3.5 of them.
    let allowed = 1.0 + (3.5 / (2.0 * draws.values.len().max(1) as f64).sqrt()).max(0.25);
    let too_wide = refuter == Refuter::Bootstrap && ratio > allowed;
    let flagged = p_value < FLAG_BELOW || too_wide || draws.values.is_empty();
    let (method, finding) = words(refuter, &draws, flagged, ratio, original);
    WeightingRefutation {
        refuter,
        method: format!("{method}; the propensities are fitted anew in each simulation"),
        original,
        simulations_asked: budget.simulations,
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        stopped_by_deadline,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        flagged,
        finding,
        values: draws.values,
    }
}

fn words(refuter: Refuter, draws: &Draws, flagged: bool, ratio: f64, original: f64) -> (String, String) {
    let around = if draws.values.is_empty() { f64::NAN } else { mean(&draws.values) };
    let verdict = |good: &str, bad: &str| -> String {
        if draws.values.is_empty() {
            return "no simulation gave an estimate".into();
        }
        format!("{} (mean {around:.4}, estimate {original:.4})", if flagged { bad } else { good })
    };
    match refuter {
        Refuter::PlaceboTreatment => (
            "the treatment is permuted".into(),
            verdict("permuted treatments have effects around zero", "permuted treatments have effects away from zero"),
        ),
        Refuter::RandomCommonCause => (
            "one covariate of pure noise is added to the propensity model".into(),
            verdict("a random covariate leaves the estimate in place", "a random covariate moves the estimate"),
        ),
        Refuter::DataSubset => (
            format!("each row (or cluster) is left out with probability {LEFT_OUT}"),
            verdict("subsets leave the estimate in place", "on subsets the estimate moves: some rows carry it"),
        ),
        Refuter::Bootstrap => (
            "each row (or cluster) enters with an independent Poisson(1) count".into(),
            format!(
                "{}; the bootstrap's standard error is {ratio:.2} times the reported one",
                verdict("bootstrap estimates lie around the estimate", "the bootstrap disagrees with the estimate")
            ),
        ),
    }
}

//! Refuters of the weighted estimate: every simulation fits the propensities anew.
//!
//! A placebo whose weights come from the real treatment tests nothing (the fault of `DoWhy` issue 1728),
//! so a permuted treatment gets its own propensities, and so do subsets, bootstrap draws and an added
//! covariate. The cost is one propensity fit per simulation; [`Budget`] bounds it, and the result says
//! how many simulations were asked for and done.

use serde::{Deserialize, Serialize};

use super::{Hajek, WeightingFit, kept_rows};
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::Interval;
use crate::random::{Purpose, fill_noise, stream};
use crate::refute::placebo::Permutation;
use crate::refute::weights::{LEFT_OUT, Law, Weights};
use crate::refute::{Draws, FLAG_BELOW, Plan, Refutation, Refuter, share_of, standard_error_ratio_allowed};
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

/// Name of the estimator in [`Refutation::estimator`].
pub const WEIGHTING_LABEL: &str = "inverse_propensity_weighting";

/// Puts a weighted estimate to one refuter. `out_of_time` is asked before each simulation but the first;
/// a warning says when it ended the simulations before the budget did.
///
/// # Errors
/// A number of simulations out of range.
pub fn refute_weighting(
    sample: &Sample,
    fit: &WeightingFit,
    refuter: Refuter,
    budget: Budget,
    out_of_time: &mut dyn FnMut() -> bool,
) -> Result<Refutation, CausalError> {
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
            let permuted = Permutation::of(sample).treatment(seed, simulation);
            effect(sample, fit, None, &permuted, None)
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

fn report(fit: &WeightingFit, refuter: Refuter, budget: Budget, stopped_by_deadline: bool, draws: Draws) -> Refutation {
    let original = fit.estimate.value;
    let (placebo, bootstrap) = (refuter == Refuter::PlaceboTreatment, refuter == Refuter::Bootstrap);
    let p_value = draws.two_sided_position(if placebo { 0.0 } else { original });
    let ratio = draws.standard_deviation / fit.estimate.standard_error_propensity_estimated;
    let too_wide = bootstrap && ratio > standard_error_ratio_allowed(draws.values.len());
    let flagged = p_value < FLAG_BELOW || too_wide || draws.values.is_empty();
    let Words { tests, method, p_value_meaning, finding } = words(refuter, &draws, flagged, ratio, original);
    let confidence = fit.options.confidence;
    let critical = ReferenceDistribution::Normal.critical_value(1.0 - confidence, f64::INFINITY);
    let margin = critical * draws.standard_deviation;
    let rows = fit.weights.len();
    let mut warnings = draws.warnings("weighting");
    if stopped_by_deadline || draws.values.len() + draws.failed < budget.simulations {
        let end = if stopped_by_deadline { "time was up" } else { "the budget was used up" };
        let message = format!(
            "{} of the {} simulations asked for were done before {end}",
            draws.values.len() + draws.failed,
            budget.simulations
        );
        warnings.push(Warning::new(WarningCode::FewerSimulations, message));
    }
    Refutation {
        refuter,
        estimator: WEIGHTING_LABEL.into(),
        tests: tests.into(),
        method: format!("{method}; the propensities are fitted anew in each simulation"),
        original,
        simulations_asked: budget.simulations,
        rows: share_of(rows, if refuter == Refuter::DataSubset { 1.0 - LEFT_OUT } else { 1.0 }),
        simulations: draws.values.len(),
        failed_simulations: draws.failed,
        mean: draws.mean,
        standard_deviation: draws.standard_deviation,
        p_value,
        p_value_meaning: p_value_meaning.into(),
        permutation_p_value: placebo.then(|| draws.at_least_as_far(original)),
        interval: bootstrap.then_some(Interval { confidence, lower: original - margin, upper: original + margin }),
        same_sign_share: matches!(refuter, Refuter::DataSubset | Refuter::Bootstrap)
            .then(|| draws.same_sign_share(original)),
        flagged,
        finding,
        warnings,
        values: draws.values,
    }
}

struct Words {
    tests: &'static str,
    method: String,
    p_value_meaning: &'static str,
    finding: String,
}

fn words(refuter: Refuter, draws: &Draws, flagged: bool, ratio: f64, original: f64) -> Words {
    let verdict = |good: &str, bad: &str| -> String {
        if draws.values.is_empty() {
            return "no simulation gave an estimate".into();
        }
        format!("{} (mean {:.4}, estimate {original:.4})", if flagged { bad } else { good }, draws.mean)
    };
    let (tests, method, finding) = match refuter {
        Refuter::PlaceboTreatment => (
            "whether the analysis finds an effect of a treatment that cannot have one",
            "the treatment is permuted".into(),
            verdict("permuted treatments have effects around zero", "permuted treatments have effects away from zero"),
        ),
        Refuter::RandomCommonCause => (
            "whether the estimate moves when a covariate is added that has nothing to do with anything",
            "one covariate of pure noise is added to the propensity model".into(),
            verdict("a random covariate leaves the estimate in place", "a random covariate moves the estimate"),
        ),
        Refuter::DataSubset => (
            "whether the estimate rests on a small part of the data",
            format!("each row (or cluster) is left out with probability {LEFT_OUT}"),
            verdict("subsets leave the estimate in place", "on subsets the estimate moves: some rows carry it"),
        ),
        Refuter::Bootstrap => (
            "whether the estimate and its standard error hold when the data are drawn anew",
            "each row (or cluster) enters with an independent Poisson(1) count".into(),
            format!(
                "{}; the bootstrap's standard error is {ratio:.2} times the reported one",
                verdict("bootstrap estimates lie around the estimate", "the bootstrap disagrees with the estimate")
            ),
        ),
    };
    let p_value_meaning = if refuter == Refuter::PlaceboTreatment {
        "two-sided position of zero among the placebo effects; small means that placebo effects are not centred on zero"
    } else {
        "two-sided position of the estimate among the simulated ones; small means that these lie to one side of it"
    };
    Words { tests, method, p_value_meaning, finding }
}

//! Refuters: what should happen to the estimate if the analysis were sound, simulated many times.
//!
//! Linear fits are refuted by algebra ([`placebo_treatment`], [`random_common_cause`], [`resampling`]), never
//! by refitting row by row:
//!
//! | refuter | what is simulated | what one simulation costs |
//! | --- | --- | --- |
//! | placebo treatment | the treatment, permuted | its products with the controls (one matrix product for a batch) |
//! | random common cause | one more control, pure noise | the same |
//! | data subset | about a fifth of the rows is left out | the Gram matrix of those rows, taken off the whole |
//! | bootstrap | Poisson(1) weights on the rows | a reweighted Gram matrix |
//!
//! The Gram matrices of all simulations come from one matrix product: pairs of columns times weights
//! ([`resample`]). The unobserved confounder is not simulated but solved: [`crate::sensitivity`].
//!
//! Other estimators are estimated again within a budget ([`refute_again`]); where an estimate has an
//! influence function, subset and bootstrap follow from it without a fit ([`refute_by_influence`]).
//!
//! With a cluster column, bootstrap and subset draw whole clusters, and the placebo permutes the
//! treatment between clusters when it is constant within them.

mod again;
mod budget;
mod by_influence;
pub(crate) mod engine;
#[cfg(test)]
mod naive;
mod original;
pub(crate) mod placebo;
mod probe;
mod random_cause;
mod resample;
mod resampling;
pub(crate) mod units;
mod verdict;
pub(crate) mod weights;

use serde::{Deserialize, Serialize};

pub use self::again::{Refit, refute_again};
pub use self::budget::{Affordable, AgainPlan};
pub use self::by_influence::refute_by_influence;
pub use self::original::Original;
pub use self::placebo::placebo_treatment;
pub use self::random_cause::random_common_cause;
pub use self::resampling::{Resampled, resampling};
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::Interval;

/// Probability below which a refuter is flagged.
pub(crate) const FLAG_BELOW: f64 = 0.05;

/// Most simulations that may be asked for.
const MOST_SIMULATIONS: usize = 100_000;

/// How many simulations, from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Simulations of each refuter.
    pub simulations: usize,
    /// Same seed, same numbers.
    pub seed: u64,
}

impl Plan {
    pub(crate) fn check(self) -> Result<(), CausalError> {
        if (1..=MOST_SIMULATIONS).contains(&self.simulations) {
            return Ok(());
        }
        let expected = "between 1 and 100000";
        Err(CausalError::InvalidOption { option: "simulations", value: self.simulations.to_string(), expected })
    }
}

/// Which refuter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refuter {
    /// The treatment is permuted.
    PlaceboTreatment,
    /// Noise is added as a covariate.
    RandomCommonCause,
    /// About a fifth of the rows is left out.
    DataSubset,
    /// Rows are drawn with replacement.
    Bootstrap,
}

/// What a refuter found for one estimator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refutation {
    /// Which refuter.
    pub refuter: Refuter,
    /// The estimator it was put to: [`crate::Estimator::name`] for linear fits, else the caller's label.
    pub estimator: String,
    /// What it tests, in words.
    pub tests: String,
    /// How the simulations were drawn.
    pub method: String,
    /// The estimate that is put to the test.
    pub original: f64,
    /// Simulations that were asked for; fewer are done when a budget does not pay for them.
    pub simulations_asked: usize,
    /// Rows of each simulation (about, where it is drawn which ones).
    pub rows: usize,
    /// Simulations that gave an estimate.
    pub simulations: usize,
    /// Simulations that gave none (no variation of the treatment left).
    pub failed_simulations: usize,
    /// Mean of the simulated estimates.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// The simulated estimates, for a histogram, in the order of simulation.
    pub values: Vec<f64>,
    /// Between 0 and 1; [`Self::p_value_meaning`] says what of.
    pub p_value: f64,
    /// What the p-value is the probability of.
    pub p_value_meaning: String,
    /// Placebo only: how often a permuted treatment had an effect at least as large as the original.
    pub permutation_p_value: Option<f64>,
    /// Bootstrap only: the estimate plus and minus the critical value times the bootstrap's standard deviation.
    pub interval: Option<Interval>,
    /// Subset and bootstrap: share of simulations whose estimate has the sign of the original.
    pub same_sign_share: Option<f64>,
    /// Whether the reader must be warned.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
    /// What to know about the simulations.
    pub warnings: Vec<Warning>,
}

/// A share of the rows, rounded.
pub(crate) fn share_of(rows: usize, share: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a row count")]
    let part = (rows as f64 * share).round() as usize;
    part
}

/// A simulated standard error up to this many times the reported one is not flagged: a quarter more, or
/// 3.5 times the relative error of the standard deviation of so many draws, about `1/sqrt(2B)`.
pub(crate) fn standard_error_ratio_allowed(draws: usize) -> f64 {
    1.0 + (3.5 / (2.0 * draws.max(1) as f64).sqrt()).max(0.25)
}

/// Simulated estimates of one estimator; `None` where a simulation gave none.
pub(crate) struct Draws {
    pub(crate) values: Vec<f64>,
    pub(crate) failed: usize,
    pub(crate) mean: f64,
    pub(crate) standard_deviation: f64,
}

impl Draws {
    pub(crate) fn of(simulated: impl IntoIterator<Item = Option<f64>>) -> Self {
        let (mut values, mut failed) = (Vec::new(), 0);
        for value in simulated {
            match value {
                Some(value) if value.is_finite() => values.push(value),
                _ => failed += 1,
            }
        }
        let count = values.len() as f64;
        let mean = if values.is_empty() { 0.0 } else { crate::matrix::mean(&values) };
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_deviation = if values.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        Self { values, failed, mean, standard_deviation }
    }

    /// Twice the smaller of the shares of draws at or below and at or above `point`, the point itself
    /// counted among the draws (Davison-Hinkley 1997, 4.2): in (0, 1] by construction.
    pub(crate) fn two_sided_position(&self, point: f64) -> f64 {
        let share = |count: usize| (count as f64 + 1.0) / (self.values.len() as f64 + 1.0);
        let below = self.values.iter().filter(|&&value| value <= point).count();
        let above = self.values.iter().filter(|&&value| value >= point).count();
        (2.0 * share(below.min(above))).min(1.0)
    }

    /// Share of draws at least as far from zero as `point`, the point counted among the draws.
    pub(crate) fn at_least_as_far(&self, point: f64) -> f64 {
        let count = self.values.iter().filter(|value| value.abs() >= point.abs()).count();
        (count as f64 + 1.0) / (self.values.len() as f64 + 1.0)
    }

    pub(crate) fn same_sign_share(&self, point: f64) -> f64 {
        if self.values.is_empty() {
            return 0.0;
        }
        let same = self.values.iter().filter(|&&value| value * point > 0.0).count();
        same as f64 / self.values.len() as f64
    }

    /// A warning of simulations that gave none.
    pub(crate) fn warnings(&self, refuter: &str) -> Vec<Warning> {
        if self.failed == 0 {
            return Vec::new();
        }
        let all = self.failed + self.values.len();
        let message = format!(
            "{} of {all} simulations of the {refuter} refuter left no variation of the treatment and gave no estimate",
            self.failed
        );
        vec![Warning::new(WarningCode::FailedSimulations, message)]
    }
}

//! Data subset and bootstrap of an estimate whose influence function is known, without a fit.
//!
//! An estimate moves by the mean of its influence `psi`. With weights `w` of mean one the reweighted
//! estimate is, to first order and with the nuisance functions held fixed,
//!
//! ```text
//! bootstrap:  value + sum(psi (w - 1)) / n      w Poisson(1), by row or cluster
//! subset:     value + sum(psi kept) / sum(kept)
//! ```
//!
//! the multiplier bootstrap (Chernozhukov et al. 2018, section 3.3, for cross-fitted scores; van der
//! Vaart-Wellner 1996, chapter 2.9). What it cannot show is how the nuisance functions themselves would
//! change: [`super::refute_again`] does. Its own find is the estimate that rests on a few rows: the
//! largest share of the variance that one row (cluster) has.

use rayon::prelude::*;

use super::verdict::OTHER_SIGN;
use super::weights::{LEFT_OUT, Law, Weights};
use super::{Draws, Original, Plan, Refutation, Refuter, share_of, standard_error_ratio_allowed};
use crate::distribution::ReferenceDistribution;
use crate::error::CausalError;
use crate::estimate::Interval;
use crate::matrix::{dot, row_chunks};
use crate::sample::Sample;

/// One row (cluster) with a larger share of the variance than this carries the estimate.
const CARRIES: f64 = 0.25;

/// Influences by what is drawn.
struct Parts {
    /// Sum of the influences of each unit.
    sums: Vec<f64>,
    /// Rows of each unit; empty when units are rows.
    sizes: Vec<f64>,
    rows: usize,
    unit: &'static str,
}

/// Puts an estimate to data subset and bootstrap by its influence; other refuters need a fit and are
/// passed over. `influence` holds one number per row: the estimate moves by their mean.
///
/// # Errors
/// A number of simulations out of range, influences for another number of rows, an original without a
/// positive standard error.
pub fn refute_by_influence(
    sample: &Sample,
    original: &Original,
    influence: &[f64],
    refuters: &[Refuter],
    plan: Plan,
) -> Result<Vec<Refutation>, CausalError> {
    plan.check()?;
    original.check()?;
    if influence.len() != sample.rows() {
        let column = "influence".to_owned();
        return Err(CausalError::LengthMismatch { column, found: influence.len(), expected: sample.rows() });
    }
    let parts = Parts::of(sample, influence);
    let wanted = refuters.iter().filter_map(|refuter| match refuter {
        Refuter::DataSubset => Some(parts.subset(original, plan)),
        Refuter::Bootstrap => Some(parts.bootstrap(original, plan)),
        Refuter::PlaceboTreatment | Refuter::RandomCommonCause => None,
    });
    Ok(wanted.collect())
}

impl Parts {
    fn of(sample: &Sample, influence: &[f64]) -> Self {
        let rows = influence.len();
        match &sample.clusters {
            Some(clusters) => Self {
                sums: clusters.sums(influence),
                sizes: clusters.sizes.iter().map(|&size| size as f64).collect(),
                rows,
                unit: "cluster",
            },
            None => Self { sums: influence.to_vec(), sizes: Vec::new(), rows, unit: "row" },
        }
    }

    /// Sums of `weight * influence` and of `weight * rows` in one simulation.
    fn weighted(&self, seed: u64, law: Law, simulation: usize) -> [f64; 2] {
        let simulations = [(law, simulation)];
        let weights = Weights::new(seed, &simulations, None);
        let (mut words, mut drawn) = (Vec::new(), Vec::new());
        let mut totals = [0.0; 2];
        for range in row_chunks(self.sums.len()) {
            drawn.resize(range.len(), 0.0);
            weights.fill(0, range.clone(), &mut words, &mut drawn);
            totals[0] += dot(&drawn, &self.sums[range.clone()]);
            totals[1] += if self.sizes.is_empty() { drawn.iter().sum() } else { dot(&drawn, &self.sizes[range]) };
        }
        totals
    }

    fn draws(&self, plan: Plan, law: Law, value: impl Fn([f64; 2]) -> Option<f64> + Sync + Send) -> Draws {
        let simulated: Vec<Option<f64>> = (0..plan.simulations)
            .into_par_iter()
            .map(|simulation| value(self.weighted(plan.seed, law, simulation)))
            .collect();
        Draws::of(simulated)
    }

    fn total(&self) -> f64 {
        dot(&self.sums, &vec![1.0; self.sums.len()])
    }

    /// Largest share of the variance that one unit has.
    fn largest_share(&self) -> f64 {
        let largest = self.sums.iter().fold(0.0_f64, |most, value| most.max(value * value));
        let all = dot(&self.sums, &self.sums);
        if all > 0.0 { largest / all } else { 0.0 }
    }

    fn subset(&self, original: &Original, plan: Plan) -> Refutation {
        let (sum, rows) = (self.total(), self.rows as f64);
        let draws = self.draws(plan, Law::LeftOut, |[out, size]| {
            let left = rows - size;
            (left > 0.0).then(|| original.value + (sum - out) / left)
        });
        let share = self.largest_share();
        let same_sign = draws.same_sign_share(original.value);
        let significant = original.value.abs() > critical(original) * original.standard_error;
        let sign_moves = significant && same_sign < 1.0 - OTHER_SIGN;
        let carried = share > CARRIES;
        let unit = self.unit;
        let finding = if carried {
            format!("one {unit} makes {:.0} % of the estimate's variance: the estimate rests on it", 100.0 * share)
        } else if sign_moves {
            format!(
                "on random subsets only {:.0} % of the estimates keep the sign: some {unit}s carry it",
                100.0 * same_sign
            )
        } else {
            let kept = 100.0 * (1.0 - LEFT_OUT);
            format!("on random subsets of about {kept:.0} % the estimate stays near {:.4}", draws.mean)
        };
        let mut found = self.blank(original, draws, Refuter::DataSubset, 1.0 - LEFT_OUT);
        found.tests = "whether the estimate rests on a small part of the data".into();
        found.method = format!("each {unit} is left out with probability {LEFT_OUT}; {FIXED}");
        found.same_sign_share = Some(same_sign);
        found.flagged = carried || sign_moves;
        found.finding = finding;
        found
    }

    fn bootstrap(&self, original: &Original, plan: Plan) -> Refutation {
        let (sum, rows) = (self.total(), self.rows as f64);
        let draws = self.draws(plan, Law::Bootstrap, |[drawn, _]| Some(original.value + (drawn - sum) / rows));
        let ratio = draws.standard_deviation / original.standard_error;
        let flagged = ratio > standard_error_ratio_allowed(draws.values.len());
        let margin = critical(original) * draws.standard_deviation;
        let (confidence, value) = (original.confidence, original.value);
        let finding = if flagged {
            format!(
                "the bootstrap's standard error is {ratio:.2} times the reported one: the reported interval may be too narrow"
            )
        } else {
            let own = draws.standard_deviation;
            format!("the bootstrap's standard error ({own:.4}) agrees with the reported one ({ratio:.2} times)")
        };
        let same_sign = draws.same_sign_share(value);
        let mut found = self.blank(original, draws, Refuter::Bootstrap, 1.0);
        found.tests = "whether the standard error holds when the data are drawn anew".into();
        found.method = format!("each {} enters with an independent Poisson(1) count; {FIXED}", self.unit);
        found.interval = Some(Interval { confidence, lower: value - margin, upper: value + margin });
        found.same_sign_share = Some(same_sign);
        found.flagged = flagged;
        found.finding = finding;
        found
    }

    /// Everything but the words and the verdict.
    fn blank(&self, original: &Original, draws: Draws, refuter: Refuter, share: f64) -> Refutation {
        Refutation {
            refuter,
            estimator: original.estimator.clone(),
            tests: String::new(),
            method: String::new(),
            original: original.value,
            simulations_asked: draws.values.len() + draws.failed,
            rows: share_of(self.rows, share),
            simulations: draws.values.len(),
            failed_simulations: draws.failed,
            mean: draws.mean,
            standard_deviation: draws.standard_deviation,
            p_value: draws.two_sided_position(original.value),
            p_value_meaning: "two-sided position of the estimate among the simulated ones".into(),
            permutation_p_value: None,
            interval: None,
            same_sign_share: None,
            flagged: false,
            finding: String::new(),
            warnings: Vec::new(),
            values: draws.values,
        }
    }
}

const FIXED: &str =
    "nuisances fixed, multiplier bootstrap of the influence (Chernozhukov et al. 2018; van der Vaart-Wellner 1996)";

fn critical(original: &Original) -> f64 {
    ReferenceDistribution::Normal.critical_value(1.0 - original.confidence, f64::INFINITY)
}

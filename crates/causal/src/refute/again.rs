//! Refuters of any estimator: the caller says how to estimate, and it is done again on changed data.
//!
//! Everything that an estimate needs is made anew in each simulation, propensities and folds included:
//! a placebo with the propensities of the real treatment tests nothing (`DoWhy` issue 1728). Folds that
//! were given for the rows of the whole cannot be kept on fewer rows; they are dealt anew there.
//!
//! | refuter | a simulation | compared with | flagged when |
//! | --- | --- | --- | --- |
//! | placebo treatment | the treatment permuted (between clusters where it is constant within them); on a subsample, rows drawn anew each time | zero | the mean effect is off zero beyond chance (Student's t, p < 0.002) and by a tenth of the placebo effects' spread |
//! | random common cause | one covariate of pure noise | the estimate of the same rows with the same seed | the estimate lies beyond chance (p < 0.002) to one side of those with noise, by a quarter standard error or more |
//! | data subset | rows (clusters) left out with probability 0.2 | the estimate of the rows it is taken from | as above; or the sign changes in over 5 % although the interval excludes zero; or subsets spread 2.5 times as far as they should |
//! | bootstrap | the rows (clusters) split into two halves; half the difference of their estimates | the reported standard error | its standard error exceeds the reported one by more than 25 % (more for few simulations) |
//!
//! The bootstrap proper draws rows several times, which a matching estimator cannot bear
//! (Abadie-Imbens 2008); half-samples have no ties (`McCarthy` 1969; Politis-Romano-Wolf 1999). The halves
//! of one split share no row, so for estimates `a` and `b` of variance `2 V` each, `V` being that of the whole,
//! `(a - b) / 2` has the variance `V`. The spread of half-samples around the whole estimate has it too where
//! estimates are smooth, but for matching it is 19 % too wide: pairs are matched anew in each half, and the
//! mean over many halves, around which they spread, moves less than the estimate itself.
//!
//! Placebos draw a fresh subsample each time, so that their mean speaks for all rows; the paired
//! refuters keep one, because they compare estimates of the same rows. Spreads on `m` of `n` rows are
//! compared with `sqrt(n/m)` reported standard errors.
//!
//! False alarms on sound studies (linear law, one confounder, effect 1; the ignored test `soundness` makes the
//! table), flags of placebo, common cause, subset and bootstrap; *ratio* is the simulated standard error by
//! the reported one:
//!
//! | estimator | rows | simulations | studies | flags | studies flagged | ratio |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | AIPW, all, linear nuisances | 1,000 | 20 | 200 | 0, 0, 0, 1 | 0.5 % | 0.99 |
//! | AIPW, treated, linear | 1,000 | 20 | 200 | 0, 0, 0, 1 | 0.5 % | 0.99 |
//! | AIPW, all, boosted | 1,000 | 20 | 20 | 0, 0, 0, 0 | 0.0 % | 0.99 |
//! | partially linear, linear | 1,000 | 20 | 200 | 0, 0, 0, 1 | 0.5 % | 0.99 |
//! | partially linear, boosted | 1,000 | 20 | 20 | 0, 0, 0, 0 | 0.0 % | 1.02 |
//! | weighting | 1,000 | 20 | 200 | 0, 0, 0, 1 | 0.5 % | 0.99 |
//! | matching, treated | 1,000 | 20 | 200 | 1, 0, 1, 0 | 1.0 % | 1.00 |
//! | matching, treated | 1,000 | 100 | 100 | 0, 0, 0, 0 | 0.0 % | 1.01 |
//! | matching, treated, subsamples | 1,000 of 4,000 | 20 | 200 | 1, 1, 1, 0 | 1.5 % | 0.98 |
//! | matching, all | 1,000 | 20 | 200 | 0, 0, 0, 0 | 0.0 % | 0.98 |
//! | two-way fixed effects | 150 units by 10 | 20 | 200 | 0, 0, 0, 0 | 0.0 % | 0.99 |
//! | Callaway-Sant'Anna | 150 units by 10 | 20 | 200 | 0, 0, 0, 0 | 0.0 % | 1.00 |
//! | regression, by algebra | 1,500 | 20; 100 | 200 | 0, 0, 0, 1; none | 0.5 %; 0.0 % | 1.00 |
//! | weighting, its own refuters | 1,500 | 20; 100 | 200 | 0, 0, 0, 2; none | 1.0 %; 0.0 % | 1.00 |
//! | AIPW by influence (the last two) | 1,500 | 100 | 200 | 0, 0 | 0.0 % | 1.00 |

use super::budget::AgainPlan;
use super::engine::{Subject, refute};
use super::placebo::Permutation;
use super::units::Units;
use super::{Original, Refutation, Refuter};
use crate::error::CausalError;
use crate::random::{Purpose, fill_noise, stream};
use crate::sample::Sample;

/// How to estimate again.
pub trait Refit: Sync {
    /// The estimate on these rows. `seed` decides what is drawn at random, such as folds; estimates that
    /// are compared pairwise get the same.
    ///
    /// # Errors
    /// Whatever the estimator refuses; the simulation counts as failed.
    fn value(&self, sample: &Sample, seed: u64) -> Result<f64, CausalError>;
}

impl<F> Refit for F
where
    F: Fn(&Sample, u64) -> Result<f64, CausalError> + Sync,
{
    fn value(&self, sample: &Sample, seed: u64) -> Result<f64, CausalError> {
        self(sample, seed)
    }
}

/// Puts an estimate to refuters by estimating again, within a budget.
///
/// # Errors
/// A plan out of range, an original without a positive standard error.
pub fn refute_again(
    sample: &Sample,
    original: &Original,
    refit: &dyn Refit,
    refuters: &[Refuter],
    plan: &AgainPlan,
) -> Result<Vec<Refutation>, CausalError> {
    plan.check()?;
    original.check()?;
    let estimate = |sample: &Sample, seed: u64| refit.value(sample, seed).map_err(|error| error.to_string());
    Ok(refute(sample, &estimate, original, refuters, plan))
}

impl Subject for Sample {
    fn rows(&self) -> usize {
        Sample::rows(self)
    }

    fn units(&self) -> Units {
        Units::of_sample(self)
    }

    fn part(&self, kept: &[bool]) -> Result<Self, String> {
        let unit = |row: usize| self.clusters.as_ref().map_or(row, |clusters| clusters.of_row(row));
        let rows: Vec<usize> = (0..Sample::rows(self)).filter(|&row| kept[unit(row)]).collect();
        Sample::part(self, &rows).map_err(|error| error.to_string())
    }

    fn placebo(&self, seed: u64, simulation: usize) -> Self {
        self.with_treatment(Permutation::of(self).treatment(seed, simulation))
    }

    fn placebo_method(&self) -> &'static str {
        Permutation::of(self).method()
    }

    fn with_noise(&self, seed: u64, simulation: usize) -> Result<Self, String> {
        let mut noise = vec![0.0; Sample::rows(self)];
        fill_noise(&mut stream(seed, Purpose::CommonCause, simulation), &mut noise);
        self.with_covariate("random common cause", noise).map_err(|error| error.to_string())
    }
}

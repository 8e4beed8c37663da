//! Estimators as the refuters take them: an estimate, and how to make it again.

use causal::boosting::BoostingOptions;
use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustFit, DoublyRobustOptions, Learner, PartiallyLinearScore, Population,
    doubly_robust,
};
use causal::matching::{MatchingOptions, matching};
use causal::propensity::propensity;
use causal::refute::{Original, Refit};
use causal::weighting::{Estimand, WeightingFit, WeightingOptions, weighting};
use causal::{CausalError, Sample};

/// Seed of the folds of the original, and of the plans that refute it.
pub(crate) const SEED: u64 = 7;

pub(crate) const AIPW: DoublyRobustEstimator = DoublyRobustEstimator::Aipw(Population::All);
pub(crate) const AIPW_TREATED: DoublyRobustEstimator = DoublyRobustEstimator::Aipw(Population::Treated);
pub(crate) const PARTIALLY_LINEAR: DoublyRobustEstimator =
    DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::PartiallingOut);

/// One of the estimators.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Method {
    Robust(DoublyRobustEstimator, Learner),
    Matching(Estimand),
    Weighting(Estimand),
}

pub(crate) fn fit_robust(
    sample: &Sample,
    estimator: DoublyRobustEstimator,
    learner: Learner,
    seed: u64,
) -> Result<DoublyRobustFit, CausalError> {
    doubly_robust(sample, estimator, &DoublyRobustOptions { learner, seed, ..DoublyRobustOptions::default() })
}

pub(crate) fn boosted() -> Learner {
    Learner::Boosted(BoostingOptions { rounds: 60, ..BoostingOptions::default() })
}

pub(crate) fn fit_weighting(sample: &Sample, estimand: Estimand) -> Result<WeightingFit, CausalError> {
    weighting(sample, &WeightingOptions { estimand, ..WeightingOptions::default() })
}

impl Method {
    pub(crate) fn fit(self, sample: &Sample, seed: u64) -> Result<(f64, f64), CausalError> {
        Ok(match self {
            Self::Robust(estimator, learner) => {
                let found = fit_robust(sample, estimator, learner, seed)?.estimate;
                (found.value, found.standard_error)
            }
            Self::Matching(estimand) => {
                let (_, model) = propensity(sample)?;
                let found = matching(sample, &model, &MatchingOptions { estimand, ..MatchingOptions::default() })?;
                (found.value, found.standard_error)
            }
            Self::Weighting(estimand) => {
                let found = fit_weighting(sample, estimand)?.estimate;
                (found.value, found.standard_error)
            }
        })
    }

    pub(crate) fn original(self, sample: &Sample) -> Original {
        let (value, standard_error) = self.fit(sample, SEED).unwrap();
        Original::new(format!("{self:?}"), value, standard_error)
    }
}

impl Refit for Method {
    fn value(&self, sample: &Sample, seed: u64) -> Result<f64, CausalError> {
        Ok(self.fit(sample, seed)?.0)
    }
}

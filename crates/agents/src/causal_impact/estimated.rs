//! One estimator's answer: what the result says of it, and what agreement, refuters and sensitivity start from.

use std::borrow::Cow;

use causal::agreement::Candidate;
use causal::doubly_robust::DoublyRobustFit;
use causal::matching::MatchingEstimate;
use causal::weighting::WeightingFit;
use causal::{Fit, Warning};
use domain::agents::causal_impact::{Design, Estimand, EstimateReport, Estimator};

use super::report;

/// An estimate with what was fitted.
pub(super) struct Estimated {
    pub(super) report: EstimateReport,
    pub(super) fitted: Fitted,
    pub(super) warnings: Vec<Warning>,
}

/// What was fitted.
pub(super) enum Fitted {
    Linear(Box<Fit>),
    Weighting(Box<WeightingFit>),
    Matching,
    DoublyRobust(Box<DoublyRobustFit>),
}

impl Estimated {
    pub(super) const fn estimator(&self) -> Estimator {
        self.report.estimator
    }

    /// Influence of each row of the sample; none for matching, and for the change score, whose sample is another.
    pub(super) fn influence(&self) -> Option<Cow<'_, [f64]>> {
        match &self.fitted {
            Fitted::Linear(fit) => Some(Cow::Owned(fit.influence())),
            Fitted::Weighting(fit) => Some(Cow::Borrowed(&fit.influence)),
            Fitted::DoublyRobust(fit) => Some(Cow::Borrowed(&fit.influence)),
            Fitted::Matching => None,
        }
    }

    pub(super) fn linear(estimator: Estimator, fit: Fit, design: Design) -> Self {
        let estimand = match (estimator, design) {
            (_, Design::Randomised) => Estimand::Everybody,
            (Estimator::DifferenceInMeans, Design::Observational) => Estimand::Association,
            _ => Estimand::VarianceWeighted,
        };
        Self {
            report: report::linear(estimator, estimand, &fit.estimate),
            warnings: fit.estimate.warnings.clone(),
            fitted: Fitted::Linear(Box::new(fit)),
        }
    }

    pub(super) fn weighting(fit: WeightingFit) -> Self {
        Self {
            report: report::weighting(&fit.estimate),
            warnings: fit.estimate.warnings.clone(),
            fitted: Fitted::Weighting(Box::new(fit)),
        }
    }

    pub(super) fn matching(estimator: Estimator, found: &MatchingEstimate) -> Self {
        Self { report: report::matching(estimator, found), warnings: found.warnings.clone(), fitted: Fitted::Matching }
    }

    pub(super) fn doubly_robust(estimator: Estimator, fit: DoublyRobustFit) -> Self {
        Self {
            report: report::doubly_robust(estimator, &fit.estimate),
            warnings: fit.estimate.warnings.clone(),
            fitted: Fitted::DoublyRobust(Box::new(fit)),
        }
    }
}

/// Estimates with their influences at hand, for comparisons.
pub(super) struct Comparable<'a> {
    pub(super) estimator: Estimator,
    value: f64,
    standard_error: f64,
    influence: Option<Cow<'a, [f64]>>,
}

impl<'a> From<&'a Estimated> for Comparable<'a> {
    fn from(estimated: &'a Estimated) -> Self {
        let EstimateReport { estimate, standard_error, .. } = estimated.report;
        Self { estimator: estimated.estimator(), value: estimate, standard_error, influence: estimated.influence() }
    }
}

impl Comparable<'_> {
    pub(super) fn candidate(&self) -> Candidate<'_> {
        Candidate { value: self.value, standard_error: self.standard_error, influence: self.influence.as_deref() }
    }
}

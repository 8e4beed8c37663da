//! Which estimators are run on one row a unit, in which order, and how each is computed.
//!
//! | roles | run without a choice | at the head |
//! | --- | --- | --- |
//! | randomised | difference in means, regression adjustment or (with a baseline) ANCOVA and change score | the last but the change score |
//! | observational, two arms | those, weighting, propensity matching, AIPW linear and boosted, partially linear boosted | AIPW boosted, or the linear one where rows are few |
//! | observational, an amount | difference in means (slope), regression adjustment or ANCOVA, partially linear, linear and boosted | partially linear boosted, or regression where rows are few |
//!
//! Without covariates there is the difference in means alone. A category of so many levels that it is absorbed leaves
//! no room for a propensity model: then the linear ones alone.

use causal::doubly_robust::{
    DoublyRobustEstimator, DoublyRobustOptions, FoldPlan, Learner, PartiallyLinearScore, Population,
};
use causal::matching::{BiasCorrection, Distance, MatchingOptions, matching_by};
use causal::propensity::propensity;
use causal::weighting::{Trimming, WeightingOptions, weighting};
use causal::{CausalError, Inference, ReferenceDistribution, Sample, StandardErrorKind, TreatmentKind};
use domain::agents::causal_impact::{
    CausalImpactParameters, Design, Estimator, NotComputed, ROWS_TO_BOOST, StandardErrorChoice, Target,
};

use super::estimated::Estimated;

/// Below this many rows `auto` takes HC3 (Long and Ervin 2000).
const SMALL_SAMPLE: usize = 250;
/// Boosted trees need rows in the smaller arm too.
pub(super) const ARM_ROWS_TO_BOOST: usize = 200;

/// What the estimators work on.
pub(super) struct Data<'a> {
    pub(super) parameters: &'a CausalImpactParameters,
    pub(super) sample: &'a Sample,
    /// With the change since the baseline as outcome.
    pub(super) change: Option<&'a Sample>,
    /// The fold of each row, where a column numbers them.
    pub(super) folds: Option<&'a [u32]>,
}

/// The estimators to run; the one for the head first.
pub(super) fn chosen(data: &Data<'_>) -> Vec<Estimator> {
    let parameters = data.parameters;
    let mut estimators = if parameters.estimators.is_empty() { sensible(data) } else { parameters.estimators.clone() };
    let head = parameters.estimator.unwrap_or_else(|| head(data, &estimators));
    estimators.retain(|&estimator| estimator != head);
    estimators.insert(0, head);
    estimators
}

fn sensible(data: &Data<'_>) -> Vec<Estimator> {
    use Estimator as E;
    let parameters = data.parameters;
    let adjusts = !parameters.covariates.is_empty() || parameters.baseline.is_some();
    let mut estimators = vec![E::DifferenceInMeans];
    match (adjusts, &parameters.baseline) {
        (false, _) => return estimators,
        (true, Some(_)) => estimators.extend([E::Ancova, E::ChangeScore]),
        (true, None) => estimators.push(E::RegressionAdjustment),
    }
    if parameters.design == Design::Randomised {
        return estimators;
    }
    let boosts = can_boost(data.sample);
    if matches!(data.sample.treatment_kind(), TreatmentKind::Continuous { .. }) {
        estimators.push(E::PartiallyLinear);
    } else if data.sample.absorbed().is_none() {
        estimators.extend([E::InversePropensityWeighting, E::PropensityMatching, E::AipwLinear]);
        estimators.extend(boosts.then_some(E::AipwBoosted));
    }
    estimators.extend((boosts && data.sample.absorbed().is_none()).then_some(E::PartiallyLinearBoosted));
    estimators
}

/// The one that asks least of the data, among those run.
fn head(data: &Data<'_>, estimators: &[Estimator]) -> Estimator {
    use Estimator as E;
    let continuous = matches!(data.sample.treatment_kind(), TreatmentKind::Continuous { .. });
    let observational = [E::AipwBoosted, E::AipwLinear, E::PartiallyLinearBoosted];
    let preferred: &[Estimator] = match data.parameters.design {
        Design::Observational if continuous => &observational[2..],
        Design::Observational if can_boost(data.sample) => &observational,
        Design::Observational | Design::Randomised => &[],
    };
    let linear = [E::Ancova, E::RegressionAdjustment];
    let mut candidates = preferred.iter().chain(&linear).chain(estimators);
    candidates.find(|candidate| estimators.contains(candidate)).copied().unwrap_or(E::DifferenceInMeans)
}

fn can_boost(sample: &Sample) -> bool {
    let smallest = match sample.treatment_kind() {
        TreatmentKind::Binary { control_rows, treated_rows, .. } => *control_rows.min(treated_rows),
        TreatmentKind::Continuous { .. } => sample.rows(),
    };
    sample.rows() as u64 >= ROWS_TO_BOOST && smallest >= ARM_ROWS_TO_BOOST
}

/// Runs them in their order; `tell` hears each before it is run.
pub(super) fn run(
    data: &Data<'_>,
    estimators: &[Estimator],
    tell: &mut dyn FnMut(usize, Estimator),
) -> (Vec<Estimated>, Vec<NotComputed>) {
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (index, &estimator) in estimators.iter().enumerate() {
        tell(index, estimator);
        match one(data, estimator) {
            Ok(estimated) => found.push(estimated),
            Err(error) => failed.push(NotComputed { estimator, reason: error.to_string() }),
        }
    }
    (found, failed)
}

/// Computes one.
pub(super) fn one(data: &Data<'_>, estimator: Estimator) -> Result<Estimated, CausalError> {
    let &Data { parameters, sample, .. } = data;
    match estimator {
        Estimator::DifferenceInMeans => linear(data, estimator, sample, causal::Estimator::DifferenceInMeans),
        Estimator::RegressionAdjustment | Estimator::Ancova => {
            linear(data, estimator, sample, causal::Estimator::RegressionAdjustment)
        }
        Estimator::ChangeScore => {
            linear(data, estimator, data.change.unwrap_or(sample), causal::Estimator::RegressionAdjustment)
        }
        Estimator::InversePropensityWeighting => {
            Ok(Estimated::weighting(weighting(sample, &weighting_options(parameters))?))
        }
        Estimator::PropensityMatching => {
            let (_, model) = propensity(sample)?;
            matched(data, estimator, Distance::LogOdds(&model), BiasCorrection::None)
        }
        // Distances in several columns leave a bias of the order of the error itself (Abadie and Imbens 2006).
        Estimator::MahalanobisMatching => matched(data, estimator, Distance::Mahalanobis, BiasCorrection::Regression),
        Estimator::AipwLinear
        | Estimator::AipwBoosted
        | Estimator::PartiallyLinear
        | Estimator::PartiallyLinearBoosted => {
            let (method, options) = doubly_robust(data, estimator);
            Ok(Estimated::doubly_robust(estimator, causal::doubly_robust::doubly_robust(sample, method, &options)?))
        }
        Estimator::TwoByTwo | Estimator::TwoWayFixedEffects | Estimator::CallawaySantanna => {
            Err(CausalError::InvalidOption {
                option: "estimator",
                value: estimator.name().to_owned(),
                expected: "one for one row a unit; give `time` for this one",
            })
        }
    }
}

fn linear(
    data: &Data<'_>,
    estimator: Estimator,
    sample: &Sample,
    method: causal::Estimator,
) -> Result<Estimated, CausalError> {
    let fit = causal::estimate(sample, method, &inference(data.parameters, sample.rows()))?;
    Ok(Estimated::linear(estimator, fit, data.parameters.design))
}

fn matched(
    data: &Data<'_>,
    estimator: Estimator,
    distance: Distance<'_>,
    correction: BiasCorrection,
) -> Result<Estimated, CausalError> {
    let found = matching_by(data.sample, distance, correction, &matching_options(data.parameters))?;
    Ok(Estimated::matching(estimator, &found))
}

pub(super) fn inference(parameters: &CausalImpactParameters, rows: usize) -> Inference {
    Inference {
        standard_error: standard_error(parameters, rows),
        confidence: parameters.confidence_level,
        distribution: ReferenceDistribution::StudentT,
    }
}

fn standard_error(parameters: &CausalImpactParameters, rows: usize) -> StandardErrorKind {
    match parameters.standard_error {
        StandardErrorChoice::Auto if parameters.cluster.is_some() => StandardErrorKind::Cluster,
        StandardErrorChoice::Auto if rows < SMALL_SAMPLE => StandardErrorKind::Hc3,
        StandardErrorChoice::Auto | StandardErrorChoice::Hc2 => StandardErrorKind::Hc2,
        StandardErrorChoice::Classical => StandardErrorKind::Classical,
        StandardErrorChoice::Hc1 => StandardErrorKind::Hc1,
        StandardErrorChoice::Hc3 => StandardErrorKind::Hc3,
        StandardErrorChoice::Cluster => StandardErrorKind::Cluster,
    }
}

pub(super) fn weighting_options(parameters: &CausalImpactParameters) -> WeightingOptions {
    WeightingOptions {
        estimand: estimand(parameters.target),
        trimming: parameters.trim.map_or(Trimming::None, |cut| Trimming::Symmetric { cut }),
        confidence: parameters.confidence_level,
        ..WeightingOptions::default()
    }
}

pub(super) fn matching_options(parameters: &CausalImpactParameters) -> MatchingOptions {
    // Without replacement there are not enough rows to match everybody: the treated alone.
    let target = if parameters.replacement { parameters.target } else { Target::Treated };
    MatchingOptions {
        estimand: estimand(target),
        neighbours: parameters.matches as usize,
        caliper: parameters.caliper,
        replacement: parameters.replacement,
        confidence: parameters.confidence_level,
        ..MatchingOptions::default()
    }
}

const fn estimand(target: Target) -> causal::weighting::Estimand {
    match target {
        Target::Everybody => causal::weighting::Estimand::AverageEffect,
        Target::Treated => causal::weighting::Estimand::EffectOnTreated,
    }
}

/// The method and options of a cross-fitted estimator.
pub(super) fn doubly_robust(data: &Data<'_>, estimator: Estimator) -> (DoublyRobustEstimator, DoublyRobustOptions) {
    let parameters = data.parameters;
    let population = match parameters.target {
        Target::Everybody => Population::All,
        Target::Treated => Population::Treated,
    };
    let method = match estimator {
        Estimator::AipwLinear | Estimator::AipwBoosted => DoublyRobustEstimator::Aipw(population),
        _ => DoublyRobustEstimator::PartiallyLinear(PartiallyLinearScore::PartiallingOut),
    };
    let learner = match estimator {
        Estimator::AipwBoosted | Estimator::PartiallyLinearBoosted => {
            Learner::Boosted(causal::boosting::BoostingOptions::default())
        }
        _ => Learner::Linear,
    };
    let folds = data.folds.map_or(FoldPlan::Dealt(parameters.folds as usize), |folds| FoldPlan::Given(folds.to_vec()));
    let options = DoublyRobustOptions {
        folds,
        learner,
        confidence: parameters.confidence_level,
        seed: parameters.seed,
        ..DoublyRobustOptions::default()
    };
    (method, options)
}

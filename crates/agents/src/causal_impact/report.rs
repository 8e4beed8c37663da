//! From the numerics' types to the contract's.

use causal::doubly_robust::{DoublyRobustEstimate, DoublyRobustEstimator, Population};
use causal::matching::MatchingEstimate;
use causal::refute::{Refutation, Refuter as Simulated};
use causal::sensitivity::{EValue, OmittedVariable, Sensitivity};
use causal::weighting::{Estimand, WeightingErrorKind, WeightingEstimate};
use causal::{ReferenceDistribution as Reference, StandardErrorKind, TreatmentKind};
use domain::agents::causal_impact as contract;

pub(super) const fn interval(interval: causal::Interval) -> contract::Interval {
    contract::Interval { confidence_level: interval.confidence, lower: interval.lower, upper: interval.upper }
}

pub(super) fn treatment(kind: &TreatmentKind) -> contract::TreatmentReport {
    match kind {
        TreatmentKind::Binary { control, treated, control_rows, treated_rows } => contract::TreatmentReport::Binary {
            control: control.clone(),
            treated: treated.clone(),
            control_rows: *control_rows as u64,
            treated_rows: *treated_rows as u64,
        },
        &TreatmentKind::Continuous { mean, standard_deviation } => {
            contract::TreatmentReport::Continuous { mean, standard_deviation }
        }
    }
}

/// A linear estimator.
pub(super) fn linear(
    estimator: contract::Estimator,
    estimand: contract::Estimand,
    estimate: &causal::Estimate,
) -> contract::EstimateReport {
    contract::EstimateReport {
        estimator,
        estimand,
        meaning: meaning(estimand).to_owned(),
        estimate: estimate.value,
        standard_error: estimate.standard_error,
        statistic: estimate.statistic,
        p_value: estimate.p_value,
        interval: interval(estimate.interval),
        rows: estimate.rows as u64,
        r_squared: Some(estimate.r_squared),
        residual_standard_deviation: Some(estimate.residual_standard_deviation),
        convention: convention(&estimate.convention),
        folds: None,
        nuisances: Vec::new(),
        matching: None,
        weighting: None,
    }
}

/// What is common to estimators whose error is no regression's.
pub(super) fn general(
    estimator: contract::Estimator,
    estimand: contract::Estimand,
    [estimate, standard_error, p_value]: [f64; 3],
    interval_found: causal::Interval,
    convention: contract::StandardErrorConvention,
) -> contract::EstimateReport {
    contract::EstimateReport {
        estimator,
        estimand,
        meaning: meaning(estimand).to_owned(),
        estimate,
        standard_error,
        statistic: estimate / standard_error,
        p_value,
        interval: interval(interval_found),
        rows: convention.rows,
        r_squared: None,
        residual_standard_deviation: None,
        convention,
        folds: None,
        nuisances: Vec::new(),
        matching: None,
        weighting: None,
    }
}

const fn meaning(estimand: contract::Estimand) -> &'static str {
    match estimand {
        contract::Estimand::Everybody => "average effect on everybody: all treated against none treated",
        contract::Estimand::Treated => "average effect on those who were treated, against their not being treated",
        contract::Estimand::VarianceWeighted => {
            "average effect in which rows count the more, the less their covariates say about their treatment"
        }
        contract::Estimand::Association => {
            "difference between the groups; an effect only if nothing else made them differ"
        }
    }
}

const fn estimand(estimand: Estimand) -> contract::Estimand {
    match estimand {
        Estimand::AverageEffect => contract::Estimand::Everybody,
        Estimand::EffectOnTreated => contract::Estimand::Treated,
    }
}

/// A convention under the normal distribution, without a factor for small samples.
pub(super) fn asymptotic(
    kind: contract::StandardError,
    formula: &str,
    rows: usize,
) -> contract::StandardErrorConvention {
    contract::StandardErrorConvention {
        kind,
        formula: formula.to_owned(),
        small_sample_factor: 1.0,
        degrees_of_freedom: None,
        distribution: contract::ReferenceDistribution::Normal,
        rows: rows as u64,
        parameters: None,
        clusters: None,
        same_as: Vec::new(),
    }
}

/// Inverse propensity weighting.
pub(super) fn weighting(found: &WeightingEstimate) -> contract::EstimateReport {
    let kind = match found.convention.kind {
        WeightingErrorKind::WeightsKnown => contract::StandardError::Hc1,
        WeightingErrorKind::PropensityEstimated => contract::StandardError::EstimatedPropensity,
    };
    let convention = contract::StandardErrorConvention {
        clusters: found.convention.clusters.map(|clusters| clusters as u64),
        same_as: found.convention.same_as.clone(),
        ..asymptotic(kind, &found.convention.formula, found.rows)
    };
    let estimator = contract::Estimator::InversePropensityWeighting;
    let numbers = [found.value, found.standard_error, found.p_value];
    let mut report = general(estimator, estimand(found.estimand), numbers, found.interval, convention);
    let [treated, control] = found.effective_sample_sizes;
    let [share_treated, share_control] = found.largest_weight_shares;
    report.weighting = Some(contract::Weighting {
        trimmed_treated: found.trimmed[0] as u64,
        trimmed_control: found.trimmed[1] as u64,
        effective_treated_rows: treated,
        effective_control_rows: control,
        largest_weight_share: share_treated.max(share_control),
    });
    report
}

/// Either matching.
pub(super) fn matching(estimator: contract::Estimator, found: &MatchingEstimate) -> contract::EstimateReport {
    let [treated, control] = found.unmatched;
    let convention = asymptotic(contract::StandardError::AbadieImbens, &found.convention, found.matched);
    let numbers = [found.value, found.standard_error, found.p_value];
    let mut report = general(estimator, estimand(found.estimand), numbers, found.interval, convention);
    let largest = |rows: &[causal::diagnostics::BalanceRow]| rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    report.matching = Some(contract::Matching {
        matched: found.matched as u64,
        unmatched_treated: treated as u64,
        unmatched_control: control as u64,
        largest_difference_before: largest(&found.balance_before),
        largest_difference_after: largest(&found.balance_after),
    });
    report
}

/// AIPW and partially linear.
pub(super) fn doubly_robust(estimator: contract::Estimator, found: &DoublyRobustEstimate) -> contract::EstimateReport {
    let estimand = match found.estimator {
        DoublyRobustEstimator::Aipw(Population::All) => contract::Estimand::Everybody,
        DoublyRobustEstimator::Aipw(Population::Treated) => contract::Estimand::Treated,
        DoublyRobustEstimator::PartiallyLinear(_) => contract::Estimand::VarianceWeighted,
    };
    let kind = contract::StandardError::InfluenceFunction;
    let convention = contract::StandardErrorConvention {
        same_as: vec!["DoubleML".to_owned()],
        ..asymptotic(kind, &found.standard_error_meaning, found.rows)
    };
    let numbers = [found.value, found.standard_error, found.p_value];
    let mut report = general(estimator, estimand, numbers, found.interval, convention);
    report.folds = Some(found.folds as u64);
    let quality = |quality: &causal::doubly_robust::NuisanceQuality| contract::NuisanceQuality {
        name: quality.name.clone(),
        r_squared: quality.r_squared,
        root_mean_squared_error: quality.root_mean_squared_error,
    };
    report.nuisances = found.nuisances.iter().map(quality).collect();
    report
}

/// The name of a linear estimator's error.
pub(super) const fn standard_error(kind: StandardErrorKind) -> contract::StandardError {
    match kind {
        StandardErrorKind::Classical => contract::StandardError::Classical,
        StandardErrorKind::Hc1 => contract::StandardError::Hc1,
        StandardErrorKind::Hc2 => contract::StandardError::Hc2,
        StandardErrorKind::Hc3 => contract::StandardError::Hc3,
        StandardErrorKind::Cluster => contract::StandardError::Cluster,
    }
}

pub(super) fn convention(convention: &causal::StandardErrorConvention) -> contract::StandardErrorConvention {
    contract::StandardErrorConvention {
        kind: standard_error(convention.kind),
        formula: convention.formula.clone(),
        small_sample_factor: convention.small_sample_factor,
        degrees_of_freedom: Some(convention.degrees_of_freedom),
        distribution: match convention.distribution {
            Reference::StudentT => contract::ReferenceDistribution::StudentT,
            Reference::Normal => contract::ReferenceDistribution::Normal,
        },
        rows: convention.rows as u64,
        parameters: Some(convention.parameters as u64),
        clusters: convention.clusters.map(|clusters| clusters as u64),
        same_as: convention.same_as.clone(),
    }
}

/// What a refuter found for an estimator.
pub(super) fn refutation(estimator: contract::Estimator, found: &Refutation) -> contract::RefutationReport {
    contract::RefutationReport {
        refuter: match found.refuter {
            Simulated::PlaceboTreatment => contract::Refuter::PlaceboTreatment,
            Simulated::RandomCommonCause => contract::Refuter::RandomCommonCause,
            Simulated::DataSubset => contract::Refuter::DataSubset,
            Simulated::Bootstrap => contract::Refuter::Bootstrap,
        },
        estimator,
        tests: found.tests.clone(),
        method: found.method.clone(),
        original: found.original,
        simulations_asked: found.simulations_asked as u64,
        simulations: found.simulations as u64,
        failed_simulations: found.failed_simulations as u64,
        mean: found.mean,
        standard_deviation: found.standard_deviation,
        rows: found.rows as u64,
        values: found.values.clone(),
        p_value: found.p_value,
        p_value_meaning: found.p_value_meaning.clone(),
        permutation_p_value: found.permutation_p_value,
        interval: found.interval.map(interval),
        same_sign_share: found.same_sign_share,
        flagged: found.flagged,
        finding: found.finding.clone(),
    }
}

/// Sensitivity of a linear estimator.
pub(super) fn sensitivity(estimator: contract::Estimator, found: &Sensitivity) -> contract::SensitivityReport {
    let benchmark = |bound: &causal::sensitivity::Benchmark| contract::Benchmark {
        covariate: bound.covariate.clone(),
        strength: bound.strength,
        with_treatment: bound.with_treatment,
        with_outcome: bound.with_outcome,
        bias: bound.bias,
        estimate: bound.estimate,
        standard_error: bound.standard_error,
        lower: bound.lower,
        upper: bound.upper,
    };
    contract::SensitivityReport {
        estimator,
        tests: found.tests.clone(),
        partial_r2: Some(found.partial_r2),
        robustness_value: Some(found.robustness_value),
        robustness_value_alpha: Some(found.robustness_value_alpha),
        alpha: found.alpha,
        degrees_of_freedom: Some(found.degrees_of_freedom),
        benchmarks: found.benchmarks.iter().map(benchmark).collect(),
        strongest_covariate: found.strongest_covariate.clone(),
        contour: Some(contract::Contour {
            with_treatment: found.contour.with_treatment.clone(),
            with_outcome: found.contour.with_outcome.clone(),
            estimates: found.contour.estimates.clone(),
            statistics: found.contour.statistics.clone(),
        }),
        e_value: found.e_value.as_ref().map(e_value),
        flagged: found.flagged,
        finding: found.finding.clone(),
    }
}

/// Sensitivity of any other estimator: what an omitted variable could do, where there is a theory of it, and the E-value.
pub(super) fn general_sensitivity(
    estimator: contract::Estimator,
    alpha: f64,
    omitted: Option<&OmittedVariable>,
    found: Option<&EValue>,
) -> contract::SensitivityReport {
    let tests = "how strong a confounder that was not measured must be to change the conclusion";
    let finding = omitted.map(|omitted| omitted.finding.clone()).or_else(|| found.map(by_risk_ratio));
    contract::SensitivityReport {
        estimator,
        tests: omitted.map_or_else(|| tests.to_owned(), |omitted| omitted.tests.clone()),
        partial_r2: None,
        robustness_value: omitted.map(|omitted| omitted.robustness_value),
        robustness_value_alpha: omitted.map(|omitted| omitted.robustness_value_alpha),
        alpha,
        degrees_of_freedom: None,
        benchmarks: Vec::new(),
        strongest_covariate: None,
        contour: None,
        e_value: found.map(e_value),
        flagged: false,
        finding: finding.unwrap_or_else(|| "no bound can be computed for this outcome".to_owned()),
    }
}

fn e_value(value: &EValue) -> contract::EValue {
    contract::EValue {
        estimate: value.estimate,
        interval: value.interval,
        risk_ratio: value.risk_ratio,
        method: value.method.clone(),
    }
}

fn by_risk_ratio(value: &EValue) -> String {
    format!(
        "a confounder must have a risk ratio of {:.2} with treatment and with outcome to bring the estimate to nothing, {:.2} to bring its interval there",
        value.estimate, value.interval
    )
}

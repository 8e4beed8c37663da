//! From the numerics' types to the contract's.

use causal::refute::{Refutation, Refuter as Simulated};
use causal::sensitivity::Sensitivity;
use causal::{ReferenceDistribution as Reference, StandardErrorKind, TreatmentKind};
use domain::agents::causal_impact as contract;

use super::Findings;

pub(super) const fn estimator(estimator: causal::Estimator) -> contract::Estimator {
    match estimator {
        causal::Estimator::DifferenceInMeans => contract::Estimator::DifferenceInMeans,
        causal::Estimator::RegressionAdjustment => contract::Estimator::RegressionAdjustment,
    }
}

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

pub(super) fn estimate(estimate: &causal::Estimate) -> contract::EstimateReport {
    contract::EstimateReport {
        estimator: estimator(estimate.estimator),
        estimate: estimate.value,
        standard_error: estimate.standard_error,
        statistic: estimate.statistic,
        p_value: estimate.p_value,
        interval: interval(estimate.interval),
        rows: estimate.rows as u64,
        r_squared: estimate.r_squared,
        residual_standard_deviation: estimate.residual_standard_deviation,
        convention: convention(&estimate.convention),
    }
}

fn convention(convention: &causal::StandardErrorConvention) -> contract::StandardErrorConvention {
    contract::StandardErrorConvention {
        kind: match convention.kind {
            StandardErrorKind::Classical => contract::StandardError::Classical,
            StandardErrorKind::Hc1 => contract::StandardError::Hc1,
            StandardErrorKind::Hc2 => contract::StandardError::Hc2,
            StandardErrorKind::Hc3 => contract::StandardError::Hc3,
            StandardErrorKind::Cluster => contract::StandardError::Cluster,
        },
        formula: convention.formula.clone(),
        small_sample_factor: convention.small_sample_factor,
        degrees_of_freedom: convention.degrees_of_freedom,
        distribution: match convention.distribution {
            Reference::StudentT => contract::ReferenceDistribution::StudentT,
            Reference::Normal => contract::ReferenceDistribution::Normal,
        },
        rows: convention.rows as u64,
        parameters: convention.parameters as u64,
        clusters: convention.clusters.map(|clusters| clusters as u64),
        same_as: convention.same_as.clone(),
    }
}

pub(super) fn refutation(found: &Refutation) -> contract::RefutationReport {
    contract::RefutationReport {
        refuter: match found.refuter {
            Simulated::PlaceboTreatment => contract::Refuter::PlaceboTreatment,
            Simulated::RandomCommonCause => contract::Refuter::RandomCommonCause,
            Simulated::DataSubset => contract::Refuter::DataSubset,
            Simulated::Bootstrap => contract::Refuter::Bootstrap,
        },
        estimator: estimator(found.estimator),
        tests: found.tests.clone(),
        method: found.method.clone(),
        original: found.original,
        simulations: found.simulations as u64,
        failed_simulations: found.failed_simulations as u64,
        mean: found.mean,
        standard_deviation: found.standard_deviation,
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

pub(super) fn sensitivity(found: &Sensitivity) -> contract::SensitivityReport {
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
        estimator: estimator(found.estimator),
        tests: found.tests.clone(),
        partial_r2: found.partial_r2,
        robustness_value: found.robustness_value,
        robustness_value_alpha: found.robustness_value_alpha,
        alpha: found.alpha,
        degrees_of_freedom: found.degrees_of_freedom,
        benchmarks: found.benchmarks.iter().map(benchmark).collect(),
        strongest_covariate: found.strongest_covariate.clone(),
        contour: contract::Contour {
            with_treatment: found.contour.with_treatment.clone(),
            with_outcome: found.contour.with_outcome.clone(),
            estimates: found.contour.estimates.clone(),
            statistics: found.contour.statistics.clone(),
        },
        e_value: found.e_value.as_ref().map(|value| contract::EValue {
            estimate: value.estimate,
            interval: value.interval,
            risk_ratio: value.risk_ratio,
            method: value.method.clone(),
        }),
        flagged: found.flagged,
        finding: found.finding.clone(),
    }
}

pub(super) fn diagnostics(findings: &Findings) -> contract::Diagnostics {
    let sample = &findings.sample;
    let balance = &findings.balance;
    let count =
        |(column, count): (&str, usize)| contract::ColumnCount { column: column.to_owned(), count: count as u64 };
    let row = |row: &causal::diagnostics::BalanceRow| contract::BalanceRow {
        covariate: row.covariate.clone(),
        level: row.level.clone(),
        value: row.value,
        flagged: row.flagged,
    };
    contract::Diagnostics {
        rows_given: (sample.rows() + sample.rows_dropped()) as u64,
        rows_used: sample.rows() as u64,
        rows_dropped: sample.rows_dropped() as u64,
        missing: sample.missing_values().iter().map(|missing| count((&missing.column, missing.rows))).collect(),
        absorbed: sample.absorbed().map(count),
        balance: contract::Balance {
            measure: balance.measure.clone(),
            threshold: balance.threshold,
            largest: balance.largest,
            rows: balance.rows.iter().map(row).collect(),
        },
        columns: findings.columns.iter().map(column).collect(),
        split: findings.split.as_ref().map(split),
        joint_balance: findings.joint_balance.as_ref().map(|joint| contract::JointBalance {
            statistic: joint.statistic,
            numerator_degrees_of_freedom: joint.numerator_degrees_of_freedom,
            denominator_degrees_of_freedom: joint.denominator_degrees_of_freedom,
            r_squared: joint.r_squared,
            p_value: joint.p_value,
            flagged: joint.flagged,
            finding: joint.finding.clone(),
        }),
    }
}

fn column(summary: &causal::diagnostics::CovariateSummary) -> contract::ColumnSummary {
    let arm = |arm: &causal::diagnostics::ArmSummary| contract::ArmSummary {
        arm: arm.arm.clone(),
        rows: arm.rows as u64,
        mean: arm.mean,
        standard_deviation: arm.standard_deviation,
        quantiles: arm.quantiles,
    };
    let level = |level: &causal::diagnostics::LevelShare| contract::LevelShare {
        arm: level.arm.clone(),
        level: level.level.clone(),
        rows: level.rows as u64,
        share: level.share,
    };
    contract::ColumnSummary {
        column: summary.column.clone(),
        arms: summary.arms.iter().map(arm).collect(),
        levels: summary.levels.iter().map(level).collect(),
    }
}

fn split(split: &causal::diagnostics::Split) -> contract::Split {
    contract::Split {
        treated_rows: split.treated_rows as u64,
        control_rows: split.control_rows as u64,
        treated_share: split.treated_share,
        test: split.test.as_ref().map(|test| contract::SplitTest {
            expected_share: test.expected_share,
            statistic: test.statistic,
            p_value: test.p_value,
            flagged: test.flagged,
            finding: test.finding.clone(),
        }),
    }
}

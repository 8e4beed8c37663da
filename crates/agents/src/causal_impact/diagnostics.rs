//! Diagnostics of one row a unit, from the numerics' types to the contract's.

use causal::Sample;
use causal::overlap::Overlap;
use domain::agents::causal_impact as contract;

/// Balance, covariate by covariate.
pub(super) fn rows(rows: &[causal::diagnostics::BalanceRow]) -> Vec<contract::BalanceRow> {
    let row = |row: &causal::diagnostics::BalanceRow| contract::BalanceRow {
        covariate: row.covariate.clone(),
        level: row.level.clone(),
        value: row.value,
        flagged: row.flagged,
    };
    rows.iter().map(row).collect()
}

/// Overlap of the arms.
pub(super) fn overlap(found: &Overlap) -> contract::Overlap {
    let arm = |index: usize| contract::ArmOverlap {
        rows: found.rows[index] as u64,
        histogram: found.histograms[index].iter().map(|&rows| rows as u64).collect(),
        outside_share: found.outside_shares[index],
        extreme_share: found.extreme_shares[index],
        effective_rows: found.effective_sample_sizes[index],
    };
    contract::Overlap {
        treated: arm(0),
        control: arm(1),
        support_lower: found.common_support[0],
        support_upper: found.common_support[1],
        balance_after: rows(&found.balance_after),
        flagged: !found.flags.is_empty(),
        findings: found.flags.iter().map(|flag| flag.message.clone()).collect(),
    }
}

/// All of one row a unit.
pub(super) fn diagnostics(
    sample: &Sample,
    balance: &causal::diagnostics::Balance,
    split_found: Option<&causal::diagnostics::Split>,
    joint: Option<&causal::diagnostics::JointBalance>,
) -> contract::Diagnostics {
    let count =
        |(column, count): (&str, usize)| contract::ColumnCount { column: column.to_owned(), count: count as u64 };
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
            rows: rows(&balance.rows),
        },
        columns: causal::diagnostics::summaries(sample).iter().map(column).collect(),
        split: split_found.map(split),
        joint_balance: joint.map(|joint| contract::JointBalance {
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

//! Balance: how far the arms differ in each covariate, in units that compare.
//!
//! Binary treatment: standardized mean difference `(m1 - m0) / sqrt((s1² + s0²) / 2)`, for a category
//! per level with `s² = p (1 - p)` (Austin 2009; Stuart 2010 warns above 0.25). Continuous treatment:
//! the correlation, with the threshold that a difference of 0.25 between equal arms implies
//! (`r = d / sqrt(d² + 4)`).

use serde::{Deserialize, Serialize};

use crate::error::{Warning, WarningCode, quoted};
use crate::matrix::mean;
use crate::sample::Sample;
use crate::study::Covariate;

/// Standardized mean differences above this bring a warning.
pub const IMBALANCE_THRESHOLD: f64 = 0.25;

/// Balance of one covariate or one level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BalanceRow {
    /// The covariate.
    pub covariate: String,
    /// The level, for a category.
    pub level: Option<String>,
    /// Standardized mean difference, or correlation with a continuous treatment; 0 for a constant column.
    pub value: f64,
    /// Whether its size is above the threshold.
    pub flagged: bool,
}

/// Balance of all covariates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// `standardized mean difference` or `correlation with the treatment`.
    pub measure: String,
    /// Above this in size a row is flagged.
    pub threshold: f64,
    /// One row per covariate or level, in the order of the covariates.
    pub rows: Vec<BalanceRow>,
    /// Largest size.
    pub largest: f64,
    /// A warning when any row is flagged.
    pub warnings: Vec<Warning>,
}

/// Balance of the covariates before adjustment.
#[must_use]
pub fn balance(sample: &Sample) -> Balance {
    let binary = sample.is_binary();
    let (measure, threshold) = if binary {
        ("standardized mean difference", IMBALANCE_THRESHOLD)
    } else {
        ("correlation with the treatment", IMBALANCE_THRESHOLD / (IMBALANCE_THRESHOLD.powi(2) + 4.0).sqrt())
    };
    let treatment = &sample.treatment.values;
    let compare = |values: &[f64], category: bool| {
        if binary { standardized_difference(values, treatment, None, category) } else { correlation(values, treatment) }
    };
    let rows = rows(sample, threshold, compare);
    let largest = rows.iter().map(|row| row.value.abs()).fold(0.0, f64::max);
    let warnings = warnings(&rows, measure, threshold);
    Balance { measure: measure.into(), threshold, rows, largest, warnings }
}

/// Balance of a binary treatment when each row counts with its weight. The scale is that of the
/// unweighted arms, so that before and after compare (Stuart 2010). Rows above `threshold` are flagged.
pub(crate) fn weighted_balance(sample: &Sample, weights: &[f64], threshold: f64) -> Vec<BalanceRow> {
    let treatment = &sample.treatment.values;
    rows(sample, threshold, |values, category| standardized_difference(values, treatment, Some(weights), category))
}

fn rows(sample: &Sample, threshold: f64, compare: impl Fn(&[f64], bool) -> f64) -> Vec<BalanceRow> {
    let mut rows = Vec::new();
    for covariate in &sample.covariates {
        let mut push = |level: Option<&String>, value: f64| {
            rows.push(BalanceRow {
                covariate: covariate.name().to_owned(),
                level: level.cloned(),
                value,
                flagged: value.abs() > threshold,
            });
        };
        match covariate {
            Covariate::Numeric(column) => push(None, compare(&column.values, false)),
            Covariate::Categorical(column) => {
                for (code, level) in (0..).zip(&column.levels) {
                    let values: Vec<f64> = column.codes.iter().map(|&own| f64::from(u8::from(own == code))).collect();
                    if values.iter().any(|&value| value > 0.0) {
                        push(Some(level), compare(&values, true));
                    }
                }
            }
        }
    }
    rows
}

fn warnings(rows: &[BalanceRow], measure: &str, threshold: f64) -> Vec<Warning> {
    let mut flagged: Vec<&BalanceRow> = rows.iter().filter(|row| row.flagged).collect();
    if flagged.is_empty() {
        return Vec::new();
    }
    flagged.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
    let name = |row: &&BalanceRow| match &row.level {
        Some(level) => format!("{}={level}", row.covariate),
        None => row.covariate.clone(),
    };
    let names: Vec<String> = flagged.iter().map(name).collect();
    let message = format!(
        "the groups differ: {measure} above {threshold:.3} in {} of {} covariates or levels: {} (largest {:.2})",
        flagged.len(),
        rows.len(),
        quoted(&names),
        flagged[0].value
    );
    vec![Warning::new(WarningCode::Imbalance, message)]
}

fn standardized_difference(values: &[f64], treatment: &[f64], weights: Option<&[f64]>, category: bool) -> f64 {
    let arm = |wanted: bool| -> (f64, f64) {
        let mine: Vec<f64> =
            values.iter().zip(treatment).filter(|(_, t)| (**t > 0.5) == wanted).map(|(value, _)| *value).collect();
        let centre = mean(&mine);
        let variance = if category {
            centre * (1.0 - centre)
        } else if mine.len() > 1 {
            crate::matrix::centred_sum_of_squares(&mine) / (mine.len() as f64 - 1.0)
        } else {
            0.0
        };
        (centre, variance)
    };
    let ((treated, treated_variance), (control, control_variance)) = (arm(true), arm(false));
    let scale = f64::midpoint(treated_variance, control_variance).sqrt();
    let difference = match weights {
        None => treated - control,
        Some(weights) => {
            weighted_mean(values, treatment, weights, true) - weighted_mean(values, treatment, weights, false)
        }
    };
    // Constant in both arms: either equal, or as different as can be, which is capped to stay a number.
    if scale > 1e-12 * difference.abs() {
        difference / scale
    } else if difference.abs() > 0.0 {
        difference.signum() * 1e6
    } else {
        0.0
    }
}

/// Mean of an arm around its first value, so that a constant column has no difference at all.
fn weighted_mean(values: &[f64], treatment: &[f64], weights: &[f64], arm: bool) -> f64 {
    let centre = values.first().copied().unwrap_or_default();
    let (mut sum, mut total) = (0.0, 0.0);
    for ((value, weight), _) in values.iter().zip(weights).zip(treatment).filter(|(_, t)| (**t > 0.5) == arm) {
        sum += weight * (value - centre);
        total += weight;
    }
    centre + sum / total
}

fn correlation(values: &[f64], treatment: &[f64]) -> f64 {
    let (centre, treatment_centre) = (mean(values), mean(treatment));
    let mut sums = (0.0, 0.0, 0.0);
    for (value, t) in values.iter().zip(treatment) {
        let (own, other) = (value - centre, t - treatment_centre);
        sums.0 += own * own;
        sums.1 += other * other;
        sums.2 += own * other;
    }
    let scale = (sums.0 * sums.1).sqrt();
    if scale > 0.0 { (sums.2 / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

//! Before and after for two arms: analysis of covariance on a baseline, beside the change score.
//!
//! With outcome `Y1` after, the same quantity `Y0` before, treatment `D` and covariates `X`:
//!
//! ```text
//! ANCOVA:        Y1      = a + tau D + b Y0 + c X + e
//! change score:  Y1 - Y0 = a + tau D +        c X + e      (ANCOVA with b fixed at 1)
//! ```
//!
//! In a randomised study both aim at the average effect and ANCOVA is never less precise in large samples
//! (Frison and Pocock 1992; Lin 2013 for heterogeneous effects). In observational data they answer
//! different questions and need not agree (Lord 1967): ANCOVA assumes that rows with the same baseline
//! and covariates are comparable; the change score assumes that the arms would have moved in parallel.
//! Under either's assumption the two bracket the effect (Ding and Li 2019). Both are fitted, and how far
//! they lie apart is said.

use serde::{Deserialize, Serialize};

use crate::agreement::standard_error_of_difference;
use crate::error::CausalError;
use crate::estimate::{Estimator, Fit, Inference, Interval, estimate};
use crate::sample::Sample;
use crate::study::{Covariate, NumericColumn, Study};

/// The two analyses are apart when they differ by more than this many standard errors of the difference.
const APART: f64 = 2.0;

/// Both analyses of one before-and-after study.
#[derive(Debug, Clone)]
pub struct BeforeAfter {
    /// Regression of the outcome on treatment, baseline and covariates.
    pub ancova: Fit,
    /// Regression of the change on treatment and covariates.
    pub change_score: Fit,
    /// How they compare.
    pub comparison: BeforeAfterComparison,
    /// The checked rows of the ANCOVA, for refuters and diagnostics.
    pub sample: Sample,
}

/// What the two analyses mean and how far apart they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeforeAfterComparison {
    /// What the ANCOVA's number means.
    pub ancova_estimand: String,
    /// What the change score's number means.
    pub change_score_estimand: String,
    /// ANCOVA minus change score.
    pub difference: f64,
    /// Standard error of the difference, from both fits' influences on the same rows (HC0, or by cluster).
    pub difference_standard_error: f64,
    /// Whether the difference is more than two of its standard errors.
    pub apart: bool,
    /// The lowest and highest end of the two intervals: what holds whichever assumption is right.
    pub bracket: Interval,
    /// In words.
    pub finding: String,
}

/// Fits ANCOVA and change score. The study's outcome is the value after; `baseline` the value before.
///
/// # Errors
/// What [`Sample::prepare`] and [`estimate`] refuse, of either analysis.
pub fn before_after(
    study: &Study,
    baseline: &NumericColumn,
    inference: &Inference,
) -> Result<BeforeAfter, CausalError> {
    let rows = study.outcome.values.len();
    if baseline.values.len() != rows {
        let (column, found) = (baseline.name.clone(), baseline.values.len());
        return Err(CausalError::LengthMismatch { column, found, expected: rows });
    }
    let mut after = study.clone();
    after.covariates.push(Covariate::Numeric(baseline.clone()));
    let mut change = study.clone();
    change.outcome.name = format!("{} - {}", study.outcome.name, baseline.name);
    change.outcome.values.iter_mut().zip(&baseline.values).for_each(|(value, before)| *value -= before);
    let sample = Sample::prepare(after)?;
    let ancova = estimate(&sample, Estimator::RegressionAdjustment, inference)?;
    let change_score = estimate(&Sample::prepare(change)?, Estimator::RegressionAdjustment, inference)?;
    let comparison = compare(&sample, &ancova, &change_score, &study.outcome.name, &baseline.name);
    Ok(BeforeAfter { ancova, change_score, comparison, sample })
}

fn compare(sample: &Sample, ancova: &Fit, change: &Fit, after: &str, before: &str) -> BeforeAfterComparison {
    let difference = ancova.estimate.value - change.estimate.value;
    let difference_standard_error = standard_error_of_difference(sample, &ancova.influence(), &change.influence());
    let is_apart = difference.abs() > APART * difference_standard_error;
    let (a, c) = (&ancova.estimate.interval, &change.estimate.interval);
    let bracket = Interval { confidence: a.confidence, lower: a.lower.min(c.lower), upper: a.upper.max(c.upper) };
    let finding = if is_apart {
        format!(
            "ANCOVA ({:.4}) and change score ({:.4}) differ by more than chance: the arms started at different levels of '{before}', and the answer depends on whether rows with the same '{before}' are comparable (ANCOVA) or the arms would have moved in parallel (change score)",
            ancova.estimate.value, change.estimate.value
        )
    } else {
        format!(
            "ANCOVA ({:.4}) and change score ({:.4}) agree within chance: the choice between them does not decide the answer",
            ancova.estimate.value, change.estimate.value
        )
    };
    BeforeAfterComparison {
        ancova_estimand: format!(
            "difference in '{after}' between treated and control rows that had the same '{before}' and covariates; causal if such rows are comparable"
        ),
        change_score_estimand: format!(
            "difference between the arms in the change from '{before}' to '{after}', covariates held fixed; causal if both arms would have changed alike without treatment"
        ),
        difference,
        difference_standard_error,
        apart: is_apart,
        bracket,
        finding,
    }
}

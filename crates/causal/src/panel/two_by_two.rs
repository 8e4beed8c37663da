//! Difference in differences of two groups and two times.
//!
//! `y = a + b group + c post + d group*post + controls`: `d` is the difference between the groups of
//! their changes from before to after (Card-Krueger 1994; Angrist-Pischke 2009, equation 5.2.3). It is
//! an ordinary regression, so every standard error of [`crate::estimate`] is at hand.

use serde::{Deserialize, Serialize};

use super::problem::PanelError;
use crate::error::CausalError;
use crate::estimate::{Estimate, Estimator, Fit, Inference, estimate};
use crate::matrix::mean;
use crate::sample::Sample;
use crate::study::{CategoricalColumn, Covariate, MissingValues, NumericColumn, Study};

/// Rows of two groups at two times; they need not be the same units at both.
#[derive(Debug, Clone, PartialEq)]
pub struct TwoByTwo {
    /// What may have been changed.
    pub outcome: NumericColumn,
    /// 1 for the group that was treated, else 0.
    pub group: NumericColumn,
    /// 1 after the treatment, else 0.
    pub post: NumericColumn,
    /// Columns to adjust for.
    pub covariates: Vec<Covariate>,
    /// Groups of rows whose errors may be correlated.
    pub clusters: Option<CategoricalColumn>,
    /// What to do with incomplete rows.
    pub missing: MissingValues,
}

/// The effect and the four cells behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TwoByTwoEstimate {
    /// The effect on the treated group.
    pub estimate: Estimate,
    /// Mean outcome: `[comparison, treated][before, after]`, without adjustment.
    pub means: [[f64; 2]; 2],
    /// Rows, in the same order.
    pub rows: [[usize; 2]; 2],
}

/// The estimate with the regression behind it.
#[derive(Debug, Clone)]
pub struct TwoByTwoFit {
    /// The result.
    pub estimate: TwoByTwoEstimate,
    /// The rows, with group times post as treatment.
    pub sample: Sample,
    /// The regression.
    pub fit: Fit,
}

/// Estimates the effect as the coefficient of group times post.
///
/// # Errors
/// As [`Sample::prepare`] and [`estimate`]; a group or post column that is not 0 and 1; an empty cell.
pub fn two_by_two(data: TwoByTwo, inference: &Inference) -> Result<TwoByTwoEstimate, PanelError> {
    Ok(two_by_two_fit(data, inference)?.estimate)
}

/// As [`two_by_two`], with the regression, for refuters.
///
/// # Errors
/// The same.
pub fn two_by_two_fit(data: TwoByTwo, inference: &Inference) -> Result<TwoByTwoFit, PanelError> {
    check_binary("group", &data.group)?;
    check_binary("post", &data.post)?;
    let product: Vec<f64> = data.group.values.iter().zip(&data.post.values).map(|(group, post)| group * post).collect();
    let name = format!("{} x {}", data.group.name, data.post.name);
    let mut covariates = vec![Covariate::Numeric(data.group), Covariate::Numeric(data.post)];
    covariates.extend(data.covariates);
    let sample = Sample::prepare(Study {
        outcome: data.outcome,
        treatment: NumericColumn::new(name, product),
        arm_labels: Some(["all other rows".into(), "treated group, after".into()]),
        covariates,
        clusters: data.clusters,
        missing: data.missing,
    })?;
    let (means, rows) = cells(&sample)?;
    let fit = estimate(&sample, Estimator::RegressionAdjustment, inference)?;
    let estimate = TwoByTwoEstimate { estimate: fit.estimate.clone(), means, rows };
    Ok(TwoByTwoFit { estimate, sample, fit })
}

fn check_binary(option: &'static str, column: &NumericColumn) -> Result<(), CausalError> {
    let other = column.values.iter().find(|value| value.abs() > 0.0 && (*value - 1.0).abs() > 0.0);
    other.map_or(Ok(()), |value| {
        Err(CausalError::InvalidOption {
            option,
            value: format!("{value} in column '{}'", column.name),
            expected: "0 or 1 in every row",
        })
    })
}

type Cells<T> = [[T; 2]; 2];

fn cells(sample: &Sample) -> Result<(Cells<f64>, Cells<usize>), CausalError> {
    let [Covariate::Numeric(group), Covariate::Numeric(post), ..] = sample.covariates.as_slice() else {
        return Err(CausalError::Empty);
    };
    let mut values: Cells<Vec<f64>> = Default::default();
    for ((group, post), &outcome) in group.values.iter().zip(&post.values).zip(&sample.outcome.values) {
        values[usize::from(*group > 0.5)][usize::from(*post > 0.5)].push(outcome);
    }
    if values.iter().flatten().any(Vec::is_empty) {
        let count = |group: usize, post: usize| values[group][post].len();
        return Err(CausalError::InvalidOption {
            option: "the table of group by post",
            value: format!(
                "{} comparison rows before and {} after, {} treated rows before and {} after",
                count(0, 0),
                count(0, 1),
                count(1, 0),
                count(1, 1)
            ),
            expected: "at least one row in each of the four cells",
        });
    }
    let rows = values.each_ref().map(|group| group.each_ref().map(Vec::len));
    Ok((values.map(|group| group.map(|cell| mean(&cell))), rows))
}

//! Joint balance of a randomised design: do the covariates together predict the treatment?
//!
//! F test of all covariates in the regression of the treatment on them. Under randomisation the
//! p-value is uniform, so one trial in a hundred falls below 0.01 by chance.

use serde::{Deserialize, Serialize};

use crate::distribution::f_upper_tail;
use crate::estimate::Fit;
use crate::matrix::centred_sum_of_squares;
use crate::sample::Sample;

/// p-values below this are flagged.
const FLAG_BELOW: f64 = 0.01;

/// Result of the joint test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointBalance {
    /// F statistic.
    pub statistic: f64,
    /// Covariates (columns and absorbed levels) tested.
    pub numerator_degrees_of_freedom: f64,
    /// Residual degrees of freedom.
    pub denominator_degrees_of_freedom: f64,
    /// Share of the treatment's variation that the covariates explain.
    pub r_squared: f64,
    /// Probability of an F at least this large under randomisation.
    pub p_value: f64,
    /// Whether it is flagged.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// Tests the covariates of a regression-adjusted fit jointly on the treatment; `None` without covariates.
#[must_use]
pub fn joint_balance(sample: &Sample, fit: &Fit) -> Option<JointBalance> {
    let numerator = fit.controls.parameters() as f64 - 1.0;
    let denominator = sample.rows() as f64 - numerator - 1.0;
    if numerator < 1.0 || denominator < 1.0 {
        return None;
    }
    let total = centred_sum_of_squares(&sample.treatment.values);
    let r_squared = (1.0 - fit.treatment_variation / total).clamp(0.0, 1.0);
    let statistic = (r_squared / numerator) / ((1.0 - r_squared) / denominator);
    let p_value = f_upper_tail(statistic, numerator, denominator);
    let flagged = p_value < FLAG_BELOW;
    let finding = if flagged {
        format!("the covariates together predict the treatment (p = {p_value:.4}): more than chance usually does")
    } else {
        format!("the covariates together predict the treatment no better than chance usually does (p = {p_value:.4})")
    };
    Some(JointBalance {
        statistic,
        numerator_degrees_of_freedom: numerator,
        denominator_degrees_of_freedom: denominator,
        r_squared,
        p_value,
        flagged,
        finding,
    })
}

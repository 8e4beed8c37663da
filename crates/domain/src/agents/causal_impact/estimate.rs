//! One estimator's answer, with the exact meaning of its number and of its error.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimator::Estimator;

/// Whose average effect a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estimand {
    /// Everybody's (ATE).
    Everybody,
    /// Of the treated (ATT).
    Treated,
    /// An average that weighs rows by how variable their treatment is, given the covariates.
    VarianceWeighted,
    /// A difference between groups; an effect only where nothing else moved both.
    Association,
}

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// Confidence level, as 0.95.
    pub confidence_level: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// One estimator's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateReport {
    /// The estimator.
    pub estimator: Estimator,
    /// Whose effect.
    pub estimand: Estimand,
    /// What the number means, in words.
    pub meaning: String,
    /// The effect.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Estimate over standard error.
    pub statistic: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Confidence interval.
    pub interval: Interval,
    /// Rows used.
    pub rows: u64,
    /// Share of the outcome's variation explained, of linear estimators.
    pub r_squared: Option<f64>,
    /// Standard deviation of the residuals, of linear estimators.
    pub residual_standard_deviation: Option<f64>,
    /// What exactly the standard error is.
    pub convention: StandardErrorConvention,
    /// Folds of cross-fitting.
    pub folds: Option<u64>,
    /// How well the nuisance models predict rows they have not seen, of doubly robust estimators.
    pub nuisances: Vec<NuisanceQuality>,
    /// What matching found, of matching estimators.
    pub matching: Option<Matching>,
    /// What weighting did, of weighting estimators.
    pub weighting: Option<Weighting>,
}

/// An estimator that applies and gave no estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotComputed {
    /// The estimator.
    pub estimator: Estimator,
    /// Why, and what to do.
    pub reason: String,
}

/// How well a nuisance model predicts rows it has not seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NuisanceQuality {
    /// What is predicted.
    pub name: String,
    /// Share of its variation explained; negative when worse than the mean.
    pub r_squared: f64,
    /// Root mean squared error.
    pub root_mean_squared_error: f64,
}

/// What matching found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Matching {
    /// Rows with at least one match: those the effect speaks for.
    pub matched: u64,
    /// Treated rows that found none.
    pub unmatched_treated: u64,
    /// Control rows that sought one and found none.
    pub unmatched_control: u64,
    /// Largest standardized mean difference before.
    pub largest_difference_before: f64,
    /// Largest standardized mean difference among the matched.
    pub largest_difference_after: f64,
}

/// What weighting did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Weighting {
    /// Treated rows left out by trimming.
    pub trimmed_treated: u64,
    /// Control rows left out by trimming.
    pub trimmed_control: u64,
    /// What the treated rows are worth after weighting (Kish 1965).
    pub effective_treated_rows: f64,
    /// What the control rows are worth.
    pub effective_control_rows: f64,
    /// Largest share of an arm's weight that one row carries.
    pub largest_weight_share: f64,
}

/// A standard error's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandardError {
    /// Equal variance.
    Classical,
    /// HC1.
    Hc1,
    /// HC2.
    Hc2,
    /// HC3.
    Hc3,
    /// CR1.
    Cluster,
    /// Root of the mean square of the estimate's influence function, summed within clusters where there are any.
    InfluenceFunction,
    /// M-estimation: the propensities are estimated.
    EstimatedPropensity,
    /// Abadie and Imbens 2006.
    AbadieImbens,
}

/// What a statistic is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceDistribution {
    /// Student's t.
    StudentT,
    /// Normal.
    Normal,
}

/// A standard error's exact meaning, so that it can be reproduced elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StandardErrorConvention {
    /// Which.
    pub kind: StandardError,
    /// Formula; `r` and `e` are the residuals of treatment and outcome, `h` the leverages.
    pub formula: String,
    /// Factor on the variance for small samples.
    pub small_sample_factor: f64,
    /// Degrees of freedom of interval and p-value; none for the normal distribution.
    pub degrees_of_freedom: Option<f64>,
    /// What the statistic is compared with.
    pub distribution: ReferenceDistribution,
    /// Rows.
    pub rows: u64,
    /// Parameters, absorbed levels included, of linear estimators.
    pub parameters: Option<u64>,
    /// Clusters, for errors that allow for them.
    pub clusters: Option<u64>,
    /// Where else the same number comes out.
    pub same_as: Vec<String>,
}

/// One arm against the control, of a treatment of several arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contrast {
    /// The estimator.
    pub estimator: Estimator,
    /// The arm.
    pub arm: String,
    /// What it is compared with.
    pub control: String,
    /// Mean difference in the outcome.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Two-sided p-value of this contrast alone.
    pub p_value: f64,
    /// Adjusted by Holm for all arms of this estimator.
    pub adjusted_p_value: f64,
    /// Confidence interval of this contrast alone.
    pub interval: Interval,
    /// Rows in the arm.
    pub arm_rows: u64,
    /// Rows in the control.
    pub control_rows: u64,
}

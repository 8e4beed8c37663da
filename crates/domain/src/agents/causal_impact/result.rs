//! What comes back from `causal_impact`: the effect, its error, what speaks against it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::diagnostics::Diagnostics;
use super::parameters::{CausalImpactParameters, Design};
use super::refutation::{RefutationReport, SensitivityReport};

/// An effect with everything needed to judge, plot and repeat it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CausalImpactResult {
    /// The effect: treated less control, or per unit of a continuous treatment.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Its confidence interval.
    pub interval: Interval,
    /// Probability of an estimate at least this far from zero if there were no effect.
    pub p_value: f64,
    /// Which of `estimates` the four numbers above are.
    pub estimator: Estimator,
    /// "no red flags found", or "red flags: " and what they are.
    pub finding: String,
    /// The result in plain sentences.
    pub summary: Vec<String>,
    /// What a reader must know before using the number.
    pub red_flags: Vec<RedFlag>,
    /// What a reader should know.
    pub warnings: Vec<Notice>,
    /// How the treatment came about, as stated by the analyst.
    pub design: Design,
    /// What was compared with what.
    pub treatment: TreatmentReport,
    /// One entry an estimator.
    pub estimates: Vec<EstimateReport>,
    /// One entry a refuter and estimator.
    pub refutations: Vec<RefutationReport>,
    /// Sensitivity to an unobserved confounder, one entry an estimator; empty for a randomised design.
    pub sensitivity: Vec<SensitivityReport>,
    /// Rows, balance, summaries, checks of the design.
    pub diagnostics: Diagnostics,
    /// The seed of the simulations.
    pub seed: u64,
    /// What computed it.
    pub versions: Versions,
    /// The parameters, defaults filled in.
    pub parameters: CausalImpactParameters,
}

/// How an effect was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// Difference of the arms' means, or the slope on the treatment alone.
    DifferenceInMeans,
    /// Least squares on treatment and covariates.
    RegressionAdjustment,
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

/// What was compared with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TreatmentReport {
    /// Two arms.
    Binary {
        /// Value of the control arm.
        control: String,
        /// Value of the treated arm.
        treated: String,
        /// Rows of the control arm.
        control_rows: u64,
        /// Rows of the treated arm.
        treated_rows: u64,
    },
    /// An amount.
    Continuous {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        standard_deviation: f64,
    },
}

/// One estimator's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateReport {
    /// The estimator.
    pub estimator: Estimator,
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
    /// Share of the outcome's variation explained.
    pub r_squared: f64,
    /// Standard deviation of the residuals.
    pub residual_standard_deviation: f64,
    /// What exactly the standard error is.
    pub convention: StandardErrorConvention,
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
    /// Degrees of freedom of interval and p-value.
    pub degrees_of_freedom: f64,
    /// What the statistic is compared with.
    pub distribution: ReferenceDistribution,
    /// Rows.
    pub rows: u64,
    /// Parameters, absorbed levels included.
    pub parameters: u64,
    /// Clusters, for cluster-robust errors.
    pub clusters: Option<u64>,
    /// Where else the same number comes out.
    pub same_as: Vec<String>,
}

/// Something a reader must know before using the number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RedFlag {
    /// Which check raised it, as `balance` or `bootstrap`.
    pub check: String,
    /// What it found.
    pub message: String,
}

/// Something a reader should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// What it is about, for programs, as `rows_dropped`.
    pub code: String,
    /// The sentence.
    pub message: String,
}

/// What computed a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Versions {
    /// Version of the agent.
    pub agent: i32,
    /// Version of the crate `causal`.
    pub causal: String,
}

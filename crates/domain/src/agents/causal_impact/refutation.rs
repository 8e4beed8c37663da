//! What the refuters found: simulated ones, and the solved one (an unobserved confounder).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::estimate::Interval;
use super::estimator::Estimator;

/// A simulated refuter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Refuter {
    /// The treatment is permuted.
    PlaceboTreatment,
    /// Noise is added as a covariate.
    RandomCommonCause,
    /// About a fifth of the rows is left out.
    DataSubset,
    /// Rows are drawn with replacement.
    Bootstrap,
}

/// What a simulated refuter found for one estimator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RefutationReport {
    /// The refuter.
    pub refuter: Refuter,
    /// The estimator it was put to.
    pub estimator: Estimator,
    /// What it tests.
    pub tests: String,
    /// How it was drawn.
    pub method: String,
    /// The estimate put to the test.
    pub original: f64,
    /// Simulations asked for.
    pub simulations_asked: u64,
    /// Simulations that gave an estimate: fewer than asked for where the budget did not pay for all.
    pub simulations: u64,
    /// Simulations that gave none.
    pub failed_simulations: u64,
    /// Mean of the simulated estimates.
    pub mean: f64,
    /// Their standard deviation.
    pub standard_deviation: f64,
    /// Rows (of a panel: units) of each simulation: fewer than the data have where the budget did not pay for all.
    pub rows: u64,
    /// The simulated estimates, for a histogram.
    pub values: Vec<f64>,
    /// Between 0 and 1.
    pub p_value: f64,
    /// What the p-value is the probability of.
    pub p_value_meaning: String,
    /// Placebo: how often a permuted treatment had an effect at least as large.
    pub permutation_p_value: Option<f64>,
    /// Bootstrap: interval from the bootstrap's standard deviation.
    pub interval: Option<Interval>,
    /// Subset and bootstrap: share of simulations with the sign of the estimate.
    pub same_sign_share: Option<f64>,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// How strong an unobserved confounder would have to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SensitivityReport {
    /// The estimator it was put to.
    pub estimator: Estimator,
    /// What it tests.
    pub tests: String,
    /// Partial R² of the treatment with the outcome, of linear estimators.
    pub partial_r2: Option<f64>,
    /// Partial R² with treatment and outcome alike that brings the estimate to zero (Cinelli and Hazlett 2020; for doubly
    /// robust estimators Chernozhukov et al. 2022). Absent for weighting and matching, which have the E-value alone.
    pub robustness_value: Option<f64>,
    /// The same for making it insignificant at `alpha`.
    pub robustness_value_alpha: Option<f64>,
    /// Significance level.
    pub alpha: f64,
    /// Residual degrees of freedom, of linear estimators.
    pub degrees_of_freedom: Option<f64>,
    /// What a confounder as strong as each covariate, once, twice, three times, could do; of linear estimators.
    pub benchmarks: Vec<Benchmark>,
    /// The covariate whose equal would move the estimate most.
    pub strongest_covariate: Option<String>,
    /// For a contour plot, of linear estimators.
    pub contour: Option<Contour>,
    /// E-value, where it can be had.
    pub e_value: Option<EValue>,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// What a confounder `strength` times as strong as a covariate could do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Benchmark {
    /// The covariate.
    pub covariate: String,
    /// How many times as strong.
    pub strength: f64,
    /// Partial R² with the treatment.
    pub with_treatment: f64,
    /// Partial R² with the outcome.
    pub with_outcome: f64,
    /// Largest bias.
    pub bias: f64,
    /// Estimate moved towards zero by the bias.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
}

/// Adjusted estimates over a grid of strengths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Contour {
    /// Partial R² with the treatment, ascending.
    pub with_treatment: Vec<f64>,
    /// Partial R² with the outcome, ascending.
    pub with_outcome: Vec<f64>,
    /// `estimates[outcome][treatment]`.
    pub estimates: Vec<Vec<f64>>,
    /// `statistics[outcome][treatment]`.
    pub statistics: Vec<Vec<f64>>,
}

/// Risk ratio that a confounder must have with treatment and outcome (`VanderWeele` and Ding 2017).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EValue {
    /// Of the estimate.
    pub estimate: f64,
    /// Of the nearer end of the interval; 1 when the interval includes no effect.
    pub interval: f64,
    /// The risk ratio, or its approximation.
    pub risk_ratio: f64,
    /// How it was found.
    pub method: String,
}

//! What may be asked of `causal_impact`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most simulations of each refuter.
pub const MOST_SIMULATIONS: u32 = 10_000;

/// The question, in columns of the dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Causal impact")]
pub struct CausalImpactParameters {
    /// The column that the treatment may have moved. Numbers.
    #[schemars(title = "Outcome", length(min = 1), extend("x-role" = "outcome", "x-column-kind" = "numeric"))]
    pub outcome: String,

    /// The column that says who was treated, or how much. Two values (numbers or words) make two arms; more values must
    /// be numbers, and the effect is then per unit.
    #[schemars(title = "Treatment", length(min = 1), extend("x-role" = "treatment", "x-column-kind" = "any"))]
    pub treatment: String,

    /// Which of the two values means treated. Without it the higher number, or the later word in alphabetical order.
    #[serde(default)]
    #[schemars(title = "Treated value")]
    pub treated_value: Option<String>,

    /// Columns to hold fixed: what may have moved both treatment and outcome, measured before the treatment. Text
    /// columns enter as categories.
    #[serde(default)]
    #[schemars(title = "Covariates", extend("x-role" = "confounder", "x-column-kind" = "any", "uniqueItems" = true))]
    pub covariates: Vec<String>,

    /// Those of the covariates whose numbers are codes of categories (a shop's number, a region's code).
    #[serde(default)]
    #[schemars(title = "Covariates that are categories", extend("x-column-kind" = "any", "uniqueItems" = true))]
    pub categorical: Vec<String>,

    /// Those of the covariates whose square enters too, for a relation that bends.
    #[serde(default)]
    #[schemars(title = "Squared covariates", extend("x-column-kind" = "numeric", "uniqueItems" = true))]
    pub squared: Vec<String>,

    /// The column that names groups whose rows are not independent (clinic, shop, person measured often).
    #[serde(default)]
    #[schemars(title = "Cluster", extend("x-role" = "cluster", "x-column-kind" = "any"))]
    pub cluster: Option<String>,

    /// Whether the treatment was assigned by chance. It decides the checks and the words.
    #[serde(default)]
    #[schemars(title = "Design")]
    pub design: Design,

    /// For a randomised design: the planned share of treated rows, as 0.5. The split is tested only when it is given.
    #[serde(default)]
    #[schemars(title = "Planned share of treated", range(min = 0.001, max = 0.999))]
    pub expected_treated_share: Option<f64>,

    /// What to do with rows that lack a value in one of these columns.
    #[serde(default)]
    #[schemars(title = "Missing values")]
    pub missing: MissingValues,

    /// Which estimate stands at the head of the result. All that apply are computed.
    #[serde(default)]
    #[schemars(title = "Estimator")]
    pub estimator: EstimatorChoice,

    /// Which standard error.
    #[serde(default)]
    #[schemars(title = "Standard error")]
    pub standard_error: StandardErrorChoice,

    /// Confidence level of intervals.
    #[serde(default = "default_confidence_level")]
    #[schemars(title = "Confidence level", range(min = 0.5, max = 0.999))]
    pub confidence_level: f64,

    /// Simulations of each refuter.
    #[serde(default = "default_simulations")]
    #[schemars(title = "Simulations", range(min = 20, max = 10_000))]
    pub simulations: u32,

    /// Same seed, same simulations.
    #[serde(default = "default_seed")]
    #[schemars(title = "Seed", range(min = 0, max = 9_007_199_254_740_991_i64))]
    pub seed: u64,
}

impl CausalImpactParameters {
    /// The question with all defaults.
    pub fn new(outcome: impl Into<String>, treatment: impl Into<String>) -> Self {
        Self {
            outcome: outcome.into(),
            treatment: treatment.into(),
            treated_value: None,
            covariates: Vec::new(),
            categorical: Vec::new(),
            squared: Vec::new(),
            cluster: None,
            design: Design::default(),
            expected_treated_share: None,
            missing: MissingValues::default(),
            estimator: EstimatorChoice::default(),
            standard_error: StandardErrorChoice::default(),
            confidence_level: default_confidence_level(),
            simulations: default_simulations(),
            seed: default_seed(),
        }
    }
}

const fn default_confidence_level() -> f64 {
    0.95
}

const fn default_simulations() -> u32 {
    100
}

const fn default_seed() -> u64 {
    1
}

/// How the treatment came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    /// Assigned by chance: an experiment.
    Randomised,
    /// Came about by itself, so that something else may have moved both treatment and outcome.
    #[default]
    Observational,
}

/// What to do with incomplete rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingValues {
    /// Refuse, and name the columns.
    #[default]
    Refuse,
    /// Drop the rows, and count them in the result.
    DropRows,
}

/// Which estimate stands at the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EstimatorChoice {
    /// Regression adjustment where there are covariates, else the difference in means.
    #[default]
    Auto,
    /// The difference in means, whatever the covariates.
    DifferenceInMeans,
    /// Least squares on treatment and covariates.
    RegressionAdjustment,
}

/// Which standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandardErrorChoice {
    /// Cluster-robust where a cluster column is given; else HC3 below 250 rows (Long and Ervin 2000), HC2 above.
    #[default]
    Auto,
    /// Equal error variance in all rows.
    Classical,
    /// Heteroskedasticity-robust, scaled by n/(n-k): Stata's `robust`.
    Hc1,
    /// Heteroskedasticity-robust, residuals scaled by leverage: Neyman's for an experiment.
    Hc2,
    /// Heteroskedasticity-robust and cautious in small samples.
    Hc3,
    /// Robust to any correlation within clusters (CR1); needs a cluster column.
    Cluster,
}

//! What the diagnostics found: rows, balance, summaries by arm, the checks of a randomised design.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The data behind a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diagnostics {
    /// Rows of the dataset.
    pub rows_given: u64,
    /// Rows used.
    pub rows_used: u64,
    /// Rows dropped because a value was missing and the analyst asked for it.
    pub rows_dropped: u64,
    /// Missing values of each column used that has any.
    pub missing: Vec<ColumnCount>,
    /// Category whose levels were absorbed instead of coded one by one, with their number; the estimate is the same.
    pub absorbed: Option<ColumnCount>,
    /// How far the arms differ before adjustment.
    pub balance: Balance,
    /// Outcome and covariates by arm.
    pub columns: Vec<ColumnSummary>,
    /// Sizes of the arms.
    pub split: Option<Split>,
    /// Randomised design: whether the covariates together predict the treatment.
    pub joint_balance: Option<JointBalance>,
}

/// A column and a number of rows or levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnCount {
    /// The column.
    pub column: String,
    /// How many.
    pub count: u64,
}

/// Balance of all covariates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Balance {
    /// What is measured, in words.
    pub measure: String,
    /// Above this in size a row is flagged.
    pub threshold: f64,
    /// Largest size.
    pub largest: f64,
    /// One row a covariate or level.
    pub rows: Vec<BalanceRow>,
}

/// Balance of one covariate or level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BalanceRow {
    /// The covariate.
    pub covariate: String,
    /// The level, for a category.
    pub level: Option<String>,
    /// Standardized mean difference, or correlation with a continuous treatment.
    pub value: f64,
    /// Whether it is above the threshold.
    pub flagged: bool,
}

/// One column by arm: moments for numbers, shares for categories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnSummary {
    /// The column.
    pub column: String,
    /// One entry an arm.
    pub arms: Vec<ArmSummary>,
    /// One entry an arm and level; the most frequent levels.
    pub levels: Vec<LevelShare>,
}

/// A numeric column in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmSummary {
    /// The arm; `all` for a continuous treatment.
    pub arm: String,
    /// Rows.
    pub rows: u64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub standard_deviation: f64,
    /// Minimum, quartiles, maximum.
    pub quantiles: [f64; 5],
}

/// A level in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelShare {
    /// The arm.
    pub arm: String,
    /// The level.
    pub level: String,
    /// Rows.
    pub rows: u64,
    /// Share of the arm's rows.
    pub share: f64,
}

/// Sizes of the arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Split {
    /// Treated rows.
    pub treated_rows: u64,
    /// Control rows.
    pub control_rows: u64,
    /// Share of treated rows.
    pub treated_share: f64,
    /// Test against the planned share, where one was given.
    pub test: Option<SplitTest>,
}

/// Sample-ratio test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SplitTest {
    /// Planned share of treated rows.
    pub expected_share: f64,
    /// Chi-square with one degree of freedom.
    pub statistic: f64,
    /// Probability of a split at least this far from the plan.
    pub p_value: f64,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

/// Joint test of balance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JointBalance {
    /// F statistic.
    pub statistic: f64,
    /// Its numerator degrees of freedom.
    pub numerator_degrees_of_freedom: f64,
    /// Its denominator degrees of freedom.
    pub denominator_degrees_of_freedom: f64,
    /// Share of the treatment's variation explained.
    pub r_squared: f64,
    /// Probability of an F at least this large under randomisation.
    pub p_value: f64,
    /// Whether it is a red flag.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
}

//! The choices among the parameters: each a closed list with a default.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// What to do with units of a panel that lack periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// Refuse, and name units and periods.
    #[default]
    Refuse,
    /// Use the rows there are, with a warning.
    Keep,
}

/// What to do with units of a panel that are treated from its first period on: they have no before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TreatedFromStart {
    /// Refuse, and name units.
    #[default]
    Refuse,
    /// Leave those units out, with a warning.
    LeaveOut,
}

/// Whom treated units of a panel are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonUnits {
    /// Units that are never treated where there are any, else those not yet treated.
    #[default]
    Auto,
    /// Units that are never treated within the panel.
    NeverTreated,
    /// Those, and units that start later.
    NotYetTreated,
}

/// Whose average effect is asked for. Regression and partially linear models answer with an average of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Everybody: treated against untreated (ATE).
    #[default]
    Everybody,
    /// Those who were treated (ATT).
    Treated,
}

/// Which standard error of the linear estimators.
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

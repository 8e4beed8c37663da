//! What may be asked of `causal_impact`.
//!
//! The roles given decide the shape of the question: `unit` and `time` make a panel, `time` alone two groups at two
//! times, neither of them a cross-section.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choices::{ComparisonUnits, Design, Gaps, MissingValues, StandardErrorChoice, Target, TreatedFromStart};
use super::estimator::{Estimator, Shape};

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

    /// The column that says who was treated, or how much. Two values (numbers or words) make two arms; more words make
    /// arms that are each compared with `control_value`; more numbers are an amount, and the effect is then per unit. In
    /// a panel 0 before and 1 from the start on (or give `treatment_start` instead); with `time` alone, the group.
    #[serde(default)]
    #[schemars(title = "Treatment", length(min = 1), extend("x-role" = "treatment", "x-column-kind" = "any"))]
    pub treatment: Option<String>,

    /// Which of the two values means treated. Without it the higher number, or the later word in alphabetical order.
    #[serde(default)]
    #[schemars(title = "Treated value")]
    pub treated_value: Option<String>,

    /// Which value the others are compared with, for a treatment of several values: each other value is an arm.
    #[serde(default)]
    #[schemars(title = "Control value")]
    pub control_value: Option<String>,

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

    /// The outcome before the treatment. It makes a before-and-after analysis, and is the first negative control: a
    /// treatment cannot have moved what was before it.
    #[serde(default)]
    #[schemars(title = "Outcome before", extend("x-role" = "baseline", "x-column-kind" = "numeric"))]
    pub baseline: Option<String>,

    /// Outcomes that the treatment cannot have moved. An effect on one of them is a sign of confounding.
    #[serde(default)]
    #[schemars(title = "Negative controls", extend("x-role" = "negative_control", "x-column-kind" = "numeric", "uniqueItems" = true))]
    pub negative_controls: Vec<String>,

    /// Who is followed over time, in long data (one row a unit and period).
    #[serde(default)]
    #[schemars(title = "Unit", extend("x-role" = "unit", "x-column-kind" = "any"))]
    pub unit: Option<String>,

    /// When. Without a unit: a column of two values, before and after, of two groups.
    #[serde(default)]
    #[schemars(title = "Time", extend("x-role" = "time", "x-column-kind" = "time"))]
    pub time: Option<String>,

    /// The first treated period of each unit, instead of a treatment of 0 and 1. No value means never.
    #[serde(default)]
    #[schemars(title = "Start of the treatment", extend("x-role" = "treatment_start", "x-column-kind" = "time"))]
    pub treatment_start: Option<String>,

    /// A value of the start that stands for never, as 0 often does.
    #[serde(default)]
    #[schemars(title = "Value that means never treated")]
    pub never_treated_value: Option<String>,

    /// Whom treated units of a panel are compared with.
    #[serde(default)]
    #[schemars(title = "Comparison units")]
    pub comparison_units: ComparisonUnits,

    /// What to do with units of a panel that lack periods.
    #[serde(default)]
    #[schemars(title = "Gaps in the panel")]
    pub gaps: Gaps,

    /// What to do with units of a panel that are treated from its first period on.
    #[serde(default)]
    #[schemars(title = "Units treated from the start")]
    pub treated_from_start: TreatedFromStart,

    /// The column that names groups whose rows are not independent (clinic, shop, person measured often). A panel's own
    /// units are clusters unless another column is given.
    #[serde(default)]
    #[schemars(title = "Cluster", extend("x-role" = "cluster", "x-column-kind" = "any"))]
    pub cluster: Option<String>,

    /// Whether the treatment was assigned by chance. It decides the estimators, the checks and the words.
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

    /// Whose average effect is asked for.
    #[serde(default)]
    #[schemars(title = "Whose effect")]
    pub target: Target,

    /// Which estimators to run. None chosen: a sensible set for the roles given.
    #[serde(default)]
    #[schemars(title = "Estimators", extend("uniqueItems" = true))]
    pub estimators: Vec<Estimator>,

    /// Which estimate stands at the head of the result. Without it the one that asks least of the data.
    #[serde(default)]
    #[schemars(title = "Estimate at the head")]
    pub estimator: Option<Estimator>,

    /// Which standard error of the linear estimators.
    #[serde(default)]
    #[schemars(title = "Standard error")]
    pub standard_error: StandardErrorChoice,

    /// Confidence level of intervals.
    #[serde(default = "default_confidence_level")]
    #[schemars(title = "Confidence level", range(min = 0.5, max = 0.999))]
    pub confidence_level: f64,

    /// Folds of the cross-fitted estimators.
    #[serde(default = "default_folds")]
    #[schemars(title = "Folds", range(min = 2, max = 50))]
    pub folds: u32,

    /// A column that numbers the folds, so that another program can use the same.
    #[serde(default)]
    #[schemars(title = "Fold column", extend("x-column-kind" = "any"))]
    pub fold_column: Option<String>,

    /// Matches of each row, of the matching estimators.
    #[serde(default = "default_matches")]
    #[schemars(title = "Matches", range(min = 1, max = 50))]
    pub matches: u32,

    /// Furthest match: in standard deviations of the log odds, or of the Mahalanobis distance. Without it any distance.
    #[serde(default)]
    #[schemars(title = "Caliper", range(min = 0.001, max = 10.0))]
    pub caliper: Option<f64>,

    /// Whether a row may be the match of several.
    #[serde(default = "default_replacement")]
    #[schemars(title = "Match with replacement")]
    pub replacement: bool,

    /// Leaves rows out of the weighting whose propensity is below this, or above one minus this (Crump et al. advise
    /// 0.1). The effect then speaks for the rows left.
    #[serde(default)]
    #[schemars(title = "Trim propensities below", range(min = 0.001, max = 0.499))]
    pub trim: Option<f64>,

    /// What one unit of the outcome is worth, in money. With it the result says what the effect is worth.
    #[serde(default)]
    #[schemars(title = "Value of one unit of the outcome")]
    pub value_per_unit: Option<f64>,

    /// What the treatment cost in all, in the same money. With it the result says the return on it.
    #[serde(default)]
    #[schemars(title = "Cost of the treatment in all", range(min = 0.0))]
    pub cost: Option<f64>,

    /// Simulations of each refuter.
    #[serde(default = "default_simulations")]
    #[schemars(title = "Simulations", range(min = 20, max = 10_000))]
    pub simulations: u32,

    /// What the refuters may take together, in seconds of a usual machine. Costly ones then do fewer simulations, or
    /// work on part of the rows, and say so. The same budget gives the same simulations on any machine.
    #[serde(default = "default_refuter_budget_s")]
    #[schemars(title = "Time for refuters (s)", range(min = 1, max = 3600))]
    pub refuter_budget_s: u32,

    /// Same seed, same folds and simulations.
    #[serde(default = "default_seed")]
    #[schemars(title = "Seed", range(min = 0, max = 9_007_199_254_740_991_i64))]
    pub seed: u64,
}

impl CausalImpactParameters {
    /// The question with all defaults.
    pub fn new(outcome: impl Into<String>, treatment: impl Into<String>) -> Self {
        Self {
            outcome: outcome.into(),
            treatment: Some(treatment.into()),
            treated_value: None,
            control_value: None,
            covariates: Vec::new(),
            categorical: Vec::new(),
            squared: Vec::new(),
            baseline: None,
            negative_controls: Vec::new(),
            unit: None,
            time: None,
            treatment_start: None,
            never_treated_value: None,
            comparison_units: ComparisonUnits::default(),
            gaps: Gaps::default(),
            treated_from_start: TreatedFromStart::default(),
            cluster: None,
            design: Design::default(),
            expected_treated_share: None,
            missing: MissingValues::default(),
            target: Target::default(),
            estimators: Vec::new(),
            estimator: None,
            standard_error: StandardErrorChoice::default(),
            confidence_level: default_confidence_level(),
            folds: default_folds(),
            fold_column: None,
            matches: default_matches(),
            caliper: None,
            replacement: default_replacement(),
            trim: None,
            value_per_unit: None,
            cost: None,
            simulations: default_simulations(),
            refuter_budget_s: default_refuter_budget_s(),
            seed: default_seed(),
        }
    }

    /// What the roles given make of the data.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        match (&self.unit, &self.time) {
            (Some(_), _) => Shape::Panel,
            (None, Some(_)) => Shape::TwoTimes,
            (None, None) => Shape::CrossSection,
        }
    }

    /// The column that tells who was treated: the treatment, or its start.
    #[must_use]
    pub fn treatment_column(&self) -> &str {
        self.treatment.as_deref().or(self.treatment_start.as_deref()).unwrap_or_default()
    }
}

const fn default_confidence_level() -> f64 {
    0.95
}

const fn default_folds() -> u32 {
    5
}

const fn default_matches() -> u32 {
    1
}

const fn default_replacement() -> bool {
    true
}

const fn default_simulations() -> u32 {
    100
}

const fn default_refuter_budget_s() -> u32 {
    60
}

const fn default_seed() -> u64 {
    1
}

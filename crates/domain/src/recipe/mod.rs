//! Recipes: how one version of a dataset is made from another, step by step, and kept with what was made.
//!
//! A recipe is data: it can be read back from a dataset and posted again, on the same version or a newer one. Its steps
//! work on rows as they come: which rows ([`Filter`]), which columns ([`Step::Keep`], [`Step::Drop`]), new columns
//! ([`Derive`]), and long data (one row for each unit and period) as one row a unit ([`Reshape`]).
//!
//! [`check`] finds what is wrong with a recipe before a row is read; what only the rows can tell (a logarithm of zero, a
//! unit twice in a period) is found by `tables::recipe`, which carries it out. To add a formula: a variant of
//! [`Formula`], its line in [`check`], its computation in `tables::recipe`.

mod check;
mod condition;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use check::check;
pub use condition::{Condition, Literal, Range};

/// Most steps of a recipe.
pub const MOST_STEPS: usize = 50;
/// Most values that a condition lists.
pub const MOST_VALUES: usize = 1000;
/// Longest name of a new column, in characters.
pub const LONGEST_NAME: usize = 200;

/// How one version of a dataset is made from another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Recipe")]
pub struct Recipe {
    /// One after the other, each on what the one before it made. 1 to 50.
    #[schemars(title = "Steps", length(min = 1, max = 50))]
    #[schema(min_items = 1, max_items = 50)]
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(tag = "step", rename_all = "snake_case")]
#[schema(as = RecipeStep)]
pub enum Step {
    /// Keeps the rows that meet a condition.
    Filter(Filter),
    /// Adds a column at the end.
    Derive(Derive),
    /// Keeps these columns, in the table's order.
    Keep(Columns),
    /// Leaves these columns out.
    Drop(Columns),
    /// Makes one row a unit of one row for each unit and period.
    Reshape(Reshape),
}

/// Which rows are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeFilter)]
pub struct Filter {
    /// The column that is looked at.
    #[schemars(title = "Column", extend("x-column-kind" = "any"))]
    pub column: String,
    /// What its value must be.
    #[schemars(title = "Condition")]
    pub is: Condition,
}

/// A new column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeDerive)]
pub struct Derive {
    /// Its name; none that the table has.
    #[schemars(title = "Name", length(min = 1, max = 200))]
    pub name: String,
    /// What it is computed from. Where a value is missing there, it is missing here.
    #[schemars(title = "Formula")]
    pub from: Formula,
}

/// How a new column is computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = RecipeFormula)]
pub enum Formula {
    /// The natural logarithm. Refused where a value is zero or negative.
    Log {
        /// Numbers.
        #[schemars(title = "Column", extend("x-column-kind" = "numeric"))]
        column: String,
    },
    /// The natural logarithm of one plus the value: for counts with zeros. Refused where a value is -1 or less.
    #[serde(rename = "log1p")]
    Log1p {
        /// Numbers.
        #[schemars(title = "Column", extend("x-column-kind" = "numeric"))]
        column: String,
    },
    /// One column less another, as outcome less baseline.
    Difference {
        /// Numbers.
        #[schemars(title = "Column", extend("x-column-kind" = "numeric"))]
        column: String,
        /// What is taken off: numbers.
        #[schemars(title = "Less", extend("x-role" = "baseline", "x-column-kind" = "numeric"))]
        minus: String,
    },
    /// One column over another. Refused where the other is zero.
    Ratio {
        /// Numbers.
        #[schemars(title = "Column", extend("x-column-kind" = "numeric"))]
        column: String,
        /// What it is divided by: numbers.
        #[schemars(title = "Over", extend("x-column-kind" = "numeric"))]
        over: String,
    },
    /// In long data: the value less the same unit's value in one period.
    DifferenceFromBaseline(Baseline),
}

/// Of which value, unit and period the baseline is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeBaseline)]
pub struct Baseline {
    /// Numbers.
    #[schemars(title = "Column", extend("x-role" = "outcome", "x-column-kind" = "numeric"))]
    pub column: String,
    /// The column that names the units.
    #[schemars(title = "Unit", extend("x-role" = "unit", "x-column-kind" = "any"))]
    pub unit: String,
    /// The column that names the periods: numbers, dates, or text that starts with the year (`2024-05`, `2024Q2`).
    #[schemars(title = "Time", extend("x-role" = "time", "x-column-kind" = "time"))]
    pub time: String,
    /// The period that is the baseline; without it the first of the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Baseline period")]
    pub period: Option<Literal>,
    /// What to do when units lack periods that others have.
    #[serde(default)]
    #[schemars(title = "Gaps")]
    pub gaps: Gaps,
}

/// Columns by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeColumns)]
pub struct Columns {
    /// At least one, none twice.
    #[schemars(title = "Columns", length(min = 1), extend("x-column-kind" = "any", "uniqueItems" = true))]
    #[schema(min_items = 1)]
    pub columns: Vec<String>,
}

/// From one row for each unit and period to one row a unit: what was before the split, and what was after it.
///
/// The new table has the unit's column, the columns of `carry`, and for each column of `values` two:
/// `<column>_before` and `<column>_after`. Rows are in the order in which the units first stand in the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RecipeReshape)]
pub struct Reshape {
    /// The column that names the units.
    #[schemars(title = "Unit", extend("x-role" = "unit", "x-column-kind" = "any"))]
    pub unit: String,
    /// The column that names the periods: numbers, dates, or text that starts with the year (`2024-05`, `2024Q2`).
    #[schemars(title = "Time", extend("x-role" = "time", "x-column-kind" = "time"))]
    pub time: String,
    /// The first period that is after.
    #[schemars(title = "First period after", extend("x-role" = "treatment_start"))]
    pub split: Literal,
    /// Columns of numbers that become a value before and a value after.
    #[schemars(title = "Values", length(min = 1), extend("x-role" = "outcome", "x-column-kind" = "numeric", "uniqueItems" = true))]
    #[schema(min_items = 1)]
    pub values: Vec<String>,
    /// Columns that have one value in all rows of a unit, such as its region or its treatment.
    #[serde(default)]
    #[schemars(title = "Carried along", extend("x-column-kind" = "any", "uniqueItems" = true))]
    pub carry: Vec<String>,
    /// Which value stands for the time before. The time after is always its mean.
    #[serde(default)]
    #[schemars(title = "Value before")]
    pub before: Before,
    /// What to do when units lack periods that others have.
    #[serde(default)]
    #[schemars(title = "Gaps")]
    pub gaps: Gaps,
}

/// Which value stands for the time before the split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecipeBefore)]
pub enum Before {
    /// The mean of the periods that have a value.
    #[default]
    Mean,
    /// The last period that has a value.
    Last,
}

/// What to do with units that lack periods which other units have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecipeGaps)]
pub enum Gaps {
    /// Refuse, and name the first.
    #[default]
    Refuse,
    /// Take the periods that are there; what has no period at all has no value.
    Allow,
}

impl Reshape {
    /// The name of the column with a column's value before the split.
    #[must_use]
    pub fn before_name(column: &str) -> String {
        format!("{column}_before")
    }

    /// The name of the column with a column's value after the split.
    #[must_use]
    pub fn after_name(column: &str) -> String {
        format!("{column}_after")
    }
}

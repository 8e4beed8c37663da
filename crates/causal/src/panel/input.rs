//! What the caller hands in: columns by role, before any check.

use serde::{Deserialize, Serialize};

use crate::study::{CategoricalColumn, Covariate, MissingValues, NumericColumn};

/// A column of times.
#[derive(Debug, Clone, PartialEq)]
pub enum PanelTime {
    /// Numbers, as in 2004 or a count of months; `NaN` is missing.
    Numbers(NumericColumn),
    /// Labels whose order in `levels` is their order in time, as ISO months sorted as text.
    Labels(CategoricalColumn),
}

impl PanelTime {
    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Numbers(column) => &column.name,
            Self::Labels(column) => &column.name,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(column) => column.values.len(),
            Self::Labels(column) => column.codes.len(),
        }
    }
}

/// How the treatment is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Adoption {
    /// 0 before, 1 from the start on, in every row.
    Path(NumericColumn),
    /// The first treated period, the same in all rows of a unit. Missing (or the number `never`)
    /// means never treated; a start after the last period counts as never within the panel.
    Start {
        /// The column; numbers or labels as the time is.
        column: PanelTime,
        /// A number that stands for never, as 0 often does.
        never: Option<f64>,
    },
}

impl Adoption {
    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Path(column) => &column.name,
            Self::Start { column, .. } => column.name(),
        }
    }
}

/// Long data and the roles of its columns.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelStudy {
    /// Who is followed over time.
    pub unit: CategoricalColumn,
    /// When.
    pub time: PanelTime,
    /// What was done, from when.
    pub adoption: Adoption,
    /// What may have been changed by it.
    pub outcome: NumericColumn,
    /// Columns to adjust for. Two-way fixed effects use those that vary over time; the group-time
    /// effects use their values in the base period.
    pub covariates: Vec<Covariate>,
    /// Groups of units whose errors may be correlated; the unit itself when absent.
    pub clusters: Option<CategoricalColumn>,
    /// What to do with incomplete rows.
    pub missing: MissingValues,
}

/// What to do with units that lack periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// Refuse with an error that names units and periods.
    #[default]
    Refuse,
    /// Use the rows there are, with a warning.
    Keep,
}

/// What to do with units treated in the first period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TreatedFromStart {
    /// Refuse with an error that names units.
    #[default]
    Refuse,
    /// Leave those units out, with a warning: their effect cannot be learnt, and as comparison units
    /// they would mislead.
    LeaveOut,
}

/// How strict the checks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PanelOptions {
    /// Units that lack periods.
    pub gaps: Gaps,
    /// Units treated in the first period.
    pub treated_from_start: TreatedFromStart,
}

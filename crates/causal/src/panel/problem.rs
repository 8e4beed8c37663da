//! What can be wrong with a panel, with the units and periods concerned, and what to know of a result.

use serde::{Deserialize, Serialize};

use crate::error::{CausalError, quoted};

/// Why a panel cannot be analysed. Every variant is the caller's data or options, never chance.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PanelError {
    /// What may be wrong with any study.
    #[error(transparent)]
    Study(#[from] CausalError),
    /// More than one row for a unit and period.
    #[error(
        "{count} pairs of unit and period have more than one row, first {}; keep one row each, or sum or average them before",
        quoted(examples)
    )]
    Duplicates {
        /// Pairs concerned.
        count: usize,
        /// Some of them, as `unit at period`.
        examples: Vec<String>,
    },
    /// Units without a row in some period.
    #[error(
        "the panel has gaps: {units} of {all_units} units lack at least one of the {periods} periods ({rows} rows in all), first {}; complete them, drop those units, or ask to keep the gaps",
        quoted(examples)
    )]
    Unbalanced {
        /// Units with a gap.
        units: usize,
        /// Units in all.
        all_units: usize,
        /// Periods in all.
        periods: usize,
        /// Rows that are lacking.
        rows: usize,
        /// Some of them, as `unit at period`.
        examples: Vec<String>,
    },
    /// The treatment path holds something else than 0 and 1.
    #[error("treatment '{column}' is {value} for {at}; a treatment path must be 0 (not treated) or 1 (treated)")]
    NotBinary {
        /// The treatment column.
        column: String,
        /// The value found.
        value: f64,
        /// Unit and period.
        at: String,
    },
    /// A unit is treated and later not.
    #[error(
        "the treatment of {count} units switches off again, first {}; these methods need a treatment that stays on: leave those units out, or give the start of the first treatment as treatment_start",
        quoted(examples)
    )]
    SwitchesOff {
        /// Units concerned.
        count: usize,
        /// Some of them, as `unit at period`.
        examples: Vec<String>,
    },
    /// A column that must have one value per unit has several.
    #[error(
        "column '{column}' changes within {count} units, first {}; it must have one value per unit",
        quoted(examples)
    )]
    ChangesWithinUnit {
        /// The column.
        column: String,
        /// Units concerned.
        count: usize,
        /// Some of them.
        examples: Vec<String>,
    },
    /// One period only.
    #[error("the panel has the single period {period}; a comparison of before and after needs at least two")]
    SinglePeriod {
        /// The period.
        period: String,
    },
    /// Nobody is ever treated.
    #[error("none of the {units} units is treated in any period of the panel; there is no effect to estimate")]
    NoTreated {
        /// Units in all.
        units: usize,
    },
    /// Units without a period before their treatment.
    #[error(
        "{count} units are treated from the first period {period} on, first {}; they have no before: add earlier periods or ask to leave them out",
        quoted(examples)
    )]
    TreatedFromStart {
        /// Units concerned.
        count: usize,
        /// The first period.
        period: String,
        /// Some of the units.
        examples: Vec<String>,
    },
    /// All units start together: nothing to compare with.
    #[error(
        "all {units} units start the treatment in period {period}: there is nobody to compare with; add units that are never treated or start later"
    )]
    AllAtOnce {
        /// Units in all.
        units: usize,
        /// The common start.
        period: String,
    },
    /// Never-treated comparison units asked for where there are none.
    #[error(
        "there are no never-treated units among the {units}; compare with units that are not yet treated, or add units that are never treated"
    )]
    NoNeverTreated {
        /// Units in all.
        units: usize,
    },
    /// No group-time effect can be computed.
    #[error("no group-time effect can be computed: {reason}")]
    NoEffects {
        /// Why.
        reason: String,
    },
    /// Too few periods before the first start.
    #[error("{what} needs at least {needed} periods before the first start ({start}); there are {found}")]
    TooFewPeriodsBefore {
        /// What was asked for.
        what: &'static str,
        /// Periods needed.
        needed: usize,
        /// Periods found.
        found: usize,
        /// The first start.
        start: String,
    },
    /// More periods than can be solved for.
    #[error(
        "the panel has {periods} periods, more than the limit of {limit}; use a coarser time (weeks or months instead of days)"
    )]
    TooManyPeriods {
        /// Periods found.
        periods: usize,
        /// Limit.
        limit: usize,
    },
    /// Fewer than two cohorts.
    #[error("leaving out one cohort needs at least two; all treated units start in period {start}")]
    OneCohort {
        /// The only start.
        start: String,
    },
}

/// What a warning is about, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelWarningCode {
    /// Incomplete rows were dropped because the caller asked for it.
    RowsDropped,
    /// Units treated from the first period on were left out.
    UnitsDropped,
    /// The panel is unbalanced.
    Gaps,
    /// No unit is never treated.
    NoNeverTreated,
    /// A cohort has few units.
    SmallCohort,
    /// Periods are not evenly spaced.
    UnevenPeriods,
    /// One coefficient averages effects with weights that may mislead under staggered starts.
    StaggeredTwoWay,
    /// A column says nothing beside the others and was left out.
    ColumnLeftOut,
    /// Few clusters for cluster-robust errors.
    FewClusters,
    /// Few or no periods before the start.
    FewPrePeriods,
    /// Group-time effects that could not be computed.
    EffectsLeftOut,
    /// Propensities were close to one and cut off.
    Overlap,
    /// Simulations that could not be computed.
    FailedSimulations,
}

/// Something the reader of a result must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelWarning {
    /// What it is about.
    pub code: PanelWarningCode,
    /// The sentence for people, naming units, periods and counts.
    pub message: String,
}

impl PanelWarning {
    pub(crate) fn new(code: PanelWarningCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

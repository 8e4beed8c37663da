//! What can be wrong with a study, said so that an analyst knows which column it is and what to do,
//! and the warnings that travel with a result that could still be computed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A column and how many of its rows are concerned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnCount {
    /// Name of the column as the caller gave it.
    pub column: String,
    /// Number of rows concerned.
    pub rows: usize,
}

impl fmt::Display for ColumnCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "'{}' ({})", self.column, self.rows)
    }
}

/// Why no estimate was computed. Every variant is the caller's data or options, never chance:
/// trying again changes nothing.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CausalError {
    /// Columns of different length.
    #[error("column '{column}' has {found} rows but the outcome has {expected}; all columns must have the same length")]
    LengthMismatch {
        /// The column that differs.
        column: String,
        /// Its length.
        found: usize,
        /// The length of the outcome.
        expected: usize,
    },
    /// One name stands for two columns or roles.
    #[error("column '{column}' is used more than once; each column can have one role only")]
    DuplicateColumn {
        /// The repeated name.
        column: String,
    },
    /// A categorical code points past its levels.
    #[error("column '{column}' has level code {code} but only {levels} levels")]
    UnknownLevel {
        /// The column.
        column: String,
        /// The code that has no level.
        code: u32,
        /// How many levels there are.
        levels: usize,
    },
    /// Missing values, and the caller did not ask to drop rows.
    #[error(
        "missing values in {} of {total_rows} rows: {}; fill them in, leave the column out, or ask to drop incomplete rows",
        rows,
        list(columns)
    )]
    MissingValues {
        /// Columns with missing values, with counts.
        columns: Vec<ColumnCount>,
        /// Rows with at least one missing value.
        rows: usize,
        /// Rows in all.
        total_rows: usize,
    },
    /// Infinite values.
    #[error("infinite values in {}; correct or remove them", list(columns))]
    NonFinite {
        /// Columns with infinite values, with counts.
        columns: Vec<ColumnCount>,
    },
    /// Nothing left to analyse.
    #[error("no complete rows: all {total_rows} rows have a missing value in {}", list(columns))]
    NoCompleteRows {
        /// Columns with missing values, with counts.
        columns: Vec<ColumnCount>,
        /// Rows in all.
        total_rows: usize,
    },
    /// The table has no rows.
    #[error("the table has no rows")]
    Empty,
    /// The treatment does not vary.
    #[error(
        "treatment '{column}' has the single value {value} in all {rows} rows used; an effect needs treated and untreated rows"
    )]
    ConstantTreatment {
        /// The treatment column.
        column: String,
        /// Its only value.
        value: String,
        /// Number of rows used.
        rows: usize,
    },
    /// The outcome does not vary.
    #[error("outcome '{column}' has the single value {value} in all {rows} rows used; there is nothing to explain")]
    ConstantOutcome {
        /// The outcome column.
        column: String,
        /// Its only value.
        value: f64,
        /// Number of rows used.
        rows: usize,
    },
    /// The covariates determine the treatment.
    #[error(
        "treatment '{treatment}' is an exact linear combination of {}; its effect cannot be told apart from theirs: remove one of them",
        quoted(with)
    )]
    TreatmentCollinear {
        /// The treatment column.
        treatment: String,
        /// The columns that determine it.
        with: Vec<String>,
    },
    /// No degrees of freedom.
    #[error(
        "{rows} rows cannot identify {parameters} parameters; use more rows or fewer covariates (categorical ones count one per level)"
    )]
    TooFewRows {
        /// Rows used.
        rows: usize,
        /// Parameters asked for.
        parameters: usize,
    },
    /// Residuals are zero.
    #[error(
        "treatment and covariates reproduce outcome '{outcome}' exactly, so no standard error exists; look for a covariate that is computed from the outcome"
    )]
    PerfectFit {
        /// The outcome column.
        outcome: String,
    },
    /// HC2 and HC3 divide by zero.
    #[error(
        "{kind} standard errors are undefined: {rows} rows have leverage 1 and carry the treatment alone; use HC1 or merge sparse groups"
    )]
    UndefinedStandardError {
        /// The kind asked for.
        kind: &'static str,
        /// Rows of leverage one.
        rows: usize,
    },
    /// The robust variance is zero.
    #[error(
        "the {kind} standard error of '{treatment}' is zero, so no interval exists; use classical standard errors or more rows per arm or cluster"
    )]
    ZeroStandardError {
        /// The kind asked for.
        kind: &'static str,
        /// The treatment column.
        treatment: String,
    },
    /// Cluster-robust errors without clusters.
    #[error("cluster-robust standard errors need a cluster column")]
    NoClusters,
    /// One cluster only.
    #[error("cluster column '{column}' has {clusters} cluster; cluster-robust standard errors need at least two")]
    TooFewClusters {
        /// The cluster column.
        column: String,
        /// Clusters found.
        clusters: usize,
    },
    /// The design matrix would not fit the memory set aside for it.
    #[error(
        "the covariates need {columns} columns, more than the limit of {limit}; merge levels of the categorical columns (largest: '{largest}')"
    )]
    TooManyColumns {
        /// Columns needed.
        columns: usize,
        /// Limit.
        limit: usize,
        /// The covariate with the most levels that is not absorbed.
        largest: String,
    },
    /// A method for two arms, and a treatment of more.
    #[error("treatment '{treatment}' is not binary; propensities, weighting and matching need exactly two arms")]
    TreatmentNotBinary {
        /// The treatment column.
        treatment: String,
    },
    /// The covariates tell the arms apart without error.
    #[error(
        "complete separation: the covariates {} predict treatment '{treatment}' without error, so the arms have no comparable rows; remove what defines the treatment",
        quoted(covariates)
    )]
    Separation {
        /// The treatment column.
        treatment: String,
        /// Covariates that separate.
        covariates: Vec<String>,
    },
    /// Newton's method did not settle.
    #[error(
        "the propensity model of '{treatment}' did not converge in {iterations} iterations (last change of a log odds: {change:.1e}); rescale or remove covariates with extreme values"
    )]
    PropensityNotConverged {
        /// The treatment column.
        treatment: String,
        /// Iterations done.
        iterations: usize,
        /// Largest change of a linear predictor in the last one.
        change: f64,
    },
    /// Trimming or a caliper left too little.
    #[error("{rule} leaves {treated} treated and {control} control rows; at least two of each are needed: loosen it")]
    NothingLeft {
        /// The rule, in words.
        rule: String,
        /// Treated rows left.
        treated: usize,
        /// Control rows left.
        control: usize,
    },
    /// An option outside its range.
    #[error("{option} is {value}; it must be {expected}")]
    InvalidOption {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: String,
        /// What is allowed.
        expected: &'static str,
    },
}

fn list(columns: &[ColumnCount]) -> String {
    columns.iter().map(ColumnCount::to_string).collect::<Vec<_>>().join(", ")
}

/// `'a', 'b' and 3 more`: names for a message, cut so that the message stays readable.
pub(crate) fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let text = names.iter().take(SHOWN).map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        return format!("{text} and {} more", names.len() - SHOWN);
    }
    text
}

/// What a warning is about, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    /// Incomplete rows were dropped because the caller asked for it.
    RowsDropped,
    /// A covariate has one value only and was left out.
    ConstantCovariate,
    /// A covariate is a linear combination of others and was left out.
    CollinearCovariate,
    /// The covariates explain nearly all of the treatment.
    NearlyCollinearTreatment,
    /// Few rows in one arm.
    SmallArm,
    /// Few clusters for cluster-robust errors.
    FewClusters,
    /// Few residual degrees of freedom.
    FewDegreesOfFreedom,
    /// Rows of leverage one have no residual.
    LeverageOne,
    /// Arms differ in a covariate.
    Imbalance,
    /// Simulations that could not be computed.
    FailedSimulations,
    /// Fewer simulations, or fewer rows in each, than asked for.
    FewerSimulations,
    /// A sensitivity bound could not be computed.
    BoundNotComputed,
    /// Covariates tell some rows' arm without error.
    QuasiSeparation,
    /// Rows were left out by trimming.
    RowsTrimmed,
    /// The arms hardly overlap.
    PoorOverlap,
    /// Rows found no match.
    Unmatched,
}

/// Something the reader of a result must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// The sentence for people, naming columns and counts.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: WarningCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

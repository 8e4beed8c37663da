//! From the caller's columns to rows that can be computed with: checked, complete and coded.
//!
//! Data: a [`Study`] goes in, a [`Sample`] comes out, with every decision (rows dropped, category
//! absorbed, which arm is treated) kept for the result.

use serde::{Deserialize, Serialize};

use crate::error::{CausalError, ColumnCount, Warning, WarningCode};
use crate::groups::Groups;
use crate::matrix::centred_sum_of_squares;
use crate::study::{CategoricalColumn, Covariate, MISSING_LEVEL, MissingValues, NumericColumn, Study};

/// A categorical covariate with more levels than this is absorbed by the within transformation
/// (the largest one only) instead of being coded as indicators. The estimates are the same.
pub const ABSORBED_ABOVE_LEVELS: usize = 40;

/// Most columns of the design matrix; a guard for memory, reported by name when exceeded.
pub const MOST_COLUMNS: usize = 2_000;

/// Fewer rows than this in an arm bring a warning.
const SMALL_ARM: usize = 10;

/// What kind of treatment the data hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TreatmentKind {
    /// Two distinct values, coded 0 and 1; the effect is treated minus control.
    Binary {
        /// Name of the control arm.
        control: String,
        /// Name of the treated arm.
        treated: String,
        /// Rows in the control arm.
        control_rows: usize,
        /// Rows in the treated arm.
        treated_rows: usize,
    },
    /// More than two values; the effect is per unit of the treatment.
    Continuous {
        /// Mean of the treatment.
        mean: f64,
        /// Standard deviation of the treatment.
        standard_deviation: f64,
    },
}

/// One column of the design matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    Numeric { covariate: usize },
    Level { covariate: usize, level: u32 },
}

impl Term {
    pub(crate) fn covariate(&self) -> usize {
        match self {
            Self::Numeric { covariate } | Self::Level { covariate, .. } => *covariate,
        }
    }
}

/// A study whose rows are complete, finite and coded.
#[derive(Debug, Clone)]
pub struct Sample {
    pub(crate) outcome: NumericColumn,
    pub(crate) treatment: NumericColumn,
    pub(crate) kind: TreatmentKind,
    pub(crate) covariates: Vec<Covariate>,
    pub(crate) terms: Vec<Term>,
    pub(crate) absorbed: Option<(usize, Groups)>,
    pub(crate) clusters: Option<Groups>,
    rows_given: usize,
    incomplete: Vec<ColumnCount>,
    warnings: Vec<Warning>,
}

impl Sample {
    /// Checks and codes a study.
    ///
    /// # Errors
    /// Lengths that differ, a column in two roles, missing values without leave to drop rows,
    /// infinite values, a treatment or outcome without variation, too many columns.
    pub fn prepare(mut study: Study) -> Result<Self, CausalError> {
        check_shape(&study)?;
        let rows_given = study.outcome.values.len();
        let incomplete = drop_incomplete_rows(&mut study)?;
        check_finite(&study)?;
        let rows = study.outcome.values.len();
        check_variation(&study)?;
        let kind = code_treatment(&mut study);
        let absorbed = absorb_largest(&study.covariates);
        let terms = terms(&study.covariates, absorbed.as_ref().map(|(index, _)| *index))?;
        let clusters = study.clusters.as_ref().map(Groups::of);
        let mut sample = Self {
            outcome: study.outcome,
            treatment: study.treatment,
            kind,
            covariates: study.covariates,
            terms,
            absorbed,
            clusters,
            rows_given,
            incomplete,
            warnings: Vec::new(),
        };
        sample.warn(rows);
        Ok(sample)
    }

    /// Rows used.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.outcome.values.len()
    }

    /// Rows given that had a missing value and were dropped on the caller's demand.
    #[must_use]
    pub fn rows_dropped(&self) -> usize {
        self.rows_given - self.rows()
    }

    /// Missing values of each column that had any, before rows were dropped.
    #[must_use]
    pub fn missing_values(&self) -> &[ColumnCount] {
        &self.incomplete
    }

    /// What kind of treatment it is, and the arms.
    #[must_use]
    pub fn treatment_kind(&self) -> &TreatmentKind {
        &self.kind
    }

    /// The treatment as it enters the regression: 0 and 1 when binary.
    #[must_use]
    pub fn treatment_values(&self) -> &[f64] {
        &self.treatment.values
    }

    /// The outcome of the rows used.
    #[must_use]
    pub fn outcome_values(&self) -> &[f64] {
        &self.outcome.values
    }

    /// Name of the covariate that is absorbed by the within transformation, with its number of levels.
    #[must_use]
    pub fn absorbed(&self) -> Option<(&str, usize)> {
        self.absorbed.as_ref().map(|(_, groups)| (groups.name.as_str(), groups.count()))
    }

    /// Warnings about the rows and arms.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    pub(crate) fn is_binary(&self) -> bool {
        matches!(self.kind, TreatmentKind::Binary { .. })
    }

    /// Name of a design column, as in `region=north`.
    pub(crate) fn term_name(&self, term: &Term) -> String {
        match (term, &self.covariates[term.covariate()]) {
            (Term::Level { level, .. }, Covariate::Categorical(column)) => {
                format!("{}={}", column.name, column.levels[*level as usize])
            }
            (_, covariate) => covariate.name().to_owned(),
        }
    }

    /// Writes a design column.
    pub(crate) fn fill(&self, term: &Term, values: &mut [f64]) {
        match (term, &self.covariates[term.covariate()]) {
            (Term::Level { level, .. }, Covariate::Categorical(column)) => {
                for (value, code) in values.iter_mut().zip(&column.codes) {
                    *value = f64::from(u8::from(code == level));
                }
            }
            (_, Covariate::Numeric(column)) => values.copy_from_slice(&column.values),
            (Term::Numeric { .. }, Covariate::Categorical(_)) => unreachable!("terms are made from their covariate"),
        }
    }

    fn warn(&mut self, rows: usize) {
        if self.rows_dropped() > 0 {
            let columns = self.incomplete.iter().map(ColumnCount::to_string).collect::<Vec<_>>().join(", ");
            self.warnings.push(Warning::new(
                WarningCode::RowsDropped,
                format!(
                    "{} of {} rows were dropped because a value is missing in {columns}; the result speaks for the {rows} complete rows only",
                    self.rows_dropped(),
                    self.rows_given,
                ),
            ));
        }
        if let TreatmentKind::Binary { control, treated, control_rows, treated_rows } = &self.kind {
            for (arm, count) in [(control, *control_rows), (treated, *treated_rows)] {
                if count < SMALL_ARM {
                    self.warnings.push(Warning::new(
                        WarningCode::SmallArm,
                        format!("arm '{arm}' has only {count} rows; intervals and p-values rest on large samples and may be off"),
                    ));
                }
            }
        }
    }
}

fn check_shape(study: &Study) -> Result<(), CausalError> {
    let expected = study.outcome.values.len();
    let mut names = vec![study.outcome.name.as_str()];
    let mut lengths = vec![(&study.treatment.name, study.treatment.values.len())];
    names.push(&study.treatment.name);
    for covariate in &study.covariates {
        names.push(covariate.name());
    }
    // A cluster column may be a covariate too (village effects, errors clustered by village).
    if let Some(clusters) = &study.clusters {
        lengths.push((&clusters.name, clusters.codes.len()));
    }
    names.sort_unstable();
    if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(CausalError::DuplicateColumn { column: pair[0].to_owned() });
    }
    let covariates = study.covariates.iter().map(|covariate| (covariate.name(), covariate.len()));
    for (column, found) in lengths.into_iter().map(|(name, length)| (name.as_str(), length)).chain(covariates) {
        if found != expected {
            return Err(CausalError::LengthMismatch { column: column.to_owned(), found, expected });
        }
    }
    if expected == 0 { Err(CausalError::Empty) } else { check_levels(study) }
}

fn categorical(study: &Study) -> impl Iterator<Item = &CategoricalColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Categorical(column) => Some(column),
        Covariate::Numeric(_) => None,
    });
    covariates.chain(&study.clusters)
}

fn numeric(study: &Study) -> impl Iterator<Item = &NumericColumn> {
    let covariates = study.covariates.iter().filter_map(|covariate| match covariate {
        Covariate::Numeric(column) => Some(column),
        Covariate::Categorical(_) => None,
    });
    [&study.outcome, &study.treatment].into_iter().chain(covariates)
}

fn check_levels(study: &Study) -> Result<(), CausalError> {
    for column in categorical(study) {
        let levels = column.levels.len();
        if let Some(&code) = column.codes.iter().find(|&&code| code != MISSING_LEVEL && code as usize >= levels) {
            return Err(CausalError::UnknownLevel { column: column.name.clone(), code, levels });
        }
    }
    Ok(())
}

/// Returns the missing values per column; rows are removed only with the caller's leave.
fn drop_incomplete_rows(study: &mut Study) -> Result<Vec<ColumnCount>, CausalError> {
    let total_rows = study.outcome.values.len();
    let mut complete = vec![true; total_rows];
    let mut columns = Vec::new();
    let mut note = |name: &str, missing: &mut dyn Iterator<Item = bool>| {
        let mut rows = 0;
        for (flag, missing) in complete.iter_mut().zip(missing) {
            *flag &= !missing;
            rows += usize::from(missing);
        }
        // A column may be covariate and cluster at once: say it once.
        if rows > 0 && columns.iter().all(|known: &ColumnCount| known.column != name) {
            columns.push(ColumnCount { column: name.to_owned(), rows });
        }
    };
    for column in numeric(study) {
        note(&column.name, &mut column.values.iter().map(|value| value.is_nan()));
    }
    for column in categorical(study) {
        note(&column.name, &mut column.codes.iter().map(|&code| code == MISSING_LEVEL));
    }
    let kept = complete.iter().filter(|&&flag| flag).count();
    if kept == total_rows {
        return Ok(columns);
    }
    if study.missing == MissingValues::Refuse {
        return Err(CausalError::MissingValues { columns, rows: total_rows - kept, total_rows });
    }
    if kept == 0 {
        return Err(CausalError::NoCompleteRows { columns, total_rows });
    }
    retain(study, &complete);
    Ok(columns)
}

fn retain(study: &mut Study, complete: &[bool]) {
    fn keep<T>(values: &mut Vec<T>, complete: &[bool]) {
        let mut flags = complete.iter();
        values.retain(|_| flags.next().copied().unwrap_or(false));
    }
    keep(&mut study.outcome.values, complete);
    keep(&mut study.treatment.values, complete);
    for covariate in &mut study.covariates {
        match covariate {
            Covariate::Numeric(column) => keep(&mut column.values, complete),
            Covariate::Categorical(column) => keep(&mut column.codes, complete),
        }
    }
    if let Some(clusters) = &mut study.clusters {
        keep(&mut clusters.codes, complete);
    }
}

fn check_finite(study: &Study) -> Result<(), CausalError> {
    let columns: Vec<ColumnCount> = numeric(study)
        .map(|column| ColumnCount {
            column: column.name.clone(),
            rows: column.values.iter().filter(|value| value.is_infinite()).count(),
        })
        .filter(|count| count.rows > 0)
        .collect();
    if columns.is_empty() { Ok(()) } else { Err(CausalError::NonFinite { columns }) }
}

/// Whether a column has one value only, up to rounding of that value.
pub(crate) fn is_constant(values: &[f64]) -> bool {
    let largest = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    centred_sum_of_squares(values) <= 1e-24 * largest * largest * values.len() as f64
}

fn check_variation(study: &Study) -> Result<(), CausalError> {
    let rows = study.outcome.values.len();
    if is_constant(&study.treatment.values) {
        let first = study.treatment.values[0];
        let label = study.arm_labels.as_ref().and_then(|labels| {
            labels
                .iter()
                .zip([0.0_f64, 1.0])
                .find(|(_, code)| (code - first).abs() < 0.5)
                .map(|(label, _)| label.clone())
        });
        let value = label.map_or_else(|| first.to_string(), |label| format!("'{label}'"));
        return Err(CausalError::ConstantTreatment { column: study.treatment.name.clone(), value, rows });
    }
    if is_constant(&study.outcome.values) {
        let value = study.outcome.values[0];
        return Err(CausalError::ConstantOutcome { column: study.outcome.name.clone(), value, rows });
    }
    Ok(())
}

/// Codes a treatment of two values as 0 and 1.
fn code_treatment(study: &mut Study) -> TreatmentKind {
    let values = &mut study.treatment.values;
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if values.iter().any(|&value| value > lowest && value < highest) {
        let rows = values.len() as f64;
        let mean = crate::matrix::mean(values);
        let standard_deviation = (centred_sum_of_squares(values) / (rows - 1.0)).sqrt();
        return TreatmentKind::Continuous { mean, standard_deviation };
    }
    for value in values.iter_mut() {
        *value = f64::from(u8::from(*value > lowest));
    }
    let treated_rows = values.iter().filter(|&&value| value > 0.5).count();
    let [control, treated] = study.arm_labels.take().unwrap_or_else(|| [lowest.to_string(), highest.to_string()]);
    TreatmentKind::Binary { control, treated, control_rows: values.len() - treated_rows, treated_rows }
}

fn absorb_largest(covariates: &[Covariate]) -> Option<(usize, Groups)> {
    let mut largest: Option<(usize, Groups)> = None;
    for (index, covariate) in covariates.iter().enumerate() {
        if let Covariate::Categorical(column) = covariate {
            let groups = Groups::of(column);
            let most = largest.as_ref().map_or(ABSORBED_ABOVE_LEVELS, |(_, known)| known.count());
            if groups.count() > most {
                largest = Some((index, groups));
            }
        }
    }
    largest
}

/// Design columns: one per numeric covariate, one per level but the first that occurs.
fn terms(covariates: &[Covariate], absorbed: Option<usize>) -> Result<Vec<Term>, CausalError> {
    let mut terms = Vec::new();
    let mut largest = (0, String::new());
    for (index, covariate) in covariates.iter().enumerate().filter(|(index, _)| Some(*index) != absorbed) {
        match covariate {
            Covariate::Numeric(_) => terms.push(Term::Numeric { covariate: index }),
            Covariate::Categorical(column) => {
                let mut occurs = vec![false; column.levels.len()];
                column.codes.iter().for_each(|&code| occurs[code as usize] = true);
                let levels = (0..).zip(&occurs).filter(|(_, occurs)| **occurs).map(|(level, _)| level);
                let before = terms.len();
                terms.extend(levels.skip(1).map(|level| Term::Level { covariate: index, level }));
                if terms.len() - before > largest.0 {
                    largest = (terms.len() - before, column.name.clone());
                }
            }
        }
    }
    if terms.len() > MOST_COLUMNS {
        return Err(CausalError::TooManyColumns { columns: terms.len(), limit: MOST_COLUMNS, largest: largest.1 });
    }
    Ok(terms)
}

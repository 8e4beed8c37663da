//! From the caller's columns to rows that can be computed with: checked, complete and coded.
//!
//! Data: a [`Study`] goes in, a [`Sample`] comes out, with every decision (rows dropped, category
//! absorbed, which arm is treated) kept for the result.

mod variants;

use serde::{Deserialize, Serialize};

use crate::error::{CausalError, ColumnCount, Warning, WarningCode};
use crate::groups::Groups;
use crate::matrix::centred_sum_of_squares;
use crate::requirements::{check_finite, check_shape, check_variation, drop_incomplete_rows};
use crate::study::{Covariate, NumericColumn, Study};

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

    /// Columns of the design: one a number, one a level but the first, an absorbed category not among them.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.terms.len()
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

/// The sample with the absorbed category coded as indicators like the others.
pub(crate) fn expanded(sample: &Sample) -> Result<Sample, CausalError> {
    let terms = terms(&sample.covariates, None)?;
    Ok(Sample { terms, absorbed: None, ..sample.clone() })
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

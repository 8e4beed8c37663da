//! The columns of a propensity model: intercept and covariates, centred and scaled.

use crate::controls::Controls;
use crate::error::{CausalError, Warning};
use crate::matrix::{Columns, centred_sum_of_squares, mean};
use crate::sample::{Sample, expanded};

/// Most columns of a propensity model; each Newton step costs rows times columns squared.
const MOST_COLUMNS: usize = 500;

/// An intercept and linearly independent covariates with mean 0 and mean square 1, as columns.
#[derive(Debug, Clone)]
pub struct PropensityDesign {
    pub(crate) matrix: Columns,
    pub(crate) names: Vec<String>,
    pub(crate) treatment: String,
    /// Mean and scale of each covariate column, so that `column = (covariate - mean) / scale`.
    pub(crate) units: Vec<(f64, f64)>,
    pub(crate) warnings: Vec<Warning>,
}

impl PropensityDesign {
    /// All covariates of a sample with a binary treatment. Constant and collinear ones are left out,
    /// with a warning.
    ///
    /// # Errors
    /// A treatment that is not binary, too many columns, too few rows.
    pub fn of(sample: &Sample) -> Result<Self, CausalError> {
        if !sample.is_binary() {
            return Err(CausalError::TreatmentNotBinary { treatment: sample.treatment.name.clone() });
        }
        let own;
        let coded = if sample.absorbed.is_some() {
            own = expanded(sample)?;
            &own
        } else {
            sample
        };
        if coded.terms.len() > MOST_COLUMNS {
            let largest = sample.absorbed().map_or_else(String::new, |(name, _)| name.to_owned());
            return Err(CausalError::TooManyColumns { columns: coded.terms.len(), limit: MOST_COLUMNS, largest });
        }
        let controls = Controls::of(coded)?;
        let rows = sample.rows();
        let root = (rows as f64).sqrt();
        let (mut units, mut names) = (Vec::new(), vec!["(intercept)".to_owned()]);
        let mut values = vec![0.0; rows];
        for term in &controls.terms {
            coded.fill(term, &mut values);
            units.push((mean(&values), centred_sum_of_squares(&values).sqrt() / root));
            names.push(coded.term_name(term));
        }
        let matrix = controls.matrix.behind_intercept(root);
        Ok(Self { matrix, names, treatment: sample.treatment.name.clone(), units, warnings: controls.warnings })
    }

    /// Adds a covariate column (centred and scaled here), as the random-common-cause refuter does.
    #[must_use]
    pub(crate) fn with_column(&self, name: &str, values: &[f64]) -> Self {
        let mut wider = self.clone();
        let centre = mean(values);
        let scale = (centred_sum_of_squares(values) / values.len() as f64).sqrt();
        let scaled: Vec<f64> = values.iter().map(|value| (value - centre) / scale).collect();
        wider.matrix.push(&scaled);
        wider.names.push(name.to_owned());
        wider.units.push((centre, scale));
        wider
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.matrix.rows()
    }

    /// Names of the columns, the intercept first.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Covariates that were left out, and why.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

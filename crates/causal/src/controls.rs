//! What is held fixed: the intercept or an absorbed category, and the other covariates.
//!
//! By the theorem of Frisch, Waugh and Lovell the coefficient of the treatment, its residuals and
//! every sandwich variance of it follow from the treatment and the outcome after both are residualised
//! on the controls. So nothing here knows the treatment, and a category of many levels needs no
//! indicator columns: the means of its groups are taken out of everything (within transformation).
//!
//! Columns are centred within groups and scaled to length one before the Gram matrix is formed, and
//! each residual is projected twice, which takes back the digits that normal equations lose.

use rayon::prelude::*;

use crate::error::{CausalError, Warning, WarningCode, quoted};
use crate::factor::{Factor, PIVOT_TOLERANCE};
use crate::groups::Groups;
use crate::matrix::{Columns, cross_products, dot, row_chunks};
use crate::requirements::is_constant;
use crate::sample::{Sample, Term};

/// The span of intercept (or absorbed groups) and covariates.
#[derive(Debug, Clone)]
pub(crate) struct Controls {
    pub(crate) groups: Groups,
    /// Centred within groups, length one, linearly independent.
    pub(crate) matrix: Columns,
    pub(crate) terms: Vec<Term>,
    pub(crate) factor: Factor,
    pub(crate) warnings: Vec<Warning>,
}

impl Controls {
    /// The intercept alone.
    pub(crate) fn intercept(rows: usize) -> Self {
        Self {
            groups: Groups::single(rows),
            matrix: Columns::with_capacity(rows, 0),
            terms: Vec::new(),
            factor: Factor::default(),
            warnings: Vec::new(),
        }
    }

    /// All covariates of the sample.
    pub(crate) fn of(sample: &Sample) -> Result<Self, CausalError> {
        let rows = sample.rows();
        let groups = sample.absorbed.as_ref().map_or_else(|| Groups::single(rows), |(_, groups)| groups.clone());
        let mut warnings = Vec::new();
        let (mut matrix, mut terms) = centred_columns(sample, &groups, &mut warnings);
        let factor = Factor::of(&cross_products(&matrix, &matrix));
        if rows <= factor.kept.len() + groups.count() + 1 {
            // With this few rows columns look collinear that are not: name what was asked for.
            let parameters = sample.terms.len() + groups.count() + 1;
            return Err(CausalError::TooFewRows { rows, parameters });
        }
        for &dropped in &factor.dropped {
            warnings.push(collinear(sample, &matrix, &terms, &factor, dropped));
        }
        matrix.keep(&factor.kept);
        terms = factor.kept.iter().map(|&index| terms[index].clone()).collect();
        Ok(Self { groups, matrix, terms, factor: factor.compact(), warnings })
    }

    /// Parameters that the controls take up.
    pub(crate) fn parameters(&self) -> usize {
        self.terms.len() + self.groups.count()
    }

    /// What is left of `values` when the controls are taken out.
    pub(crate) fn residual(&self, values: &[f64]) -> Vec<f64> {
        let mut residual = values.to_vec();
        self.groups.centre(&mut residual);
        for _ in 0..2 {
            let coefficients = self.coefficients(&residual);
            self.subtract(&coefficients, &mut residual);
        }
        residual
    }

    /// Coefficients of centred `values` on the scaled columns.
    pub(crate) fn coefficients(&self, values: &[f64]) -> Vec<f64> {
        let products: Vec<f64> =
            (0..self.terms.len()).into_par_iter().map(|index| dot(self.matrix.column(index), values)).collect();
        self.factor.solve(&products)
    }

    fn subtract(&self, coefficients: &[f64], values: &mut [f64]) {
        // Blocks of rows, so that the values stay in cache while all columns pass by.
        const BLOCK: usize = 2048;
        values.par_chunks_mut(BLOCK).enumerate().for_each(|(block, values)| {
            let start = block * BLOCK;
            for (index, coefficient) in coefficients.iter().enumerate() {
                let column = &self.matrix.column(index)[start..start + values.len()];
                for (value, entry) in values.iter_mut().zip(column) {
                    *value -= coefficient * entry;
                }
            }
        });
    }

    /// Leverage of each row from the controls alone.
    pub(crate) fn leverages(&self) -> Vec<f64> {
        let rows = self.matrix.rows();
        let whitening = self.factor.whitening();
        let parts: Vec<Vec<f64>> = row_chunks(rows)
            .into_par_iter()
            .map(|range| {
                let mut leverages: Vec<f64> =
                    range.clone().map(|row| 1.0 / self.groups.sizes[self.groups.of_row(row)] as f64).collect();
                if !self.terms.is_empty() {
                    let part = self.matrix.view().subrows(range.start, range.len());
                    for white in Columns::product(part, whitening.view()).columns_mut() {
                        leverages.iter_mut().zip(white).for_each(|(leverage, value)| *leverage += *value * *value);
                    }
                }
                leverages
            })
            .collect();
        parts.concat()
    }

    /// Names of the controls that explain `values`, for messages.
    pub(crate) fn names_explaining(&self, sample: &Sample, values: &[f64]) -> Vec<String> {
        let mut centred = values.to_vec();
        let before = dot(&centred, &centred);
        self.groups.centre(&mut centred);
        if dot(&centred, &centred) <= PIVOT_TOLERANCE * before {
            return vec![self.groups.name.clone()];
        }
        let length = dot(&centred, &centred).sqrt();
        let coefficients = self.coefficients(&centred);
        let mut names = weighty(&coefficients, length, |index| sample.term_name(&self.terms[index]));
        if !self.groups.is_single() {
            names.push(self.groups.name.clone());
        }
        names
    }
}

fn centred_columns(sample: &Sample, groups: &Groups, warnings: &mut Vec<Warning>) -> (Columns, Vec<Term>) {
    enum Found {
        Usable,
        Constant,
        WithinGroups,
    }
    let mut matrix = Columns::zeros(sample.rows(), sample.terms.len());
    let found: Vec<Found> = sample
        .terms
        .par_iter()
        .zip(matrix.columns_mut().collect::<Vec<_>>())
        .map(|(term, column)| {
            sample.fill(term, column);
            if is_constant(column) {
                return Found::Constant;
            }
            let total = crate::matrix::centred_sum_of_squares(column);
            groups.centre(column);
            let length = dot(column, column);
            if length <= PIVOT_TOLERANCE * total {
                return Found::WithinGroups;
            }
            let scale = length.sqrt().recip();
            for value in column.iter_mut() {
                *value *= scale;
            }
            Found::Usable
        })
        .collect();
    let mut kept = Vec::new();
    for (index, (found, term)) in found.iter().zip(&sample.terms).enumerate() {
        let name = sample.term_name(term);
        match found {
            Found::Usable => kept.push(index),
            Found::Constant => warnings.push(Warning::new(
                WarningCode::ConstantCovariate,
                format!("covariate '{name}' has one value only (to 12 digits) and was left out"),
            )),
            Found::WithinGroups => warnings.push(Warning::new(
                WarningCode::CollinearCovariate,
                format!(
                    "covariate '{name}' does not vary within '{}' and was left out; the estimate is the same",
                    groups.name
                ),
            )),
        }
    }
    matrix.keep(&kept);
    (matrix, kept.into_iter().map(|index| sample.terms[index].clone()).collect())
}

fn collinear(sample: &Sample, matrix: &Columns, terms: &[Term], factor: &Factor, dropped: usize) -> Warning {
    let earlier: Vec<usize> = factor.kept.iter().copied().filter(|&index| index < dropped).collect();
    let mut part = matrix.clone();
    part.keep(&earlier);
    let coefficients = if earlier.is_empty() {
        Vec::new()
    } else {
        let basis = Factor::of(&cross_products(&part, &part));
        let products: Vec<f64> =
            earlier.iter().map(|&index| dot(matrix.column(index), matrix.column(dropped))).collect();
        basis.solve(&products)
    };
    let mut names = weighty(&coefficients, 1.0, |index| sample.term_name(&terms[earlier[index]]));
    if let Some((absorbed, _)) = sample.absorbed() {
        names.push(absorbed.to_owned());
    }
    let name = sample.term_name(&terms[dropped]);
    Warning::new(
        WarningCode::CollinearCovariate,
        format!(
            "covariate '{name}' is (to 5 digits or more) a linear combination of {} and was left out; the estimate is the one without it",
            quoted(&names)
        ),
    )
}

fn weighty(coefficients: &[f64], length: f64, name: impl Fn(usize) -> String) -> Vec<String> {
    let relevant = coefficients.iter().enumerate().filter(|(_, coefficient)| coefficient.abs() > 1e-6 * length);
    relevant.map(|(index, _)| name(index)).collect()
}

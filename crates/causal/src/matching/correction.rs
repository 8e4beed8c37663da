//! What a match's outcome would have been at the seeker's covariates: the regression of Abadie and Imbens.

use crate::error::CausalError;
use crate::factor::Factor;
use crate::matrix::{Columns, cross_products};
use crate::propensity::PropensityDesign;

/// The outcome less its regression on the covariates, fitted on the rows of one arm that are matches, each
/// with the weight with which it is one (Abadie-Imbens 2011, equation 8).
pub(super) fn without_regression(
    design: &PropensityDesign,
    outcome: &[f64],
    weights: &[f64],
    among: impl Fn(usize) -> bool,
) -> Result<Vec<f64>, CausalError> {
    let rows: Vec<usize> = (0..outcome.len()).filter(|&row| among(row) && weights[row] > 0.0).collect();
    let parameters = design.matrix.count();
    if rows.len() <= parameters {
        return Err(CausalError::TooFewRows { rows: rows.len(), parameters });
    }
    let scaled = |values: &[f64]| rows.iter().map(|&row| weights[row].sqrt() * values[row]).collect::<Vec<f64>>();
    let mut columns = Columns::with_capacity(rows.len(), parameters);
    for index in 0..parameters {
        columns.push(&scaled(design.matrix.column(index)));
    }
    let mut target = Columns::with_capacity(rows.len(), 1);
    target.push(&scaled(outcome));
    let factor = Factor::of(&cross_products(&columns, &columns));
    let coefficients = factor.solve(cross_products(&columns, &target).column(0));
    let mut rest = outcome.to_vec();
    for (&index, coefficient) in factor.kept.iter().zip(coefficients) {
        for (value, entry) in rest.iter_mut().zip(design.matrix.column(index)) {
            *value -= coefficient * entry;
        }
    }
    Ok(rest)
}

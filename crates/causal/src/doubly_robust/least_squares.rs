//! The covariates as columns for linear nuisance models, and their cross-fitted least squares.
//!
//! Columns are centred and scaled to variance one over all rows, so that Gram matrices are well
//! conditioned; fitted values do not depend on it. One pass forms the Gram matrix of each fold, with the
//! targets as further columns; the fit outside a fold solves the sum of the other folds' matrices.

use super::folds::Folds;
use crate::error::CausalError;
use crate::factor::Factor;
use crate::matrix::{Columns, centred_sum_of_squares, cross_products, mean};
use crate::requirements::is_constant;
use crate::sample::Sample;

/// An intercept and the standardised covariates.
pub(crate) fn standardised(sample: &Sample) -> Columns {
    let rows = sample.rows();
    let mut columns = Columns::with_capacity(rows, sample.terms.len() + 1);
    columns.push(&vec![1.0; rows]);
    let mut values = vec![0.0; rows];
    for term in &sample.terms {
        sample.fill(term, &mut values);
        if is_constant(&values) {
            continue;
        }
        let centre = mean(&values);
        let scale = (centred_sum_of_squares(&values) / rows as f64).sqrt().recip();
        for value in &mut values {
            *value = (*value - centre) * scale;
        }
        columns.push(&values);
    }
    columns
}

/// Out-of-fold fitted values of each target by least squares on the rows of `among`.
pub(crate) fn least_squares(
    columns: &Columns,
    targets: &[&[f64]],
    folds: &Folds,
    among: impl Fn(usize) -> bool,
) -> Result<Vec<Vec<f64>>, CausalError> {
    let width = columns.count();
    let mut used = vec![0_usize; folds.count()];
    let grams: Vec<Columns> = (0..folds.count())
        .map(|fold| {
            let rows: Vec<usize> = folds.rows(fold).filter(|&row| among(row)).collect();
            used[fold] = rows.len();
            gram_of(columns, targets, &rows)
        })
        .collect();
    let total: usize = used.iter().sum();
    let mut fitted = vec![vec![0.0; columns.rows()]; targets.len()];
    for (fold, own) in used.iter().enumerate() {
        let rows = total - own;
        if rows <= width {
            return Err(CausalError::TooFewRows { rows, parameters: width });
        }
        let gram = sum_without(&grams, fold);
        let factor = Factor::of(&leading(&gram, width));
        let judged: Vec<usize> = folds.rows(fold).collect();
        for (target, fitted) in fitted.iter_mut().enumerate() {
            let products: Vec<f64> = (0..width).map(|row| gram.at(row, width + target)).collect();
            let coefficients = factor.solve(&products);
            for (&index, coefficient) in factor.kept.iter().zip(&coefficients) {
                let column = columns.column(index);
                for &row in &judged {
                    fitted[row] += coefficient * column[row];
                }
            }
        }
    }
    Ok(fitted)
}

/// Cross products of the columns and targets over these rows.
fn gram_of(columns: &Columns, targets: &[&[f64]], rows: &[usize]) -> Columns {
    let width = columns.count() + targets.len();
    if rows.is_empty() {
        return Columns::zeros(width, width);
    }
    let mut part = Columns::zeros(rows.len(), width);
    let sources = (0..columns.count()).map(|index| columns.column(index)).chain(targets.iter().copied());
    for (column, source) in part.columns_mut().zip(sources) {
        for (value, &row) in column.iter_mut().zip(rows) {
            *value = source[row];
        }
    }
    cross_products(&part, &part)
}

fn sum_without(grams: &[Columns], left_out: usize) -> Columns {
    let width = grams[left_out].rows();
    let mut sum = Columns::zeros(width, width);
    for (_, gram) in grams.iter().enumerate().filter(|(fold, _)| *fold != left_out) {
        for index in 0..width {
            for (value, entry) in sum.column_mut(index).iter_mut().zip(gram.column(index)) {
                *value += entry;
            }
        }
    }
    sum
}

/// The leading square block.
fn leading(gram: &Columns, size: usize) -> Columns {
    let mut block = Columns::zeros(size, size);
    for (index, column) in block.columns_mut().enumerate() {
        column.copy_from_slice(&gram.column(index)[..size]);
    }
    block
}

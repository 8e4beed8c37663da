//! Weighted refits of all simulations from one matrix product.
//!
//! The Gram matrix of a weighted regression is `sum_i w_i z_i z_i'`. Writing each row's products of
//! pairs of columns beside each other gives a matrix `P` (rows by pairs), and `P'W` holds the Gram
//! matrices of all simulations at once, `W` being their weights (rows by simulations). It is computed
//! in blocks of rows that stay in cache; neither `P` nor `W` is ever whole in memory.
//!
//! The columns are the controls, the residual treatment and the residual outcome of the fit itself:
//! they span what treatment, outcome and controls span, and the coefficient of the treatment is the
//! same. Group means (of the intercept or of an absorbed category) are taken out per simulation.

use rayon::prelude::*;

use super::weights::{Law, Simulation, Weights};
use crate::estimate::Fit;
use crate::factor::Factor;
use crate::matrix::{Columns, row_chunks, sum_over_chunks};

/// Pairs of columns in one product.
const TILE: usize = 320;
/// Rows in one block.
const BLOCK: usize = 128;

/// Two columns to be multiplied; a column of ones is `None`.
type Pair<'a> = (Option<&'a [f64]>, Option<&'a [f64]>);

/// Columns of one fit; the outcome is the last, the treatment the one before.
struct Variables<'a> {
    fit: &'a Fit,
    columns: Vec<&'a [f64]>,
    /// Where the fit's pairs start among all pairs.
    offset: usize,
}

impl<'a> Variables<'a> {
    fn of(fit: &'a Fit, offset: usize) -> Self {
        let mut columns: Vec<&[f64]> = (0..fit.controls.terms.len()).map(|i| fit.controls.matrix.column(i)).collect();
        columns.push(&fit.residual_treatment);
        columns.push(&fit.residual_outcome);
        Self { fit, columns, offset }
    }

    /// Products with the intercept, then the lower triangle row after row.
    fn pairs(&self) -> Vec<Pair<'a>> {
        let sums = self.columns.iter().map(|column| (None, Some(*column)));
        let squares = self.columns.iter().enumerate().flat_map(|(index, column)| {
            self.columns[..=index].iter().map(move |earlier| (Some(*earlier), Some(*column)))
        });
        sums.chain(squares).collect()
    }

    fn pair_count(&self) -> usize {
        let count = self.columns.len();
        count + count * (count + 1) / 2
    }

    /// Sums of the columns and their Gram matrix, of one simulation.
    fn unpack<'p>(&self, products: &'p [f64]) -> (&'p [f64], Columns) {
        let count = self.columns.len();
        let mine = &products[self.offset..self.offset + self.pair_count()];
        let (sums, triangle) = mine.split_at(count);
        let mut gram = Columns::zeros(count, count);
        let mut entries = triangle.iter();
        for row in 0..count {
            for (column, entry) in (0..=row).zip(&mut entries) {
                gram.column_mut(column)[row] = *entry;
                gram.column_mut(row)[column] = *entry;
            }
        }
        (sums, gram)
    }
}

/// Estimates of every fit in every simulation, in the order given: `result[simulation][fit]`.
pub(crate) fn resampled_estimates(
    fits: &[&Fit],
    weights: &Weights<'_>,
    simulations: &[Simulation],
) -> Vec<Vec<Option<f64>>> {
    let mut offset = 1;
    let variables: Vec<Variables<'_>> = fits
        .iter()
        .map(|fit| {
            let variables = Variables::of(fit, offset);
            offset += variables.pair_count();
            variables
        })
        .collect();
    let products = weighted_products(&variables, weights);
    let whole = products.column(weights.count());
    (0..simulations.len())
        .into_par_iter()
        .map(|index| {
            let mut mine = products.column(index).to_vec();
            if simulations[index].0 == Law::LeftOut {
                // Downdating: what is left is the whole less what was left out.
                mine.iter_mut().zip(whole).for_each(|(part, all)| *part = all - *part);
            }
            variables.iter().map(|variables| estimate(variables, &mine, weights, index, simulations[index].0)).collect()
        })
        .collect()
}

/// `P'W`, with one more column of weights that are all one. The first pair is the sum of weights.
fn weighted_products(variables: &[Variables<'_>], weights: &Weights<'_>) -> Columns {
    let rows = variables.first().map_or(0, |variables| variables.columns[0].len());
    let mut pairs: Vec<Pair<'_>> = vec![(None, None)];
    for variables in variables {
        pairs.extend(variables.pairs());
    }
    let simulations = weights.count() + 1;
    let mut products = Columns::zeros(pairs.len(), simulations);
    for (tile, pairs) in pairs.chunks(TILE).enumerate() {
        let part = sum_over_chunks(rows, |range| {
            let mut total = Columns::zeros(pairs.len(), simulations);
            let mut words = Vec::new();
            let (mut pair_block, mut weight_block) = (Columns::default(), Columns::default());
            for start in range.clone().step_by(BLOCK) {
                let block = start..(start + BLOCK).min(range.end);
                if pair_block.rows() != block.len() {
                    pair_block = Columns::zeros(block.len(), pairs.len());
                    weight_block = Columns::zeros(block.len(), simulations);
                }
                for (values, pair) in pair_block.columns_mut().zip(pairs) {
                    multiply(pair, block.clone(), values);
                }
                for (index, values) in weight_block.columns_mut().enumerate() {
                    if index < weights.count() {
                        weights.fill(index, block.clone(), &mut words, values);
                    } else {
                        values.fill(1.0);
                    }
                }
                total.add_cross(pair_block.view(), weight_block.view());
            }
            total
        });
        for (column, values) in part.iter().flat_map(|part| (0..simulations).map(|index| (index, part.column(index)))) {
            products.column_mut(column)[tile * TILE..tile * TILE + pairs.len()].copy_from_slice(values);
        }
    }
    products
}

fn multiply(pair: &Pair<'_>, block: std::ops::Range<usize>, values: &mut [f64]) {
    match pair {
        (Some(left), Some(right)) => {
            for ((value, left), right) in values.iter_mut().zip(&left[block.clone()]).zip(&right[block]) {
                *value = left * right;
            }
        }
        (None, Some(only)) | (Some(only), None) => values.copy_from_slice(&only[block]),
        (None, None) => values.fill(1.0),
    }
}

fn estimate(variables: &Variables<'_>, products: &[f64], weights: &Weights<'_>, index: usize, law: Law) -> Option<f64> {
    let (sums, mut gram) = variables.unpack(products);
    if variables.fit.controls.groups.is_single() {
        take_out(&mut gram, sums, products[0]);
    } else {
        let (totals, sums) = group_sums(variables, weights, index, law);
        for (group, &total) in totals.iter().enumerate() {
            take_out(&mut gram, sums.column(group), total);
        }
    }
    let outcome = gram.count() - 1;
    let explained = gram.column(outcome).to_vec();
    let mut square = Columns::zeros(outcome, outcome);
    (0..outcome).for_each(|column| square.column_mut(column).copy_from_slice(&gram.column(column)[..outcome]));
    Factor::of(&square).last_coefficient(outcome - 1, |position| explained[position])
}

/// Takes the mean of one group out of a Gram matrix.
fn take_out(gram: &mut Columns, sums: &[f64], total: f64) {
    if total <= 0.0 {
        return;
    }
    for (column, &sum) in sums.iter().enumerate() {
        let share = sum / total;
        gram.column_mut(column).iter_mut().zip(sums).for_each(|(entry, other)| *entry -= share * other);
    }
}

/// Weight of each group and the weighted sums of its columns (one column of the result per group).
fn group_sums(variables: &Variables<'_>, weights: &Weights<'_>, index: usize, law: Law) -> (Vec<f64>, Columns) {
    let groups = &variables.fit.controls.groups;
    let mut totals = vec![0.0; groups.count()];
    let mut sums = Columns::zeros(variables.columns.len(), groups.count());
    let (mut words, mut values) = (Vec::new(), Vec::new());
    for range in row_chunks(variables.columns[0].len()) {
        values.resize(range.len(), 0.0);
        weights.fill(index, range.clone(), &mut words, &mut values);
        for (row, drawn) in range.zip(&values) {
            let weight = if law == Law::LeftOut { 1.0 - drawn } else { *drawn };
            if weight > 0.0 {
                let group = groups.of_row(row);
                totals[group] += weight;
                for (sum, column) in sums.column_mut(group).iter_mut().zip(&variables.columns) {
                    *sum += weight * column[row];
                }
            }
        }
    }
    (totals, sums)
}

//! What random columns have in common with the fits: the products from which placebo and random
//! common cause follow, for a batch of columns by one matrix product.

use rayon::prelude::*;

use crate::estimate::Fit;
use crate::factor::PIVOT_TOLERANCE;
use crate::matrix::{Columns, dot};

/// Columns drawn and multiplied together; more of them reuse the data in cache better, fewer need
/// less memory.
const BATCH: usize = 8;
const MOST_BATCH_VALUES: usize = 4_000_000;

/// What one random column `v` has in common with one fit; `M` takes the fit's controls out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Overlap {
    /// `v'Mv`.
    pub(crate) own: f64,
    /// `v'M t`.
    pub(crate) with_treatment: f64,
    /// `v'M y`.
    pub(crate) with_outcome: f64,
    /// Whether any variation of `v` is left.
    pub(crate) usable: bool,
}

/// For each simulation and each fit, the overlap of the column that `draw(simulation, values)` writes.
pub(crate) fn probe(fits: &[&Fit], simulations: usize, draw: impl Fn(usize, &mut [f64]) + Sync) -> Vec<Vec<Overlap>> {
    let rows = fits.first().map_or(0, |fit| fit.residual_treatment.len());
    let basis = basis(fits, rows);
    let batch = (MOST_BATCH_VALUES / rows.max(1)).clamp(1, BATCH);
    let starts: Vec<usize> = (0..simulations).step_by(batch).collect();
    let batches: Vec<Vec<Vec<Overlap>>> = starts
        .into_par_iter()
        .map(|start| {
            let count = batch.min(simulations - start);
            let mut columns = Columns::zeros(rows, count);
            columns.columns_mut().enumerate().for_each(|(index, values)| draw(start + index, values));
            let mut products = Columns::zeros(basis.count(), count);
            products.add_cross(basis.view(), columns.view());
            (0..count).map(|index| overlaps(fits, columns.column(index), products.column(index))).collect()
        })
        .collect();
    batches.into_iter().flatten().collect()
}

/// Controls, residual treatment and residual outcome of every fit, side by side.
fn basis(fits: &[&Fit], rows: usize) -> Columns {
    let count = fits.iter().map(|fit| fit.controls.terms.len() + 2).sum();
    let mut basis = Columns::with_capacity(rows, count);
    for fit in fits {
        (0..fit.controls.terms.len()).for_each(|index| basis.push(fit.controls.matrix.column(index)));
        basis.push(&fit.residual_treatment);
        basis.push(&fit.residual_outcome);
    }
    basis
}

fn overlaps(fits: &[&Fit], column: &[f64], products: &[f64]) -> Vec<Overlap> {
    let length = dot(column, column);
    let mut offset = 0;
    let mut overlap = |fit: &&Fit| {
        let terms = fit.controls.terms.len();
        let mine = &products[offset..offset + terms + 2];
        offset += terms + 2;
        let explained = fit.controls.groups.explained(column) + fit.controls.factor.explained(&mine[..terms]);
        let own = length - explained;
        Overlap {
            own,
            with_treatment: mine[terms],
            with_outcome: mine[terms + 1],
            usable: own > PIVOT_TOLERANCE * length,
        }
    };
    fits.iter().map(&mut overlap).collect()
}

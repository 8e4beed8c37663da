//! A continuous treatment that shares an unobserved cause with the outcome, and two instruments.

use super::{COVARIATES, Source, Synthetic, covariates, indicator, logistic, named, rounded};

/// Columns `x1..x20, z1, z2, d, y`; the effect of `d` is 1.5, least squares finds more.
#[must_use]
pub fn instrumental(rows: usize, seed: u64) -> Synthetic {
    const EFFECT: f64 = 1.5;
    let mut source = Source::new(seed, 2);
    let x = covariates(&mut source, rows);
    let continuous: Vec<f64> = source.normals(rows).into_iter().map(rounded).collect();
    let binary: Vec<f64> = x[1].iter().map(|second| indicator(source.uniform() < logistic(0.5 * second))).collect();
    let hidden = source.normals(rows);
    let treatment: Vec<f64> = (0..rows)
        .map(|row| {
            let part = 0.5 * continuous[row] + 0.4 * binary[row] + 0.3 * x[0][row] - 0.2 * x[1][row];
            rounded(part + hidden[row] + source.normal())
        })
        .collect();
    let outcome: Vec<f64> = (0..rows)
        .map(|row| {
            let slope = |index: usize| 0.5 - index as f64 / (COVARIATES - 1) as f64;
            let covariates: f64 = x.iter().enumerate().map(|(index, column)| slope(index) * column[row]).sum();
            let noise = (1.0 + 0.3 * continuous[row].abs()) * source.normal();
            rounded(EFFECT * treatment[row] + covariates + 1.2 * hidden[row] + noise)
        })
        .collect();
    let mut columns = named(x);
    columns.push(("z1".into(), continuous));
    columns.push(("z2".into(), binary));
    columns.push(("d".into(), treatment));
    columns.push(("y".into(), outcome));
    Synthetic { columns, true_effect: EFFECT, sample_effect: EFFECT }
}

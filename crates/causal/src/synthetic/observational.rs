//! A binary treatment that depends on covariates which move the outcome too, in nonlinear ways.

use super::{Source, Synthetic, covariates, indicator, logistic, named, rounded};
use crate::matrix::mean;

/// Columns `x1..x20, t, y, fold, e_true, tau_true`; the population effect is 2.
///
/// `fold` (0 to 4) makes cross-fitted estimates comparable between programs.
#[must_use]
pub fn observational(rows: usize, seed: u64) -> Synthetic {
    let mut source = Source::new(seed, 1);
    let x = covariates(&mut source, rows);
    let at = |number: usize, row: usize| x[number - 1][row];
    let propensity: Vec<f64> = (0..rows)
        .map(|row| {
            let score = -0.2 + 0.6 * at(1, row) - 0.4 * at(2, row) + 0.3 * at(3, row).powi(2) - 0.3 + 0.5 * at(16, row)
                - 0.25 * at(11, row) * at(1, row);
            logistic(score).clamp(0.03, 0.97)
        })
        .collect();
    let treatment: Vec<f64> = propensity.iter().map(|&share| indicator(source.uniform() < share)).collect();
    let effect: Vec<f64> = (0..rows)
        .map(|row| 2.0 + at(1, row) + 1.5 * indicator(at(5, row) > 0.0) - 0.75 + 0.8 * (at(17, row) - 0.401_293_674_3))
        .collect();
    let outcome: Vec<f64> = (0..rows)
        .map(|row| {
            let untreated = 1.0
                + at(1, row)
                + 0.5 * at(2, row).powi(2)
                + (2.0 * at(3, row)).sin()
                + 0.8 * at(4, row).max(0.0)
                + 0.5 * at(6, row)
                + at(16, row)
                - 0.3 * at(1, row) * at(11, row);
            rounded(untreated + effect[row] * treatment[row] + source.normal())
        })
        .collect();
    let mut fold: Vec<f64> = [0.0, 1.0, 2.0, 3.0, 4.0].into_iter().cycle().take(rows).collect();
    source.shuffle(&mut fold);
    let sample_effect = mean(&effect);
    let mut columns = named(x);
    columns.push(("t".into(), treatment));
    columns.push(("y".into(), outcome));
    columns.push(("fold".into(), fold));
    columns.push(("e_true".into(), propensity.into_iter().map(rounded).collect()));
    columns.push(("tau_true".into(), effect.into_iter().map(rounded).collect()));
    Synthetic { columns, true_effect: 2.0, sample_effect }
}

//! The grid behind a contour plot: the adjusted estimate for any pair of strengths.

use serde::{Deserialize, Serialize};

use super::benchmark::Benchmark;
use super::robustness::Effect;

/// Adjusted estimates over a grid of partial R².
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contour {
    /// Partial R² with the treatment, ascending.
    pub with_treatment: Vec<f64>,
    /// Partial R² with the outcome, ascending.
    pub with_outcome: Vec<f64>,
    /// `estimates[outcome][treatment]`: the estimate after adjustment.
    pub estimates: Vec<Vec<f64>>,
    /// `statistics[outcome][treatment]`: the t statistic after adjustment.
    pub statistics: Vec<Vec<f64>>,
}

pub(crate) fn contour(effect: &Effect, benchmarks: &[Benchmark], points: usize) -> Contour {
    // Wide enough for all benchmarks and never narrower than 0.4, as in the authors' package.
    let limit = |strength: fn(&Benchmark) -> f64| {
        benchmarks.iter().map(|bound| 1.2 * strength(bound)).fold(0.4_f64, f64::max).min(0.99)
    };
    let axis =
        |limit: f64| -> Vec<f64> { (0..points).map(|index| limit * index as f64 / (points - 1) as f64).collect() };
    let with_treatment = axis(limit(|bound| bound.with_treatment));
    let with_outcome = axis(limit(|bound| bound.with_outcome));
    let table = |cell: &dyn Fn(f64, f64) -> f64| -> Vec<Vec<f64>> {
        let row = |&outcome: &f64| with_treatment.iter().map(|&treatment| cell(treatment, outcome)).collect();
        with_outcome.iter().map(row).collect()
    };
    let estimate = |treatment, outcome| effect.adjusted_estimate(treatment, outcome);
    let statistic =
        |treatment, outcome| estimate(treatment, outcome) / effect.adjusted_standard_error(treatment, outcome);
    Contour { estimates: table(&estimate), statistics: table(&statistic), with_treatment, with_outcome }
}

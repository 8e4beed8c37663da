//! Bounds from observed covariates: what if the unobserved confounder were k times as strong as this
//! one (Cinelli-Hazlett 2020, section 4.4, equations 20 to 22)? A categorical covariate counts with
//! all its levels together.

use serde::{Deserialize, Serialize};

use super::SensitivityOptions;
use super::robustness::Effect;
use crate::error::{Warning, WarningCode};
use crate::estimate::Fit;
use crate::factor::Factor;
use crate::matrix::{Columns, cross_products, dot};
use crate::sample::Sample;

/// What a confounder `strength` times as strong as `covariate` could do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// The observed covariate it is compared with.
    pub covariate: String,
    /// How many times as strong.
    pub strength: f64,
    /// Partial R² of the confounder with the treatment.
    pub with_treatment: f64,
    /// Partial R² of the confounder with the outcome.
    pub with_outcome: f64,
    /// Largest absolute bias.
    pub bias: f64,
    /// The estimate moved towards zero by that bias.
    pub estimate: f64,
    /// Standard error after adjustment.
    pub standard_error: f64,
    /// Lower end of the adjusted interval.
    pub lower: f64,
    /// Upper end of the adjusted interval.
    pub upper: f64,
}

pub(crate) fn benchmarks(
    sample: &Sample,
    fit: &Fit,
    effect: &Effect,
    options: &SensitivityOptions,
) -> (Vec<Benchmark>, Vec<Warning>) {
    let (mut benchmarks, mut warnings) = (Vec::new(), Vec::new());
    let critical = effect.critical_value(options.alpha);
    for observed in observed_strengths(sample, fit) {
        for &strength in &options.strengths {
            let Some((with_treatment, with_outcome)) = bound(&observed, strength) else {
                let message = format!(
                    "no confounder can be {strength} times as strong as '{}': it explains too much of the treatment",
                    observed.covariate
                );
                warnings.push(Warning::new(WarningCode::BoundNotComputed, message));
                break;
            };
            let estimate = effect.adjusted_estimate(with_treatment, with_outcome);
            let standard_error = effect.adjusted_standard_error(with_treatment, with_outcome);
            benchmarks.push(Benchmark {
                covariate: observed.covariate.clone(),
                strength,
                with_treatment,
                with_outcome,
                bias: effect.bias(with_treatment, with_outcome),
                estimate,
                standard_error,
                lower: estimate - critical * standard_error,
                upper: estimate + critical * standard_error,
            });
        }
    }
    (benchmarks, warnings)
}

/// Partial R² of one covariate with treatment (given the others) and with outcome (given these and
/// the treatment).
struct Observed {
    covariate: String,
    with_treatment: f64,
    with_outcome: f64,
}

/// The two partial R² of the confounder, `None` where they would exceed one.
fn bound(observed: &Observed, strength: f64) -> Option<(f64, f64)> {
    let (treatment, outcome) = (observed.with_treatment, observed.with_outcome);
    let with_treatment = strength * treatment / (1.0 - treatment);
    if with_treatment >= 1.0 || outcome >= 1.0 {
        return None;
    }
    let shared = strength * treatment * treatment / ((1.0 - strength * treatment) * (1.0 - treatment));
    if !(0.0..1.0).contains(&shared) {
        return None;
    }
    let ratio = (strength.sqrt() + shared.sqrt()) / (1.0 - shared).sqrt();
    Some((with_treatment, (ratio * ratio * outcome / (1.0 - outcome)).min(1.0)))
}

fn observed_strengths(sample: &Sample, fit: &Fit) -> Vec<Observed> {
    let controls = &fit.controls;
    let count = controls.terms.len();
    if count == 0 {
        return Vec::new();
    }
    let centred = |values: &[f64]| {
        let mut centred = values.to_vec();
        controls.groups.centre(&mut centred);
        centred
    };
    let treatment = centred(&sample.treatment.values);
    let outcome = centred(&sample.outcome.values);
    let length = dot(&treatment, &treatment).sqrt();
    let mut with_treatment = controls.matrix.clone();
    with_treatment.push(&treatment.iter().map(|value| value / length).collect::<Vec<_>>());
    let gram = cross_products(&with_treatment, &with_treatment);
    let factor = Factor::of(&gram);
    if factor.kept.len() < count + 1 {
        // Cannot happen after a fit, which refuses a treatment that the covariates determine.
        return Vec::new();
    }
    let products: Vec<f64> = (0..=count).map(|index| dot(with_treatment.column(index), &outcome)).collect();
    let outcome_model = Model { coefficients: factor.solve(&products), inverse: factor.inverse() };
    let treatment_model = Model { coefficients: controls.coefficients(&treatment), inverse: controls.factor.inverse() };
    let unexplained = fit.errors().iter().map(|error| error * error).sum::<f64>();
    let mut covariates: Vec<usize> = controls.terms.iter().map(crate::sample::Term::covariate).collect();
    covariates.dedup();
    covariates
        .into_iter()
        .map(|covariate| {
            let positions: Vec<usize> =
                (0..count).filter(|&index| controls.terms[index].covariate() == covariate).collect();
            Observed {
                covariate: sample.covariates[covariate].name().to_owned(),
                with_treatment: treatment_model.partial_r2(&positions, fit.treatment_variation),
                with_outcome: outcome_model.partial_r2(&positions, unexplained),
            }
        })
        .collect()
}

struct Model {
    coefficients: Vec<f64>,
    inverse: Columns,
}

impl Model {
    /// Partial R² of some columns together: what the residual sum of squares would grow by without
    /// them is `b' V^-1 b`, with `b` their coefficients and `V` their block of the inverse Gram matrix.
    fn partial_r2(&self, positions: &[usize], unexplained: f64) -> f64 {
        let mut block = Columns::zeros(positions.len(), positions.len());
        for (column, &position) in positions.iter().enumerate() {
            for (row, &other) in positions.iter().enumerate() {
                block.column_mut(column)[row] = self.inverse.at(other, position);
            }
        }
        let coefficients: Vec<f64> = positions.iter().map(|&position| self.coefficients[position]).collect();
        let gain = Factor::of(&block).explained(&coefficients);
        gain / (gain + unexplained)
    }
}

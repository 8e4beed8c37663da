//! Omitted-variable bias of AIPW and partially linear estimates (Chernozhukov, Cinelli, Newey, Sharma and
//! Syrgkanis 2022, "Long story short: omitted variable bias in causal machine learning").
//!
//! A confounder that explains the share `c_y` of the outcome that is left, and `c_d` of the Riesz
//! representer (for the partially linear model: of the treatment that is left), moves the estimate by at most
//!
//! ```text
//! |rho| sqrt(c_y c_d / (1 - c_d)) sqrt(sigma² nu²)
//! ```
//!
//! `rho = 1` is the worst case. The robustness value `RV` is the `c_y = c_d` that brings the estimate to
//! zero: with `f = |theta| / sqrt(sigma² nu²)` it solves `RV² / (1 - RV) = f²`. `RV_alpha` brings the
//! confidence bound of the worst case to zero.
//!
//! `sigma²`, `nu²`, bounds and `RV` are those of `DoubleML` 0.11's `sensitivity_analysis`. The standard
//! errors of the two bounds are those of `DoubleML` with lower and upper exchanged: it divides the
//! score by its derivative (-1) without the minus of the influence function, so that the influence of
//! the bias enters with the other sign. The effect on `RV_alpha` is in the third digit.

use serde::{Deserialize, Serialize};

use crate::distribution::ReferenceDistribution;
use crate::doubly_robust::{DoublyRobustEstimator, DoublyRobustFit};
use crate::error::CausalError;
use crate::matrix::dot;
use crate::sample::Sample;

/// How strong the omitted confounder is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ConfounderStrength {
    /// Share of the residual outcome that it explains, in [0, 1).
    pub with_outcome: f64,
    /// Share of the Riesz representer (partially linear: of the residual treatment) that it explains, in [0, 1).
    pub with_treatment: f64,
    /// Between -1 and 1; 1 is the worst case.
    pub correlation: f64,
}

/// Bounds of the effect under a confounder of some strength.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BiasBounds {
    /// Lowest effect.
    pub lower: f64,
    /// Its standard error.
    pub lower_standard_error: f64,
    /// Highest effect.
    pub upper: f64,
    /// Its standard error.
    pub upper_standard_error: f64,
    /// Lower confidence bound of the lowest effect, at `1 - alpha/2` one-sided.
    pub lowest: f64,
    /// Upper confidence bound of the highest effect.
    pub highest: f64,
}

/// How much omitted confounding an estimate bears.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OmittedVariable {
    /// The estimator it was put to.
    pub estimator: DoublyRobustEstimator,
    /// What it tests, in words.
    pub tests: String,
    /// Mean squared error of the outcome model.
    pub sigma2: f64,
    /// Mean square of the Riesz representer.
    pub nu2: f64,
    /// `sqrt(sigma2 * nu2)`: the bias per unit of confounding strength.
    pub largest_bias: f64,
    /// Share of what is left of outcome and representer alike that brings the estimate to zero.
    pub robustness_value: f64,
    /// The same for the interval at `1 - alpha`; 0 when it includes zero already.
    pub robustness_value_alpha: f64,
    /// Two-sided level; `DoubleML`'s `level` is `1 - alpha/2`.
    pub alpha: f64,
    /// The finding in a sentence.
    pub finding: String,
}

/// Asks how much of outcome and treatment an omitted confounder must explain; `None` where the elements
/// of the bound do not exist (too few treated rows for an outcome model, a `nu²` that is not positive).
///
/// # Errors
/// A level out of range.
pub fn omitted_variable(
    sample: &Sample,
    fit: &DoublyRobustFit,
    alpha: f64,
) -> Result<Option<OmittedVariable>, CausalError> {
    let Some(bias) = Bias::of(sample, fit, alpha)? else { return Ok(None) };
    let (robustness_value, robustness_value_alpha) = (bias.robustness_value(), bias.robustness_value_alpha());
    let finding = if robustness_value_alpha > 0.0 {
        format!(
            "an omitted confounder must explain {:.1} % of what is left of outcome and treatment alike to bring the estimate to zero, {:.1} % to make it insignificant",
            100.0 * robustness_value,
            100.0 * robustness_value_alpha
        )
    } else {
        "the interval includes zero already; no confounder is needed to explain the estimate".to_owned()
    };
    Ok(Some(OmittedVariable {
        estimator: fit.estimate.estimator,
        tests: "how strong a confounder that was not measured must be to change the conclusion".into(),
        sigma2: bias.sigma2,
        nu2: bias.nu2,
        largest_bias: bias.size,
        robustness_value,
        robustness_value_alpha,
        alpha,
        finding,
    }))
}

/// The effect's bounds under a confounder of this strength; `None` as for [`omitted_variable`].
///
/// # Errors
/// Strengths or a level out of range.
pub fn omitted_variable_bounds(
    sample: &Sample,
    fit: &DoublyRobustFit,
    strength: ConfounderStrength,
    alpha: f64,
) -> Result<Option<BiasBounds>, CausalError> {
    for (option, value) in [
        ("share of the outcome that the confounder explains", strength.with_outcome),
        ("share of the treatment that the confounder explains", strength.with_treatment),
        ("correlation of the confounder's parts, in size", strength.correlation.abs()),
    ] {
        let least = if option.starts_with("correlation") { 1.0 } else { 1.0 - 1e-12 };
        if !(0.0..=least).contains(&value) {
            let expected = "from 0 to below 1 (the correlation: from -1 to 1)";
            return Err(CausalError::InvalidOption { option, value: value.to_string(), expected });
        }
    }
    let Some(bias) = Bias::of(sample, fit, alpha)? else { return Ok(None) };
    let odds = strength.with_treatment / (1.0 - strength.with_treatment);
    let amount = strength.correlation.abs() * (strength.with_outcome * odds).sqrt();
    let value = fit.estimate.value;
    let (lower, upper) = (value - amount * bias.size, value + amount * bias.size);
    let [lower_standard_error, upper_standard_error] = [-amount, amount].map(|amount| bias.standard_error(amount));
    Ok(Some(BiasBounds {
        lower,
        lower_standard_error,
        upper,
        upper_standard_error,
        lowest: lower - bias.critical * lower_standard_error,
        highest: upper + bias.critical * upper_standard_error,
    }))
}

/// The estimate, its bias per unit of strength, and the variances of both.
struct Bias {
    value: f64,
    sigma2: f64,
    nu2: f64,
    size: f64,
    /// Variance of the estimate, covariance with the size, variance of the size.
    variances: [f64; 3],
    critical: f64,
}

impl Bias {
    fn of(sample: &Sample, fit: &DoublyRobustFit, alpha: f64) -> Result<Option<Self>, CausalError> {
        if !(alpha > 0.0 && alpha < 1.0) {
            let expected = "between 0 and 1, both excluded";
            return Err(CausalError::InvalidOption { option: "alpha", value: alpha.to_string(), expected });
        }
        let Some(elements) = &fit.bias else { return Ok(None) };
        let by_unit = |influence: &[f64]| {
            sample.clusters.as_ref().map_or_else(|| influence.to_vec(), |clusters| clusters.sums(influence))
        };
        let (effect, size) = (by_unit(&fit.influence), by_unit(&elements.influence));
        let squared = (fit.influence.len() as f64).powi(2);
        let variances = [(&effect, &effect), (&effect, &size), (&size, &size)].map(|(a, b)| dot(a, b) / squared);
        Ok(Some(Self {
            value: fit.estimate.value,
            sigma2: elements.sigma2,
            nu2: elements.nu2,
            size: (elements.sigma2 * elements.nu2).sqrt(),
            variances,
            critical: ReferenceDistribution::Normal.critical_value(alpha, f64::INFINITY),
        }))
    }

    /// Of the estimate plus `amount` times the size.
    fn standard_error(&self, amount: f64) -> f64 {
        let [effect, both, size] = self.variances;
        (effect + 2.0 * amount * both + amount * amount * size).max(0.0).sqrt()
    }

    fn robustness_value(&self) -> f64 {
        share_of_strength(self.value.abs() / self.size)
    }

    /// The smallest strength at which the bound nearer to zero is not told apart from it, by bisection.
    fn robustness_value_alpha(&self) -> f64 {
        let sign = self.value.signum();
        let excess =
            |amount: f64| self.value.abs() - amount * self.size - self.critical * self.standard_error(-sign * amount);
        if excess(0.0) <= 0.0 {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, self.value.abs() / self.size);
        for _ in 0..200 {
            let middle = f64::midpoint(low, high);
            if excess(middle) > 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        share_of_strength(low)
    }
}

/// The `v` with `v² / (1 - v) = strength²`.
fn share_of_strength(strength: f64) -> f64 {
    // (sqrt(f^4 + 4 f²) - f²) / 2 loses all digits for large f; this is the same.
    let square = strength * strength;
    2.0 * square / ((square * square + 4.0 * square).sqrt() + square)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_solves_its_equation() {
        for strength in [1e-6, 0.1, 1.0, 7.0, 1e5] {
            let share = share_of_strength(strength);
            assert!((share.powi(2) / (1.0 - share) - strength.powi(2)).abs() <= 1e-4 * strength.powi(2), "{strength}");
        }
    }

    #[test]
    fn the_alpha_value_brings_the_bound_to_zero() {
        for value in [0.8, -0.8] {
            let variances = [0.01, 0.002, 0.004];
            let bias = Bias { value, sigma2: 1.0, nu2: 4.0, size: 2.0, variances, critical: 1.96 };
            let share = bias.robustness_value_alpha();
            let amount = share / (1.0 - share).sqrt();
            let bound = 0.8 - amount * 2.0 - 1.96 * bias.standard_error(-value.signum() * amount);
            assert!(share < bias.robustness_value() && bound.abs() < 1e-9, "{bound}");
        }
        let weak = Bias { value: 0.1, sigma2: 1.0, nu2: 1.0, size: 1.0, variances: [0.01, 0.0, 0.0], critical: 1.96 };
        assert!(weak.robustness_value_alpha().abs() < 1e-12);
    }
}

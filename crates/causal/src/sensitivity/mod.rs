//! Unobserved confounder: how strong would one have to be to change the conclusion?
//!
//! Cinelli and Hazlett, "Making sense of sensitivity", JRSS-B 82 (2020) 39-67. A confounder `Z` is
//! described by two partial R²: with the treatment, given the covariates (`R²_{D~Z|X}`), and with the
//! outcome, given treatment and covariates (`R²_{Y~Z|X,D}`). As in the paper all of it rests on the
//! classical standard error; `n - k` are the residual degrees of freedom.
//!
//! The same question for AIPW and partially linear estimates: [`omitted_variable`].
//!
//! Beside it stands the E-value of `VanderWeele` and Ding (2017) on the scale of risk ratios.

mod benchmark;
mod contour;
mod e_value;
mod omitted_variable;
mod robustness;

use serde::{Deserialize, Serialize};

pub use self::benchmark::Benchmark;
pub use self::contour::Contour;
pub use self::e_value::{EValue, EffectScale, e_value_for, e_value_of};
pub use self::omitted_variable::{
    BiasBounds, ConfounderStrength, OmittedVariable, omitted_variable, omitted_variable_bounds,
};
use self::robustness::Effect;
use crate::error::{CausalError, Warning};
use crate::estimate::{Estimator, Fit};
use crate::sample::Sample;

/// What to ask of the sensitivity analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SensitivityOptions {
    /// Share of the estimate that the confounder must explain away: 1 brings it to zero.
    pub share: f64,
    /// Significance level of `robustness_value_alpha` and of the bounds' intervals.
    pub alpha: f64,
    /// How many times as strong as each observed covariate a confounder is assumed to be.
    pub strengths: Vec<f64>,
    /// Points on each axis of the contour grid.
    pub grid: usize,
}

impl Default for SensitivityOptions {
    fn default() -> Self {
        Self { share: 1.0, alpha: 0.05, strengths: vec![1.0, 2.0, 3.0], grid: 21 }
    }
}

/// The sensitivity of one estimate to an unobserved confounder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// The estimator it was put to.
    pub estimator: Estimator,
    /// What it tests, in words.
    pub tests: String,
    /// Partial R² of the treatment with the outcome: a confounder that explains all the rest of the
    /// outcome must explain at least this share of the treatment to bring the estimate to zero.
    pub partial_r2: f64,
    /// `RV_q`: partial R² with treatment and outcome alike that takes `share` of the estimate away.
    pub robustness_value: f64,
    /// `RV_{q,alpha}`: the same for making the estimate insignificant at `alpha`.
    pub robustness_value_alpha: f64,
    /// The options used.
    pub share: f64,
    /// Significance level.
    pub alpha: f64,
    /// Residual degrees of freedom.
    pub degrees_of_freedom: f64,
    /// Bounds from a confounder as strong as each observed covariate, times each strength.
    pub benchmarks: Vec<Benchmark>,
    /// The covariate whose equal would move the estimate most.
    pub strongest_covariate: Option<String>,
    /// Adjusted estimates over a grid of strengths, for a contour plot.
    pub contour: Contour,
    /// E-value, where it can be had.
    pub e_value: Option<EValue>,
    /// Whether the reader must be warned.
    pub flagged: bool,
    /// The finding in a sentence.
    pub finding: String,
    /// What to know about the bounds.
    pub warnings: Vec<Warning>,
}

/// Asks how strong an unobserved confounder would have to be.
///
/// # Errors
/// Options out of range.
pub fn unobserved_confounder(
    sample: &Sample,
    fit: &Fit,
    options: &SensitivityOptions,
) -> Result<Sensitivity, CausalError> {
    check(options)?;
    let effect = Effect::of(fit);
    let (benchmarks, warnings) = benchmark::benchmarks(sample, fit, &effect, options);
    let strongest = benchmarks
        .iter()
        .filter(|bound| (bound.strength - 1.0).abs() < 1e-12)
        .max_by(|left, right| left.bias.total_cmp(&right.bias));
    let significant = effect.robustness_value(options.share, Some(options.alpha)) > 0.0;
    let overturned = strongest.is_some_and(|bound| bound.lower <= 0.0 && bound.upper >= 0.0);
    let flagged = significant && overturned;
    let robustness_value = effect.robustness_value(options.share, None);
    let robustness_value_alpha = effect.robustness_value(options.share, Some(options.alpha));
    Ok(Sensitivity {
        estimator: fit.estimate.estimator,
        tests: "how strong a confounder that was not measured must be to change the conclusion".into(),
        partial_r2: effect.partial_r2(),
        robustness_value,
        robustness_value_alpha,
        share: options.share,
        alpha: options.alpha,
        degrees_of_freedom: effect.degrees_of_freedom,
        strongest_covariate: strongest.map(|bound| bound.covariate.clone()),
        contour: contour::contour(&effect, &benchmarks, options.grid),
        e_value: e_value_for(sample, fit.estimate.value, fit.estimate.interval),
        flagged,
        finding: finding(robustness_value, robustness_value_alpha, significant, strongest),
        warnings,
        benchmarks,
    })
}

fn check(options: &SensitivityOptions) -> Result<(), CausalError> {
    let error =
        |option, value: f64, expected| Err(CausalError::InvalidOption { option, value: value.to_string(), expected });
    if !(options.alpha > 0.0 && options.alpha < 1.0) {
        return error("alpha", options.alpha, "between 0 and 1, both excluded");
    }
    if !(options.share > 0.0 && options.share.is_finite()) {
        return error("share of the estimate to explain away", options.share, "above 0");
    }
    match options.strengths.iter().find(|strength| !(**strength > 0.0 && strength.is_finite())) {
        Some(&strength) => error("strength of a benchmark", strength, "above 0"),
        None if options.grid < 2 => error("points of the contour grid", options.grid as f64, "at least 2"),
        None => Ok(()),
    }
}

fn finding(value: f64, value_alpha: f64, significant: bool, strongest: Option<&Benchmark>) -> String {
    if !significant {
        return "the interval includes zero already; no confounder is needed to explain the estimate".to_owned();
    }
    let robustness = format!(
        "a confounder must explain {:.1} % of what is left of treatment and of outcome to bring the estimate to zero, {:.1} % to make it insignificant",
        100.0 * value,
        100.0 * value_alpha
    );
    match strongest {
        None => format!("{robustness}; there is no covariate to compare that with"),
        Some(bound) if bound.lower <= 0.0 && bound.upper >= 0.0 => format!(
            "{robustness}; one as strong as '{}' would be enough to make the interval include zero",
            bound.covariate
        ),
        Some(bound) => format!(
            "{robustness}; one as strong as '{}', the strongest covariate, would leave {:.4} [{:.4}, {:.4}]",
            bound.covariate, bound.estimate, bound.lower, bound.upper
        ),
    }
}

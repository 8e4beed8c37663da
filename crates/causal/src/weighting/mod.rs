//! Inverse probability weighting: arms reweighted until their covariates look alike.
//!
//! With propensities `p` from [`crate::propensity`], the normalised (Hajek 1971) means are
//! `m1 = sum(w1 y) / sum(w1)`, `m0` likewise, and the effect is `m1 - m0`:
//!
//! | estimand | `w1` | `w0` |
//! | --- | --- | --- |
//! | average effect (ATE) | `t / p` | `(1-t) / (1-p)` |
//! | effect on the treated (ATT) | `t` | `(1-t) p / (1-p)` |
//!
//! Two standard errors are computed. *Weights as known* is HC0 of the weighted regression of outcome
//! on treatment (Hernan-Robins, What If, 12.2; conservative for the ATE). *Estimated propensities*
//! stacks the scores of both steps (M-estimation: Lunceford-Davidian 2004; Stefanski-Boos 2002):
//! the influence of a row is `a + (t-p) x' H^-1 g`, where `a = w1 (y-m1)/sum(w1) - w0 (y-m0)/sum(w0)`,
//! `H` is the Hessian of the logistic likelihood and `g` the derivative of the effect by its coefficients.
//!
//! Trimming leaves rows out of the means; the propensities are those of the fit on all rows, and the
//! cut is taken as given.

mod hajek;
mod refute;

use serde::{Deserialize, Serialize};

pub(crate) use self::hajek::{Hajek, kept_rows, range as propensity_range};
pub use self::refute::{Budget, WEIGHTING_LABEL, refute_weighting};
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::estimate::{Interval, check_confidence};
use crate::matrix::dot;
use crate::propensity::{LogisticFit, PropensityDesign, propensity};
use crate::sample::Sample;

/// Whose effect is averaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimand {
    /// Everybody (ATE).
    #[default]
    AverageEffect,
    /// Those who were treated (ATT).
    EffectOnTreated,
}

/// Which rows take part in the means.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Trimming {
    /// All rows.
    #[default]
    None,
    /// Rows with a propensity in `[cut, 1 - cut]`; Crump et al. (2009) advise 0.1.
    Symmetric {
        /// The cut, above 0 and below 0.5.
        cut: f64,
    },
    /// Rows with a propensity between the larger minimum and the smaller maximum of the two arms
    /// (Dehejia-Wahba 1999).
    CommonSupport,
}

/// Which standard error of a weighted mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightingErrorKind {
    /// HC0 of the weighted regression: the weights are taken as known.
    WeightsKnown,
    /// M-estimation: the propensities are estimated.
    #[default]
    PropensityEstimated,
}

/// The exact meaning of a weighting standard error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightingConvention {
    /// Which standard error.
    pub kind: WeightingErrorKind,
    /// The formula, in the terms of the module's documentation.
    pub formula: String,
    /// What the statistic is compared with.
    pub distribution: ReferenceDistribution,
    /// Rows in the means.
    pub rows: usize,
    /// Clusters whose influences were summed, where there are any.
    pub clusters: Option<usize>,
    /// Other packages' names for the same number.
    pub same_as: Vec<String>,
}

/// How to weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WeightingOptions {
    /// Whose effect.
    pub estimand: Estimand,
    /// Which rows.
    pub trimming: Trimming,
    /// Which standard error carries interval and p-value.
    pub standard_error: WeightingErrorKind,
    /// Confidence level of the interval.
    pub confidence: f64,
}

impl Default for WeightingOptions {
    fn default() -> Self {
        Self {
            estimand: Estimand::default(),
            trimming: Trimming::default(),
            standard_error: WeightingErrorKind::default(),
            confidence: 0.95,
        }
    }
}

/// A weighted effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightingEstimate {
    /// Whose effect.
    pub estimand: Estimand,
    /// Treated minus control.
    pub value: f64,
    /// Weighted mean outcome of the treated and of the controls.
    pub arm_means: [f64; 2],
    /// The standard error chosen.
    pub standard_error: f64,
    /// HC0 of the weighted regression, weights taken as known.
    pub standard_error_weights_known: f64,
    /// M-estimation, propensities estimated.
    pub standard_error_propensity_estimated: f64,
    /// `value / standard_error`.
    pub statistic: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Confidence interval.
    pub interval: Interval,
    /// Rows in the means.
    pub rows: usize,
    /// Treated and control rows left out by trimming.
    pub trimmed: [usize; 2],
    /// `sum(w)² / sum(w²)` of the treated and of the controls (Kish 1965).
    pub effective_sample_sizes: [f64; 2],
    /// Largest share of an arm's weight that one row carries, treated and controls.
    pub largest_weight_shares: [f64; 2],
    /// The standard error's exact meaning.
    pub convention: WeightingConvention,
    /// What to know about this estimate.
    pub warnings: Vec<Warning>,
}

/// An estimate with what overlap diagnostics and refuters reuse.
#[derive(Debug, Clone)]
pub struct WeightingFit {
    /// The result.
    pub estimate: WeightingEstimate,
    /// The columns of the propensity model.
    pub design: PropensityDesign,
    /// The propensity model.
    pub model: LogisticFit,
    /// Weight of each row in its arm's mean; 0 when trimmed.
    pub weights: Vec<f64>,
    /// Influence of each row, propensities estimated: the estimate moves by its mean.
    pub influence: Vec<f64>,
    pub(crate) options: WeightingOptions,
}

/// Fits propensities and weights by them.
///
/// # Errors
/// A treatment that is not binary, separation, trimming that leaves nothing, options out of range.
pub fn weighting(sample: &Sample, options: &WeightingOptions) -> Result<WeightingFit, CausalError> {
    let (design, model) = propensity(sample)?;
    weighting_with(sample, design, model, options)
}

/// As [`weighting`], with propensities that were fitted before.
///
/// # Errors
/// Trimming that leaves nothing, options out of range.
pub fn weighting_with(
    sample: &Sample,
    design: PropensityDesign,
    model: LogisticFit,
    options: &WeightingOptions,
) -> Result<WeightingFit, CausalError> {
    check_confidence(options.confidence)?;
    let treatment = sample.treatment_values();
    let kept = kept_rows(options.trimming, treatment, &model.probabilities, None)?;
    let hajek = Hajek::of(sample.outcome_values(), treatment, &model.log_odds, options.estimand, Some(&kept));
    let left = |arm: bool, rows: &[f64]| {
        rows.iter().zip(treatment).filter(|(kept, t)| **kept < 0.5 && (**t > 0.5) == arm).count()
    };
    let trimmed = [left(true, &kept), left(false, &kept)];
    let counts = hajek.positive_weights(treatment);
    if counts.iter().any(|&count| count < 2) {
        return Err(nothing_left(options.trimming, counts));
    }
    let (errors, mut influence) = hajek.standard_errors(sample, &design, &model, options.estimand);
    let all_rows = sample.rows() as f64;
    for value in &mut influence {
        *value *= all_rows;
    }
    let mut warnings = [design.warnings.clone(), model.warnings.clone()].concat();
    if trimmed[0] + trimmed[1] > 0 {
        warnings.push(trimming_warning(trimmed, sample.rows()));
    }
    let chosen = usize::from(options.standard_error == WeightingErrorKind::PropensityEstimated);
    let rows = sample.rows() - trimmed[0] - trimmed[1];
    let (value, standard_error) = (hajek.effect(), errors[chosen]);
    let normal = ReferenceDistribution::Normal;
    let margin = normal.critical_value(1.0 - options.confidence, f64::INFINITY) * standard_error;
    let estimate = WeightingEstimate {
        estimand: options.estimand,
        value,
        arm_means: hajek.means,
        standard_error,
        standard_error_weights_known: errors[0],
        standard_error_propensity_estimated: errors[1],
        statistic: value / standard_error,
        p_value: normal.two_sided_p_value(value / standard_error, f64::INFINITY),
        interval: Interval { confidence: options.confidence, lower: value - margin, upper: value + margin },
        rows,
        trimmed,
        effective_sample_sizes: effective_sample_sizes(&hajek.weights, treatment),
        largest_weight_shares: hajek.largest_shares(treatment),
        convention: convention(
            options.standard_error,
            rows,
            sample.clusters.as_ref().map(crate::groups::Groups::count),
        ),
        warnings,
    };
    Ok(WeightingFit { estimate, design, model, weights: hajek.weights, influence, options: *options })
}

/// `sum(w)² / sum(w²)` of the treated and of the controls.
pub(crate) fn effective_sample_sizes(weights: &[f64], treatment: &[f64]) -> [f64; 2] {
    [true, false].map(|arm| {
        let own: Vec<f64> =
            weights.iter().zip(treatment).filter(|(_, t)| (**t > 0.5) == arm).map(|(weight, _)| *weight).collect();
        let squares = dot(&own, &own);
        if squares > 0.0 { own.iter().sum::<f64>().powi(2) / squares } else { 0.0 }
    })
}

fn nothing_left(trimming: Trimming, [treated, control]: [usize; 2]) -> CausalError {
    let rule = match trimming {
        Trimming::None => "weighting without trimming".to_owned(),
        Trimming::Symmetric { cut } => format!("trimming propensities outside [{cut}, {}]", 1.0 - cut),
        Trimming::CommonSupport => "trimming to the common support".to_owned(),
    };
    CausalError::NothingLeft { rule, treated, control }
}

fn trimming_warning([treated, control]: [usize; 2], rows: usize) -> Warning {
    let message = format!(
        "trimming left out {treated} treated and {control} control of {rows} rows; the effect speaks for the remaining ones only"
    );
    Warning::new(WarningCode::RowsTrimmed, message)
}

fn convention(kind: WeightingErrorKind, rows: usize, clusters: Option<usize>) -> WeightingConvention {
    let (formula, packages): (_, &[&str]) = match kind {
        WeightingErrorKind::WeightsKnown => (
            "sqrt(sum(w1^2 (y-m1)^2) / sum(w1)^2 + sum(w0^2 (y-m0)^2) / sum(w0)^2), no small-sample factor",
            &["statsmodels WLS(y ~ t, weights) HC0", "R sandwich vcovHC(lm(weights), type HC0)"],
        ),
        WeightingErrorKind::PropensityEstimated => (
            "sqrt(sum((a + (t-p) x'H^-1 g)^2)), no small-sample factor",
            &[
                "statsmodels TreatmentEffect.ipw (average effect)",
                "Stata teffects ipw, vce(robust)",
                "R geex or PSweight (M-estimation of propensities and means)",
            ],
        ),
    };
    let formula = if clusters.is_some() { format!("{formula}; influences summed by cluster") } else { formula.into() };
    let same_as = packages.iter().map(ToString::to_string).collect();
    WeightingConvention { kind, formula, distribution: ReferenceDistribution::Normal, rows, clusters, same_as }
}

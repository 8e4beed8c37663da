//! The two estimators: difference in means, and regression adjustment by ordinary least squares.
//!
//! Both are one computation with different controls (the intercept alone, or all covariates): the
//! coefficient of the treatment is `r'y / r'r`, where `r` is the treatment after the controls are taken out.

use serde::{Deserialize, Serialize};

use crate::controls::Controls;
use crate::distribution::ReferenceDistribution;
use crate::error::{CausalError, Warning, WarningCode};
use crate::factor::PIVOT_TOLERANCE;
use crate::matrix::{centred_sum_of_squares, dot};
use crate::sample::Sample;
use crate::standard_error::{Residuals, StandardErrorConvention, StandardErrorKind};

/// Residual sums of squares below this share of the total count as a perfect fit.
const PERFECT_FIT: f64 = 1e-20;

/// Fewer residual degrees of freedom than this bring a warning.
const FEW_DEGREES_OF_FREEDOM: usize = 10;

/// How the effect is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    /// Mean outcome of the treated minus that of the controls; for a continuous treatment the slope
    /// of the outcome on the treatment alone.
    DifferenceInMeans,
    /// Ordinary least squares on treatment and covariates.
    RegressionAdjustment,
}

impl Estimator {
    /// The name, as in serialised results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DifferenceInMeans => "difference_in_means",
            Self::RegressionAdjustment => "regression_adjustment",
        }
    }
}

/// How uncertainty is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Inference {
    /// Which standard error.
    pub standard_error: StandardErrorKind,
    /// Confidence level of intervals, between 0 and 1.
    pub confidence: f64,
    /// What the statistic is compared with.
    pub distribution: ReferenceDistribution,
}

impl Default for Inference {
    fn default() -> Self {
        Self { standard_error: StandardErrorKind::Hc2, confidence: 0.95, distribution: ReferenceDistribution::StudentT }
    }
}

/// A confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Confidence level.
    pub confidence: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// An estimated effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// How it was estimated.
    pub estimator: Estimator,
    /// The effect: treated minus control, or per unit of a continuous treatment.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// `value / standard_error`.
    pub statistic: f64,
    /// Probability of a statistic at least as far from zero if there were no effect.
    pub p_value: f64,
    /// Confidence interval.
    pub interval: Interval,
    /// Rows used.
    pub rows: usize,
    /// Share of the outcome's variation that the regression explains.
    pub r_squared: f64,
    /// Standard deviation of the residuals, with n - k degrees of freedom.
    pub residual_standard_deviation: f64,
    /// The standard error's exact meaning.
    pub convention: StandardErrorConvention,
    /// What to know about this estimate.
    pub warnings: Vec<Warning>,
}

/// An estimate with what the refuters and the sensitivity analysis reuse.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The result.
    pub estimate: Estimate,
    pub(crate) controls: Controls,
    pub(crate) residual_treatment: Vec<f64>,
    pub(crate) residual_outcome: Vec<f64>,
    /// `r'r`.
    pub(crate) treatment_variation: f64,
    pub(crate) classical_standard_error: f64,
    pub(crate) inference: Inference,
}

impl Fit {
    /// Residual degrees of freedom, `n - k`.
    pub(crate) fn free(&self) -> f64 {
        (self.estimate.rows - self.controls.parameters() - 1) as f64
    }

    /// Influence of each row, `n r e / r'r`: the estimate moves by its mean.
    #[must_use]
    pub fn influence(&self) -> Vec<f64> {
        let scale = self.residual_treatment.len() as f64 / self.treatment_variation;
        self.residual_treatment.iter().zip(self.errors()).map(|(r, e)| scale * r * e).collect()
    }

    /// Residuals of the whole regression.
    pub(crate) fn errors(&self) -> Vec<f64> {
        errors(&self.residual_treatment, &self.residual_outcome, self.estimate.value)
    }
}

fn errors(treatment: &[f64], outcome: &[f64], coefficient: f64) -> Vec<f64> {
    outcome.iter().zip(treatment).map(|(y, r)| y - coefficient * r).collect()
}

/// Fits one estimator.
///
/// # Errors
/// Too few rows, a treatment that the covariates determine, a perfect fit, a standard error that does
/// not exist for these data, a confidence level outside (0, 1).
pub fn estimate(sample: &Sample, estimator: Estimator, inference: &Inference) -> Result<Fit, CausalError> {
    check_confidence(inference.confidence)?;
    let rows = sample.rows();
    let mut controls = match estimator {
        Estimator::DifferenceInMeans if rows <= 2 => return Err(CausalError::TooFewRows { rows, parameters: 2 }),
        Estimator::DifferenceInMeans => Controls::intercept(rows),
        Estimator::RegressionAdjustment => Controls::of(sample)?,
    };
    let mut warnings = std::mem::take(&mut controls.warnings);
    let residual_treatment = controls.residual(&sample.treatment.values);
    let residual_outcome = controls.residual(&sample.outcome.values);
    let treatment_variation = dot(&residual_treatment, &residual_treatment);
    check_treatment(sample, &controls, treatment_variation, &mut warnings)?;
    let value = dot(&residual_treatment, &residual_outcome) / treatment_variation;
    let errors = errors(&residual_treatment, &residual_outcome, value);
    let unexplained = dot(&errors, &errors);
    let total = centred_sum_of_squares(&sample.outcome.values);
    if unexplained <= PERFECT_FIT * total {
        return Err(CausalError::PerfectFit { outcome: sample.outcome.name.clone() });
    }
    let free = rows - controls.parameters() - 1;
    if free < FEW_DEGREES_OF_FREEDOM {
        warnings.push(Warning::new(
            WarningCode::FewDegreesOfFreedom,
            format!("only {free} residual degrees of freedom: {rows} rows for {} parameters", rows - free),
        ));
    }
    let residuals = Residuals {
        treatment: &residual_treatment,
        errors: &errors,
        treatment_variation,
        controls: &controls,
        clusters: sample.clusters.as_ref(),
        treatment_name: &sample.treatment.name,
    };
    let (standard_error, convention) =
        residuals.standard_error(inference.standard_error, inference.distribution, &mut warnings)?;
    let (statistic, p_value, interval) = infer(value, standard_error, &convention, inference.confidence);
    let variance = unexplained / free as f64;
    let estimate = Estimate {
        estimator,
        value,
        standard_error,
        statistic,
        p_value,
        interval,
        rows,
        r_squared: (1.0 - unexplained / total).clamp(0.0, 1.0),
        residual_standard_deviation: variance.sqrt(),
        convention,
        warnings,
    };
    Ok(Fit {
        estimate,
        controls,
        residual_treatment,
        residual_outcome,
        treatment_variation,
        classical_standard_error: (variance / treatment_variation).sqrt(),
        inference: *inference,
    })
}

fn infer(
    value: f64,
    standard_error: f64,
    convention: &StandardErrorConvention,
    confidence: f64,
) -> (f64, f64, Interval) {
    let statistic = value / standard_error;
    let free = convention.degrees_of_freedom;
    let p_value = convention.distribution.two_sided_p_value(statistic, free);
    let margin = convention.distribution.critical_value(1.0 - confidence, free) * standard_error;
    (statistic, p_value, Interval { confidence, lower: value - margin, upper: value + margin })
}

pub(crate) fn check_confidence(confidence: f64) -> Result<(), CausalError> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(());
    }
    let expected = "between 0 and 1, both excluded";
    Err(CausalError::InvalidOption { option: "confidence level", value: confidence.to_string(), expected })
}

fn check_treatment(
    sample: &Sample,
    controls: &Controls,
    variation: f64,
    warnings: &mut Vec<Warning>,
) -> Result<(), CausalError> {
    let share = variation / centred_sum_of_squares(&sample.treatment.values);
    if share <= PIVOT_TOLERANCE {
        let with = controls.names_explaining(sample, &sample.treatment.values);
        return Err(CausalError::TreatmentCollinear { treatment: sample.treatment.name.clone(), with });
    }
    if share < 0.01 {
        warnings.push(Warning::new(
            WarningCode::NearlyCollinearTreatment,
            format!(
                "the covariates explain {:.2} % of the variation of treatment '{}'; the estimate rests on the little that is left",
                100.0 * (1.0 - share),
                sample.treatment.name
            ),
        ));
    }
    Ok(())
}

//! E-value: the risk ratio that a confounder must have with treatment and with outcome to explain the
//! estimate away (VanderWeele-Ding, Annals of Internal Medicine 167 (2017) 268-274).
//!
//! An outcome of two values 0 and 1 gives the risk ratio itself, from the risks that the regression
//! implies for everybody treated and nobody treated. A continuous outcome is brought to that scale by
//! the standardised difference `d`: `RR = exp(0.91 d)` and limits `exp(0.91 d ± 1.78 s)` (their
//! approximation, after Chinn 2000); a continuous treatment counts one standard deviation of it.

use serde::{Deserialize, Serialize};

use crate::estimate::Fit;
use crate::matrix::mean;
use crate::sample::{Sample, TreatmentKind};

/// An E-value with the risk ratio it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EValue {
    /// E-value of the estimate.
    pub estimate: f64,
    /// E-value of the end of the interval that is closer to no effect; 1 when the interval includes it.
    pub interval: f64,
    /// Risk ratio, or its approximation.
    pub risk_ratio: f64,
    /// How the risk ratio was found.
    pub method: String,
}

pub(crate) fn e_value(sample: &Sample, fit: &Fit) -> Option<EValue> {
    let binary_outcome = sample.outcome.values.iter().all(|&value| value.abs() < 1e-12 || (value - 1.0).abs() < 1e-12);
    if binary_outcome { from_risks(sample, fit) } else { from_standardised_difference(sample, fit) }
}

fn from_risks(sample: &Sample, fit: &Fit) -> Option<EValue> {
    if !sample.is_binary() {
        return None;
    }
    let (risk, share) = (mean(&sample.outcome.values), mean(&sample.treatment.values));
    let ratio = |effect: f64| {
        let (treated, control) = (risk + effect * (1.0 - share), risk - effect * share);
        (control > 0.0 && treated > 0.0 && treated <= 1.0 && control <= 1.0).then(|| treated / control)
    };
    let interval = fit.estimate.interval;
    let nearer = if fit.estimate.value >= 0.0 { interval.lower } else { interval.upper };
    let risk_ratio = ratio(fit.estimate.value)?;
    Some(EValue {
        estimate: from_ratio(risk_ratio),
        interval: if crosses(nearer, fit.estimate.value) { 1.0 } else { from_ratio(ratio(nearer)?) },
        risk_ratio,
        method: "risk ratio of everybody treated to nobody treated, as the linear model implies".into(),
    })
}

fn from_standardised_difference(sample: &Sample, fit: &Fit) -> Option<EValue> {
    let squares = crate::matrix::centred_sum_of_squares(&sample.outcome.values);
    let outcome_deviation = (squares / (sample.rows() as f64 - 1.0)).sqrt();
    let (contrast, words) = match sample.treatment_kind() {
        TreatmentKind::Binary { .. } => (1.0, "treated against control"),
        TreatmentKind::Continuous { standard_deviation, .. } => {
            (*standard_deviation, "one standard deviation of the treatment")
        }
    };
    let difference = contrast * fit.estimate.value / outcome_deviation;
    let spread = contrast * fit.estimate.standard_error / outcome_deviation;
    let risk_ratio = (0.91 * difference).exp();
    let nearer = 0.91 * difference - difference.signum() * 1.78 * spread;
    let result = EValue {
        estimate: from_ratio(risk_ratio),
        interval: if crosses(nearer, difference) { 1.0 } else { from_ratio(nearer.exp()) },
        risk_ratio,
        method: format!(
            "approximation RR = exp(0.91 d) with d the effect of {words} in standard deviations of the outcome; 95 % limits exp(0.91 d ± 1.78 s)"
        ),
    };
    [result.estimate, result.interval, result.risk_ratio].iter().all(|value| value.is_finite()).then_some(result)
}

fn crosses(limit: f64, effect: f64) -> bool {
    limit * effect <= 0.0
}

fn from_ratio(ratio: f64) -> f64 {
    let above_one = if ratio < 1.0 { ratio.recip() } else { ratio };
    above_one + (above_one * (above_one - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_example() {
        // VanderWeele-Ding 2017: RR 3.9 gives 7.26, RR 1.8 gives 3.0; a protective ratio is inverted.
        assert!((from_ratio(3.9) - 7.26).abs() < 5e-3);
        assert!((from_ratio(1.8) - 3.0).abs() < 1e-9);
        assert!((from_ratio(1.0 / 3.9) - 7.26).abs() < 5e-3);
    }
}

//! E-value: the risk ratio that a confounder must have with treatment and with outcome to explain the
//! estimate away (VanderWeele-Ding, Annals of Internal Medicine 167 (2017) 268-274).
//!
//! An outcome of two values 0 and 1 gives the risk ratio itself, from the risks that the regression
//! implies for everybody treated and nobody treated. A continuous outcome is brought to that scale by
//! the standardised difference `d`: `RR = exp(0.91 d)`, and the same of the interval's ends (their
//! approximation, after Chinn 2000; their limits `exp(0.91 d ± 1.78 s)` are those of a normal 95 % interval);
//! a continuous treatment counts one standard deviation of it.

use serde::{Deserialize, Serialize};

use crate::estimate::Interval;
use crate::matrix::{centred_sum_of_squares, mean};
use crate::sample::{Sample, TreatmentKind};

/// Log risk ratio of one standard deviation.
const PER_DEVIATION: f64 = 0.91;

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

/// What the numbers of an effect mean, for [`e_value_of`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "scale", rename_all = "snake_case")]
pub enum EffectScale {
    /// The outcome is 0 or 1: the effect is a difference of risks.
    Risks {
        /// Risk without the treatment in the population of the effect; with it, it is this plus the effect.
        control: f64,
    },
    /// The outcome is a number.
    Deviations {
        /// Standard deviation of the outcome.
        outcome: f64,
    },
}

/// The E-value of any effect on this sample: by risks for an outcome of 0 and 1 and two arms (those of
/// everybody treated and nobody treated, from the overall risk), else by standard deviations.
#[must_use]
pub fn e_value_for(sample: &Sample, value: f64, interval: Interval) -> Option<EValue> {
    let binary_outcome = sample.outcome.values.iter().all(|&value| value.abs() < 1e-12 || (value - 1.0).abs() < 1e-12);
    if binary_outcome {
        return sample.is_binary().then(|| from_overall_risk(sample, value, interval)).flatten();
    }
    let squares = centred_sum_of_squares(&sample.outcome.values);
    let outcome = (squares / (sample.rows() as f64 - 1.0)).sqrt();
    let (contrast, words) = match sample.treatment_kind() {
        TreatmentKind::Binary { .. } => (1.0, TREATED),
        TreatmentKind::Continuous { standard_deviation, .. } => {
            (*standard_deviation, "one standard deviation of the treatment")
        }
    };
    from_deviations(contrast * value / outcome, contrast * nearer(value, interval) / outcome, words)
}

/// The E-value of an effect whose scale the caller knows, as of a weighted or matched one.
#[must_use]
pub fn e_value_of(value: f64, interval: Interval, scale: EffectScale) -> Option<EValue> {
    match scale {
        EffectScale::Risks { control } => {
            let words = "risk ratio: the risk with the treatment by the one without it";
            from_risks(|effect| (control + effect, control), value, interval, words)
        }
        EffectScale::Deviations { outcome } => {
            from_deviations(value / outcome, nearer(value, interval) / outcome, TREATED)
        }
    }
}

const TREATED: &str = "treated against control";

/// The end of the interval that is closer to no effect.
fn nearer(value: f64, interval: Interval) -> f64 {
    if value >= 0.0 { interval.lower } else { interval.upper }
}

fn from_overall_risk(sample: &Sample, value: f64, interval: Interval) -> Option<EValue> {
    let (risk, share) = (mean(&sample.outcome.values), mean(&sample.treatment.values));
    let risks = |effect: f64| (risk + effect * (1.0 - share), risk - effect * share);
    let words = "risk ratio of everybody treated to nobody treated, as the effect and the overall risk imply";
    from_risks(risks, value, interval, words)
}

/// `risks` gives the risks with and without the treatment under an effect.
fn from_risks(risks: impl Fn(f64) -> (f64, f64), value: f64, interval: Interval, method: &str) -> Option<EValue> {
    let ratio = |effect: f64| {
        let (treated, control) = risks(effect);
        (control > 0.0 && treated > 0.0 && treated <= 1.0 && control <= 1.0).then(|| treated / control)
    };
    let limit = nearer(value, interval);
    let risk_ratio = ratio(value)?;
    Some(EValue {
        estimate: from_ratio(risk_ratio),
        interval: if crosses(limit, value) { 1.0 } else { from_ratio(ratio(limit)?) },
        risk_ratio,
        method: method.into(),
    })
}

fn from_deviations(difference: f64, limit: f64, words: &str) -> Option<EValue> {
    let risk_ratio = (PER_DEVIATION * difference).exp();
    let result = EValue {
        estimate: from_ratio(risk_ratio),
        interval: if crosses(limit, difference) { 1.0 } else { from_ratio((PER_DEVIATION * limit).exp()) },
        risk_ratio,
        method: format!(
            "approximation RR = exp(0.91 d) with d the effect of {words} in standard deviations of the outcome; limits exp(0.91 d) of the interval's ends"
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
    fn scales_of_other_estimates() {
        let interval = Interval { confidence: 0.95, lower: 0.05, upper: 0.15 };
        let risks = e_value_of(0.1, interval, EffectScale::Risks { control: 0.2 }).unwrap();
        // RR 1.5 gives 1.5 + sqrt(1.5 * 0.5) = 2.366, RR 1.25 gives 1.809.
        assert!((risks.estimate - 2.366_025).abs() < 1e-6 && (risks.interval - 1.809_017).abs() < 1e-6);
        assert!(e_value_of(0.9, interval, EffectScale::Risks { control: 0.2 }).is_none());
        let number = e_value_of(
            -0.5,
            Interval { confidence: 0.95, lower: -1.0, upper: 0.1 },
            EffectScale::Deviations { outcome: 1.0 },
        );
        let number = number.unwrap();
        // exp(0.455) = 1.5762: 1.5762 + sqrt(1.5762 * 0.5762) = 2.529.
        assert!((number.estimate - 2.529_2).abs() < 1e-3 && (number.interval - 1.0).abs() < 1e-12);
    }

    #[test]
    fn published_example() {
        // VanderWeele-Ding 2017: RR 3.9 gives 7.26, RR 1.8 gives 3.0; a protective ratio is inverted.
        assert!((from_ratio(3.9) - 7.26).abs() < 5e-3);
        assert!((from_ratio(1.8) - 3.0).abs() < 1e-9);
        assert!((from_ratio(1.0 / 3.9) - 7.26).abs() < 5e-3);
    }
}

//! The result in plain sentences.

use causal::{Estimator, TreatmentKind};
use domain::agents::causal_impact::{CausalImpactParameters, Design, RedFlag};

use super::Findings;

pub(super) fn summary(parameters: &CausalImpactParameters, findings: &Findings, flags: &[RedFlag]) -> Vec<String> {
    let estimate = &findings.fits[0].estimate;
    let includes_zero = estimate.interval.lower <= 0.0 && estimate.interval.upper >= 0.0;
    let mut sentences = vec![effect(parameters, findings), chance(estimate.p_value, includes_zero)];
    sentences.push(meaning(parameters, estimate.estimator).to_owned());
    if findings.sample.rows_dropped() > 0 {
        sentences.push(format!(
            "{} of {} rows were left out because a value was missing.",
            grouped(findings.sample.rows_dropped() as f64),
            grouped((findings.sample.rows() + findings.sample.rows_dropped()) as f64)
        ));
    }
    sentences.push(match flags.len() {
        0 => "No red flags found; that does not prove the effect, it means that these checks did not speak against it."
            .into(),
        1 => format!("One red flag: {}.", flags[0].message),
        count => format!("{count} red flags; the first: {}.", flags[0].message),
    });
    sentences
}

fn effect(parameters: &CausalImpactParameters, findings: &Findings) -> String {
    let estimate = &findings.fits[0].estimate;
    let size = grouped(estimate.value.abs());
    let direction = if estimate.value >= 0.0 { "higher" } else { "lower" };
    let interval = format!(
        "({} % interval {} to {})",
        grouped(100.0 * estimate.interval.confidence),
        grouped(estimate.interval.lower),
        grouped(estimate.interval.upper)
    );
    let held = match (estimate.estimator, parameters.covariates.len()) {
        (Estimator::DifferenceInMeans, _) => String::new(),
        (Estimator::RegressionAdjustment, 1) => ", with 1 covariate held fixed".to_owned(),
        (Estimator::RegressionAdjustment, count) => format!(", with {count} covariates held fixed"),
    };
    let (outcome, treatment) = (&parameters.outcome, &parameters.treatment);
    match findings.sample.treatment_kind() {
        TreatmentKind::Binary { control, treated, .. } => format!(
            "Where {treatment} is {treated}, {outcome} is {size} {direction} {interval} on average than where it is {control}{held}."
        ),
        TreatmentKind::Continuous { .. } => {
            format!("With each unit more of {treatment}, {outcome} is {size} {direction} {interval} on average{held}.")
        }
    }
}

fn chance(p_value: f64, includes_zero: bool) -> String {
    let share = if p_value < 0.0001 { "less than 0.01".to_owned() } else { significant(100.0 * p_value, 2) };
    let verdict = if includes_zero {
        "the interval includes zero, so no effect remains possible"
    } else {
        "the interval excludes zero"
    };
    format!("If there were no effect, chance alone would show one this large in {share} % of such studies; {verdict}.")
}

const fn meaning(parameters: &CausalImpactParameters, estimator: Estimator) -> &'static str {
    match (parameters.design, estimator) {
        (Design::Randomised, _) => {
            "The treatment was assigned by chance, so this estimates the average effect of the treatment itself."
        }
        (Design::Observational, Estimator::DifferenceInMeans) => {
            "The treatment was not assigned by chance and nothing is held fixed, so this is a difference between groups; it is an effect only if the groups would have been alike without the treatment."
        }
        (Design::Observational, Estimator::RegressionAdjustment) => {
            "The treatment was not assigned by chance, so this is its effect only if nothing else, beyond what is held fixed, moved both treatment and outcome, and if the relations are close to linear."
        }
    }
}

/// Four significant digits, thousands set apart.
fn grouped(value: f64) -> String {
    let text = significant(value, 4);
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    if unsigned.contains('e') {
        return text;
    }
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, ""), |(whole, fraction)| (whole, fraction));
    let mut groups: Vec<&str> =
        whole.as_bytes().rchunks(3).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.reverse();
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", groups.join(","))
}

/// At least so many significant digits; whole digits are never rounded away.
fn significant(value: f64, digits: usize) -> String {
    if value.abs() < 1e-300 || !value.is_finite() {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok()).unwrap_or(0);
    if !(-4..12).contains(&exponent) {
        return scientific;
    }
    let decimals = usize::try_from(i32::try_from(digits).unwrap_or(4) - 1 - exponent).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        for (value, expected) in [
            (1_794.342_404, "1,794"),
            (-8_497.516, "-8,498"),
            (0.097_316, "0.09732"),
            (12.5, "12.5"),
            (95.0, "95"),
            (1_234_567.8, "1,234,568"),
            (0.0, "0"),
            (0.000_012_34, "1.234e-5"),
            (2.540_581, "2.541"),
        ] {
            assert_eq!(grouped(value), expected);
        }
    }
}

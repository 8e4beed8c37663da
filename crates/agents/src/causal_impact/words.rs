//! The result in plain sentences.

use domain::agents::causal_impact::{
    CausalImpactParameters, Contrast, Design, Estimand, EstimateReport, Estimator, RedFlag, TreatmentReport,
};

use super::findings::Findings;

pub(super) fn summary(parameters: &CausalImpactParameters, findings: &Findings, flags: &[RedFlag]) -> Vec<String> {
    let head = findings.head();
    let mut sentences = vec![effect(parameters, findings)];
    sentences.extend(arms(findings));
    sentences.push(chance(head, parameters));
    sentences.push(meaning(parameters, head).to_owned());
    sentences.extend(findings.worth.as_ref().map(|worth| worth.finding.clone()));
    let dropped = findings.diagnostics.rows_dropped;
    if dropped > 0 {
        sentences.push(format!(
            "{} of {} rows were left out because a value was missing.",
            number(dropped as f64),
            number(findings.diagnostics.rows_given as f64)
        ));
    }
    sentences.push(match flags {
        [] => {
            "No red flags found; that does not prove the effect, it means that these checks did not speak against it."
                .into()
        }
        [only] => format!("One red flag: {}.", only.message),
        [first, ..] => format!("{} red flags; the first: {}.", flags.len(), first.message),
    });
    sentences
}

fn effect(parameters: &CausalImpactParameters, findings: &Findings) -> String {
    let head = findings.head();
    let (outcome, treatment) = (&parameters.outcome, parameters.treatment_column());
    let size = number(head.estimate.abs());
    let direction = if head.estimate >= 0.0 { "higher" } else { "lower" };
    let interval = format!(
        "({} % interval {} to {})",
        number(100.0 * head.interval.confidence_level),
        number(head.interval.lower),
        number(head.interval.upper)
    );
    let fixed = held_fixed(parameters, head.estimator);
    match &findings.treatment {
        TreatmentReport::Binary { control, treated, .. } => format!(
            "Where {treatment} is {treated}, {outcome} is {size} {direction} {interval} on average than where it is {control}{fixed}."
        ),
        TreatmentReport::Arms { control, .. } => {
            let arm = findings.contrasts.first().map_or("another value", |contrast| contrast.arm.as_str());
            format!(
                "Where {treatment} is {arm}, {outcome} is {size} {direction} {interval} on average than where it is {control}{fixed}."
            )
        }
        TreatmentReport::Adoption { .. } => format!(
            "Once treated, units have a {outcome} that is {size} {direction} {interval} on average than it would have been."
        ),
        TreatmentReport::Continuous { .. } => {
            format!("With each unit more of {treatment}, {outcome} is {size} {direction} {interval} on average{fixed}.")
        }
    }
}

/// The other arms against the control, by the estimator at the head.
fn arms(findings: &Findings) -> Option<String> {
    let head = findings.head().estimator;
    let others: Vec<String> = (findings.contrasts.iter().filter(|contrast| contrast.estimator == head).skip(1))
        .map(|contrast| {
            let Contrast { arm, estimate, interval, .. } = contrast;
            format!("{arm} {} ({} to {})", number(*estimate), number(interval.lower), number(interval.upper))
        })
        .collect();
    (!others.is_empty()).then(|| format!("The other arms against the same: {}.", others.join("; ")))
}

fn held_fixed(parameters: &CausalImpactParameters, estimator: Estimator) -> String {
    let count = parameters.covariates.len() + usize::from(parameters.baseline.is_some());
    let verb = match estimator {
        Estimator::DifferenceInMeans | Estimator::TwoByTwo => return String::new(),
        Estimator::InversePropensityWeighting => "balanced by weights",
        Estimator::PropensityMatching | Estimator::MahalanobisMatching => "matched",
        Estimator::ChangeScore => return ", measured as the change since before".to_owned(),
        _ => "held fixed",
    };
    match count {
        0 => String::new(),
        1 => format!(", with 1 covariate {verb}"),
        count => format!(", with {count} covariates {verb}"),
    }
}

fn chance(head: &EstimateReport, parameters: &CausalImpactParameters) -> String {
    let p_value = head.p_value;
    let share = if p_value < 0.0001 { "less than 0.01".to_owned() } else { significant(100.0 * p_value, 2) };
    let includes_zero = head.interval.lower <= 0.0 && head.interval.upper >= 0.0;
    let verdict = if includes_zero {
        // 80 % power at the level of the interval, two-sided: (1.96 + 0.84) errors at 95 %.
        let margin = (head.interval.upper - head.interval.lower) / 2.0;
        let detectable = margin + 0.841_621 * head.standard_error;
        format!(
            "the interval includes zero, so no effect remains possible; with these rows an effect below {} in {} would be missed more often than one time in five",
            number(detectable),
            parameters.outcome
        )
    } else {
        "the interval excludes zero".to_owned()
    };
    format!("If there were no effect, chance alone would show one this large in {share} % of such studies; {verdict}.")
}

const fn meaning(parameters: &CausalImpactParameters, head: &EstimateReport) -> &'static str {
    match (parameters.design, head.estimator, head.estimand) {
        (_, Estimator::TwoByTwo | Estimator::TwoWayFixedEffects | Estimator::CallawaySantanna, _) => {
            "This is the effect on those who were treated only if, without the treatment, they would have moved in parallel with those they are compared with; the periods before the start are the only place where the data can speak against that."
        }
        (_, Estimator::ChangeScore, _) => {
            "This is the effect only if, without the treatment, the arms would have changed alike."
        }
        (Design::Randomised, ..) => {
            "The treatment was assigned by chance, so this estimates the average effect of the treatment itself."
        }
        (Design::Observational, _, Estimand::Association) => {
            "The treatment was not assigned by chance and nothing is held fixed, so this is a difference between groups; it is an effect only if the groups would have been alike without the treatment."
        }
        (Design::Observational, Estimator::RegressionAdjustment | Estimator::Ancova, _) => {
            "The treatment was not assigned by chance, so this is its effect only if nothing else, beyond what is held fixed, moved both treatment and outcome, and if the relations are close to linear."
        }
        (Design::Observational, ..) => {
            "The treatment was not assigned by chance, so this is its effect only if nothing else, beyond what is held fixed, moved both treatment and outcome."
        }
    }
}

/// Four significant digits, thousands set apart.
pub(super) fn number(value: f64) -> String {
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
            assert_eq!(number(value), expected);
        }
    }
}

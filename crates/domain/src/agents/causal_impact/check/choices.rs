//! Numbers within their ranges, and choices that go together.

use crate::agents::ParameterProblem;
use crate::agents::causal_impact::parameters::{CausalImpactParameters, MOST_SIMULATIONS};
use crate::agents::causal_impact::{Design, Estimator, Shape, StandardErrorChoice};

/// Largest whole number that every JSON reader keeps exact.
const MOST_SEED: u64 = 9_007_199_254_740_991;

pub(super) fn check_numbers(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    let mut outside = |wrong: bool, pointer: &str, value: String, expected: &str| {
        if wrong {
            problems.push(ParameterProblem::new(pointer, format!("{value} is out of range; give {expected}")));
        }
    };
    let level = parameters.confidence_level;
    let expected = "a number from 0.5 to 0.999, as 0.95";
    outside(!(0.5..=0.999).contains(&level), "/confidence_level", level.to_string(), expected);
    let whole = [
        ("/simulations", parameters.simulations, 20, MOST_SIMULATIONS),
        ("/folds", parameters.folds, 2, 50),
        ("/matches", parameters.matches, 1, 50),
        ("/refuter_budget_s", parameters.refuter_budget_s, 1, 3600),
    ];
    for (pointer, value, least, most) in whole {
        let expected = format!("a whole number from {least} to {most}");
        outside(!(least..=most).contains(&value), pointer, value.to_string(), &expected);
    }
    let seed = parameters.seed;
    outside(seed > MOST_SEED, "/seed", seed.to_string(), "a whole number up to 9007199254740991");
    let optional = [
        ("/expected_treated_share", parameters.expected_treated_share, 0.001, 0.999),
        ("/caliper", parameters.caliper, 0.001, 10.0),
        ("/trim", parameters.trim, 0.001, 0.499),
        ("/value_per_unit", parameters.value_per_unit, -1e15, 1e15),
        ("/cost", parameters.cost, 0.0, 1e15),
    ];
    for (pointer, value, least, most) in optional {
        let Some(value) = value else { continue };
        let expected = format!("a number from {least} to {most}");
        outside(!(least..=most).contains(&value), pointer, value.to_string(), &expected);
    }
}

pub(super) fn check_choices(parameters: &CausalImpactParameters, problems: &mut Vec<ParameterProblem>) {
    let mut wrong = |pointer: &str, detail: &str| problems.push(ParameterProblem::new(pointer, detail));
    check_shape(parameters, &mut wrong);
    if parameters.standard_error == StandardErrorChoice::Cluster && parameters.cluster.is_none() {
        wrong("/standard_error", "`cluster` needs a cluster column; give `cluster`, or choose another standard error");
    }
    if parameters.expected_treated_share.is_some() && parameters.design != Design::Randomised {
        wrong(
            "/expected_treated_share",
            "a planned share belongs to a randomised design; set `design` to `randomised`, or leave it out",
        );
    }
    if parameters.cost.is_some() && parameters.value_per_unit.is_none() {
        wrong("/cost", "a cost alone gives no return; give `value_per_unit` too");
    }
    if parameters.treated_value.is_some() && parameters.control_value.is_some() {
        wrong("/control_value", "give `treated_value` for two values or `control_value` for several, one of the two");
    }
    for (index, &estimator) in parameters.estimators.iter().enumerate() {
        if let Some(detail) = unfit(parameters, estimator) {
            wrong(&format!("/estimators/{index}"), &detail);
        }
    }
    let Some(head) = parameters.estimator else { return };
    if let Some(detail) = unfit(parameters, head) {
        wrong("/estimator", &detail);
    } else if !parameters.estimators.is_empty() && !parameters.estimators.contains(&head) {
        wrong("/estimator", &format!("`{head}` is not among the estimators chosen; add it there"));
    }
}

fn check_shape(parameters: &CausalImpactParameters, wrong: &mut impl FnMut(&str, &str)) {
    if parameters.unit.is_some() && parameters.time.is_none() {
        wrong(
            "/unit",
            "a unit that is followed needs periods; give `time` as well, or use `cluster` for groups of rows",
        );
    }
    match (&parameters.treatment, &parameters.treatment_start) {
        (None, None) => {
            wrong("/treatment", "which column says who was treated? Give `treatment`, or `treatment_start`");
        }
        (Some(_), Some(_)) => {
            wrong("/treatment", "both `treatment` and `treatment_start` say who was treated; give one of the two");
        }
        (None, Some(_)) if parameters.shape() != Shape::Panel => {
            wrong("/treatment_start", "a start of the treatment belongs to a panel; give `unit` and `time` as well");
        }
        _ => {}
    }
    if parameters.shape() == Shape::CrossSection {
        return;
    }
    if parameters.baseline.is_some() {
        wrong("/baseline", "with `time` the outcome before the treatment is in its own rows; leave `baseline` out");
    }
    if !parameters.negative_controls.is_empty() {
        wrong(
            "/negative_controls",
            "with `time` the periods before the treatment are the negative control; leave it out",
        );
    }
}

/// Why an estimator cannot be run on the roles given.
fn unfit(parameters: &CausalImpactParameters, estimator: Estimator) -> Option<String> {
    let detail = match (estimator.shape(), parameters.shape()) {
        (Shape::CrossSection, Shape::Panel | Shape::TwoTimes) => {
            "is not for long data; leave `time` out, or choose another"
        }
        (Shape::Panel, Shape::CrossSection | Shape::TwoTimes) => {
            "needs `unit` and `time`; give them, or choose another"
        }
        (Shape::TwoTimes, Shape::CrossSection) => {
            "needs `time` with a value before and one after; give it, or choose another"
        }
        (Shape::TwoTimes, Shape::Panel) => "compares groups, not units; leave `unit` out, or choose another",
        _ if estimator.needs_covariates() && parameters.covariates.is_empty() => {
            "needs covariates; give some, or choose `difference_in_means`"
        }
        _ if estimator.needs_baseline() && parameters.baseline.is_none() => {
            "needs the outcome before the treatment; give `baseline`, or choose another"
        }
        _ if parameters.control_value.is_some() && !estimator.takes_arms() => {
            "compares two arms only; leave `control_value` out, or choose another"
        }
        _ => return None,
    };
    Some(format!("`{estimator}` {detail}"))
}

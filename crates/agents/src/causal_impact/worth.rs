//! What the effect is worth: units, money, return.
//!
//! `units = effect on the treated x treated rows`; `value = units x value of a unit`; `return = value / cost`. The
//! effect's interval is scaled; value and cost are taken as known. The probability that the return is above 1 is that of
//! a normal effect with the estimate's mean and error (a flat prior) lying above `cost / (value of a unit x rows)`.

use causal::ReferenceDistribution;
use domain::agents::causal_impact::{
    CausalImpactParameters, Estimand, EstimateReport, Interval, ReturnOnCost, TreatmentReport, Worth,
};

use super::words::number;

/// What the effect at the head is worth; `None` where no value was given or nobody is counted as treated.
pub(super) fn of(
    parameters: &CausalImpactParameters,
    head: &EstimateReport,
    treatment: &TreatmentReport,
    treated_rows: Option<u64>,
) -> Option<Worth> {
    let value_per_unit = parameters.value_per_unit?;
    let rows = treated_rows.or(match treatment {
        TreatmentReport::Binary { treated_rows, .. } => Some(*treated_rows),
        _ => None,
    })?;
    let count = rows as f64;
    let scaled = |factor: f64| {
        let ends = [head.interval.lower * factor, head.interval.upper * factor];
        Interval {
            confidence_level: head.interval.confidence_level,
            lower: ends[0].min(ends[1]),
            upper: ends[0].max(ends[1]),
        }
    };
    let (units, value) = (head.estimate * count, head.estimate * count * value_per_unit);
    let value_interval = scaled(count * value_per_unit);
    let return_on_cost = parameters.cost.filter(|cost| *cost > 0.0).map(|cost| {
        // Above 1 when the value is above the cost: how many of its own errors the value is above it.
        let distance = (value - cost) / (head.standard_error * count * value_per_unit).abs();
        ReturnOnCost {
            cost,
            net_value: value - cost,
            ratio: value / cost,
            ratio_interval: scaled(count * value_per_unit / cost),
            probability_above_one: probability_below(distance),
        }
    });
    let basis = match head.estimand {
        Estimand::Treated => "the average effect on those who were treated",
        Estimand::Everybody => "the average effect on everybody, taken to hold for those who were treated",
        Estimand::VarianceWeighted => "a weighted average effect, taken to hold for those who were treated",
        Estimand::Association => {
            "a difference between groups, which is an effect only if nothing else made them differ"
        }
    };
    Some(Worth {
        treated_rows: rows,
        effect: head.estimate,
        basis: basis.to_owned(),
        incremental_units: units,
        incremental_units_interval: scaled(count),
        value,
        value_interval,
        finding: finding(parameters, units, value, value_interval, return_on_cost.as_ref()),
        return_on_cost,
    })
}

/// Normal distribution function.
fn probability_below(distance: f64) -> f64 {
    let tail = ReferenceDistribution::Normal.two_sided_p_value(distance, f64::INFINITY) / 2.0;
    if distance > 0.0 { 1.0 - tail } else { tail }
}

fn finding(
    parameters: &CausalImpactParameters,
    units: f64,
    value: f64,
    interval: Interval,
    returned: Option<&ReturnOnCost>,
) -> String {
    let gained = if units < 0.0 { "lost" } else { "gained" };
    let mut finding = format!(
        "The treatment {gained} {} units of {}, worth {} ({} % interval {} to {})",
        number(units.abs()),
        parameters.outcome,
        number(value),
        number(100.0 * interval.confidence_level),
        number(interval.lower),
        number(interval.upper),
    );
    if let Some(returned) = returned {
        let more = format!(
            "; against a cost of {} that is a return of {} (interval {} to {}), above 1 with a probability of {}",
            number(returned.cost),
            number(returned.ratio),
            number(returned.ratio_interval.lower),
            number(returned.ratio_interval.upper),
            percent(returned.probability_above_one),
        );
        finding.push_str(&more);
    }
    finding.push('.');
    finding
}

/// Never certain: what rounds to nothing or to all is said as a bound.
fn percent(probability: f64) -> String {
    match 100.0 * probability {
        little if little < 0.1 => "under 0.1 %".to_owned(),
        much if much > 99.9 => "over 99.9 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_function() {
        for (distance, expected) in [(0.0, 0.5), (1.959_964, 0.975), (-1.959_964, 0.025), (8.0, 1.0)] {
            assert!((probability_below(distance) - expected).abs() < 1e-6, "{distance}");
        }
    }
}

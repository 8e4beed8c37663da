//! What the effect is worth.

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::CausalImpactResult;

use super::words::{interval, whole, whole_interval};

pub(in crate::demo) fn worth(result: &CausalImpactResult, to: &mut String) -> Result {
    let Some(worth) = &result.worth else { return Ok(()) };
    writeln!(to, "\nWorth (value of a unit and cost are those given, taken as exact)")?;
    writeln!(
        to,
        "  {:<28} {:>12}   {}, over {} treated rows",
        format!("{} gained", result.parameters.outcome),
        whole(worth.incremental_units),
        whole_interval(&worth.incremental_units_interval),
        whole(worth.treated_rows as f64)
    )?;
    writeln!(to, "  {:<28} {:>12}   {}", "their value", whole(worth.value), whole_interval(&worth.value_interval))?;
    if let Some(found) = &worth.return_on_cost {
        writeln!(to, "  {:<28} {:>12}", "cost", whole(found.cost))?;
        writeln!(to, "  {:<28} {:>12}", "value less cost", whole(found.net_value))?;
        writeln!(
            to,
            "  {:<28} {:>12.2}   {}; above 1 with a probability of {}",
            "value over cost",
            found.ratio,
            interval(&found.ratio_interval),
            probability(found.probability_above_one)
        )?;
    }
    writeln!(to, "  It rests on {}.", worth.basis)
}

/// Never certain: an estimate is none.
fn probability(share: f64) -> String {
    match 100.0 * share {
        percent if percent > 99.9 => "over 99.9 %".to_owned(),
        percent if percent < 0.1 => "under 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::probability;

    #[test]
    fn nothing_is_certain() {
        assert_eq!(probability(1.0), "over 99.9 %");
        assert_eq!(probability(0.0), "under 0.1 %");
        assert_eq!(probability(0.876), "87.6 %");
    }
}

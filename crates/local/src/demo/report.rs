//! The result of `causal_impact` in a few lines for a person.

use std::fmt::Write as _;

use domain::agents::causal_impact::{
    CausalImpactResult, Design, EstimateReport, Refuter, StandardError, TreatmentReport,
};

/// Rows of the balance table that are shown.
const SHOWN_BALANCE_ROWS: usize = 8;

/// The report.
pub(super) fn of(result: &CausalImpactResult) -> String {
    let mut report = String::new();
    // Writing to a string does not fail.
    let _ = write(result, &mut report);
    report
}

fn write(result: &CausalImpactResult, to: &mut String) -> std::fmt::Result {
    writeln!(to, "\nDid `{}` move `{}`?", result.parameters.treatment_column(), result.parameters.outcome)?;
    writeln!(to, "  {}, {}", design(result.design), compared(&result.treatment))?;
    writeln!(to, "\nEffect")?;
    for estimate in &result.estimates {
        let head = if estimate.estimator == result.estimator { '>' } else { ' ' };
        writeln!(to, "{head} {}", one_estimate(estimate))?;
    }
    writeln!(to, "\n{}", sentence(&result.finding))?;
    for flag in &result.red_flags {
        writeln!(to, "  ! {}: {}", flag.check, flag.message)?;
    }
    for warning in &result.warnings {
        writeln!(to, "  - {}", warning.message)?;
    }
    balance(result, to)?;
    writeln!(to, "\nRefuters")?;
    for refutation in result.refutations.iter().filter(|refutation| refutation.estimator == result.estimator) {
        let (name, mark) = (refuter(refutation.refuter), mark(refutation.flagged));
        writeln!(to, "{mark} {name:<20} {}", refutation.finding)?;
    }
    for sensitivity in result.sensitivity.iter().filter(|sensitivity| sensitivity.estimator == result.estimator) {
        writeln!(to, "{} {:<20} {}", mark(sensitivity.flagged), "unobserved cause", sensitivity.finding)?;
    }
    writeln!(to, "\nIn words")?;
    result.summary.iter().try_for_each(|line| writeln!(to, "  {line}"))
}

fn balance(result: &CausalImpactResult, to: &mut String) -> std::fmt::Result {
    let balance = &result.diagnostics.balance;
    if balance.rows.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nBalance ({}; flagged above {})", balance.measure, balance.threshold)?;
    let mut rows: Vec<_> = balance.rows.iter().collect();
    rows.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
    for row in rows.iter().take(SHOWN_BALANCE_ROWS) {
        let level = row.level.as_ref().map(|level| format!(" = {level}")).unwrap_or_default();
        writeln!(to, "{} {:<20} {:>7.3}", mark(row.flagged), format!("{}{level}", row.covariate), row.value)?;
    }
    if rows.len() > SHOWN_BALANCE_ROWS {
        writeln!(to, "  and {} more, closer", rows.len() - SHOWN_BALANCE_ROWS)?;
    }
    if let Some(joint) = &result.diagnostics.joint_balance {
        writeln!(to, "{} {}", mark(joint.flagged), joint.finding)?;
    }
    Ok(())
}

fn one_estimate(estimate: &EstimateReport) -> String {
    let EstimateReport { interval, convention, .. } = estimate;
    format!(
        "{:<28} {:>12.2}   {:.0} % interval {:.2} to {:.2}   p = {}   standard error {:.2} ({})",
        estimate.estimator.words(),
        estimate.estimate,
        interval.confidence_level * 100.0,
        interval.lower,
        interval.upper,
        p_value(estimate.p_value),
        estimate.standard_error,
        match convention.kind {
            StandardError::Classical => "classical",
            StandardError::Hc1 => "HC1",
            StandardError::Hc2 => "HC2",
            StandardError::Hc3 => "HC3",
            StandardError::Cluster => "clustered",
            StandardError::InfluenceFunction => "influence function",
            StandardError::EstimatedPropensity => "M-estimation",
            StandardError::AbadieImbens => "Abadie-Imbens",
        },
    )
}

fn p_value(value: f64) -> String {
    if value < 0.0001 { "below 0.0001".to_owned() } else { format!("{value:.4}") }
}

fn compared(treatment: &TreatmentReport) -> String {
    match treatment {
        TreatmentReport::Binary { control, treated, control_rows, treated_rows } => {
            format!("{treated_rows} rows with {treated} against {control_rows} with {control}")
        }
        TreatmentReport::Continuous { mean, standard_deviation } => {
            format!("per unit of the treatment (mean {mean:.3}, standard deviation {standard_deviation:.3})")
        }
        TreatmentReport::Arms { control, arms } => format!("{} arms, against {control}", arms.len() - 1),
        TreatmentReport::Adoption { treated_units, untreated_units } => {
            format!("{treated_units} treated units against {untreated_units} that are not treated")
        }
    }
}

fn design(design: Design) -> &'static str {
    match design {
        Design::Randomised => "an experiment",
        Design::Observational => "observational data",
    }
}

fn refuter(refuter: Refuter) -> &'static str {
    match refuter {
        Refuter::PlaceboTreatment => "placebo treatment",
        Refuter::RandomCommonCause => "random common cause",
        Refuter::DataSubset => "data subset",
        Refuter::Bootstrap => "bootstrap",
    }
}

fn mark(flagged: bool) -> char {
    if flagged { '!' } else { ' ' }
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tiny_p_value_is_not_written_as_zero() {
        assert_eq!(p_value(1e-9), "below 0.0001");
        assert_eq!(p_value(0.007_42), "0.0074");
    }

    #[test]
    fn findings_begin_with_a_capital() {
        assert_eq!(sentence("no red flags found"), "No red flags found");
        assert_eq!(sentence(""), "");
    }
}

//! What each estimator says, which said nothing and why, and whether they agree.

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::{CausalImpactResult, Contrast, EstimateReport, StandardError};

use super::words::{interval, mark, p_value, sentence};

pub(super) fn estimates(result: &CausalImpactResult, to: &mut String) -> Result {
    writeln!(to, "\nEffect")?;
    for estimate in &result.estimates {
        let head = if estimate.estimator == result.estimator { '>' } else { ' ' };
        writeln!(to, "{head} {}", one(estimate))?;
    }
    for missing in &result.not_computed {
        writeln!(to, "  {:<28} not computed: {}", missing.estimator.words(), missing.reason)?;
    }
    contrasts(result, to)?;
    if let Some(agreement) = &result.agreement {
        writeln!(to, "{} {}", mark(agreement.flagged), sentence(&agreement.finding))?;
        for row in agreement.comparisons.iter().filter(|row| row.flagged) {
            let (estimator, against) = (row.estimator.words(), row.against.words());
            writeln!(
                to,
                "!   {estimator} less {against}: {:.2} (adjusted p = {})",
                row.difference,
                p_value(row.adjusted_p_value)
            )?;
        }
    }
    if let Some(pair) = &result.before_after {
        writeln!(to, "{} {}", mark(pair.apart), sentence(&pair.finding))?;
    }
    Ok(())
}

/// Arms beside the one at the head, by its estimator.
fn contrasts(result: &CausalImpactResult, to: &mut String) -> Result {
    let shown: Vec<&Contrast> = result.contrasts.iter().filter(|found| found.estimator == result.estimator).collect();
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nArms, by {}", result.estimator.words())?;
    for found in shown {
        writeln!(
            to,
            "  {:<28} {:>12.2}   {}   p = {} adjusted for the number of arms",
            format!("{} against {}", found.arm, found.control),
            found.estimate,
            interval(&found.interval),
            p_value(found.adjusted_p_value)
        )?;
    }
    Ok(())
}

fn one(estimate: &EstimateReport) -> String {
    format!(
        "{:<28} {:>12.2}   {}   p = {}   standard error {:.2} ({})",
        estimate.estimator.words(),
        estimate.estimate,
        interval(&estimate.interval),
        p_value(estimate.p_value),
        estimate.standard_error,
        standard_error(estimate.convention.kind),
    )
}

const fn standard_error(kind: StandardError) -> &'static str {
    match kind {
        StandardError::Classical => "classical",
        StandardError::Hc1 => "HC1",
        StandardError::Hc2 => "HC2",
        StandardError::Hc3 => "HC3",
        StandardError::Cluster => "clustered",
        StandardError::InfluenceFunction => "influence function",
        StandardError::EstimatedPropensity => "M-estimation",
        StandardError::AbadieImbens => "Abadie-Imbens",
    }
}

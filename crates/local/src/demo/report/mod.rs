//! The result of `causal_impact` in a few lines for a person: one file a topic, absent parts left out.

mod checks;
mod estimates;
pub(super) mod panel;
pub(super) mod words;
mod worth;

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::{CausalImpactResult, Design, TreatmentReport};

pub(super) use self::checks::{red_flags, refuters};
use self::words::sentence;
pub(super) use self::worth::worth;

/// The report.
pub(super) fn of(result: &CausalImpactResult) -> String {
    let mut report = String::new();
    // Writing to a string does not fail.
    let _ = write(result, &mut report);
    report
}

fn write(result: &CausalImpactResult, to: &mut String) -> Result {
    writeln!(to, "\nDid `{}` move `{}`?", result.parameters.treatment_column(), result.parameters.outcome)?;
    writeln!(to, "  {}, {}", design(result.design), compared(&result.treatment))?;
    estimates::estimates(result, to)?;
    red_flags(result, to)?;
    worth(result, to)?;
    panel::panel(result, to)?;
    checks::balance(result, to)?;
    checks::overlap(result, to)?;
    checks::negative_controls(result, to)?;
    refuters(result, to)?;
    in_words(result, to)
}

/// The summary of the agent itself.
pub(super) fn in_words(result: &CausalImpactResult, to: &mut String) -> Result {
    writeln!(to, "\nIn words")?;
    result.summary.iter().try_for_each(|line| writeln!(to, "  {}", sentence(line)))
}

fn compared(treatment: &TreatmentReport) -> String {
    match treatment {
        TreatmentReport::Binary { control, treated, control_rows, treated_rows } => {
            format!("{treated_rows} rows with {treated} against {control_rows} with {control}")
        }
        TreatmentReport::Continuous { mean, standard_deviation } => {
            format!("per unit of the treatment (mean {mean:.3}, standard deviation {standard_deviation:.3})")
        }
        TreatmentReport::Arms { control, arms } => {
            let others = arms.iter().filter(|arm| arm.arm != *control);
            let others: Vec<String> = others.map(|arm| format!("{} ({} rows)", arm.arm, arm.rows)).collect();
            format!("{} arms against {control}: {}", others.len(), others.join(", "))
        }
        TreatmentReport::Adoption { treated_units, untreated_units } => {
            format!("{treated_units} units treated from some period on, {untreated_units} never")
        }
    }
}

const fn design(design: Design) -> &'static str {
    match design {
        Design::Randomised => "an experiment",
        Design::Observational => "observational data",
    }
}

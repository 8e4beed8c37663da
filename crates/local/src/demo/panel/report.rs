//! The invented panel's result for somebody who decides on speaker programmes, not on standard errors.

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::{CausalImpactResult, EstimateReport, Estimator, Panel, PanelReport};

use super::Invented;
use super::known::Compared;
use crate::demo::report::words::{interval, whole};
use crate::demo::report::{in_words, panel, red_flags, refuters, worth};

const SYNTHETIC: &str = "SYNTHETIC DATA: prescribers, programme and prescriptions are invented";

/// The report.
#[must_use]
pub fn report(invented: &Invented, result: &CausalImpactResult) -> String {
    let mut report = String::new();
    // Writing to a string does not fail.
    let _ = write(invented, result, &mut report);
    report
}

fn write(invented: &Invented, result: &CausalImpactResult, to: &mut String) -> Result {
    writeln!(to, "\n{SYNTHETIC}, so that the true effect is known.")?;
    writeln!(to, "Nothing here says anything about a real programme.")?;
    let found = match &result.panel {
        Some(PanelReport::Panel(panel)) => Some(panel.as_ref()),
        _ => None,
    };
    writeln!(to, "\nDid the speaker programme move new prescriptions?")?;
    if let Some(panel) = found {
        who(panel, to)?;
    }
    answer(invented, result, to)?;
    if let Some(panel) = found {
        panel::event_study(panel, "months", invented.planted_by_months_since(), to)?;
        panel::cohorts(panel, "prescribers", &invented.planted_by_start(), to)?;
        panel::before_the_start(panel, to)?;
    }
    refuters(result, to)?;
    simpler_looks(invented, result, found, to)?;
    worth(result, to)?;
    writeln!(to, "  Value of a prescription and cost of the programme are invented too.")?;
    red_flags(result, to)?;
    in_words(result, to)?;
    writeln!(to, "\n{SYNTHETIC}.")
}

fn who(panel: &Panel, to: &mut String) -> Result {
    let joined: u64 = panel.cohorts.iter().map(|cohort| cohort.units).sum();
    let starts: Vec<&str> = panel.cohorts.iter().map(|cohort| cohort.start.as_str()).collect();
    writeln!(
        to,
        "  {} prescribers over {} months; {joined} joined the programme, in {}; {} never did",
        panel.units,
        panel.periods.len(),
        starts.join(", "),
        panel.never_treated_units
    )
}

/// The verdict, and the truth beside it.
fn answer(invented: &Invented, result: &CausalImpactResult, to: &mut String) -> Result {
    let ends = &result.interval;
    let verdict = match (ends.lower > 0.0, ends.upper < 0.0, result.red_flags.is_empty()) {
        (true, _, true) => "Yes: it moved them up, and no check speaks against it",
        (true, _, false) => "It seems to have moved them up, but read the red flags first",
        (_, true, true) => "It moved them down, and no check speaks against it",
        (_, true, false) => "It seems to have moved them down, but read the red flags first",
        _ => "That cannot be said: the interval includes no effect",
    };
    writeln!(to, "\n{verdict}.")?;
    let more = if result.estimate < 0.0 { "fewer" } else { "more" };
    writeln!(
        to,
        "  estimated   {:>6.2} new prescriptions {more} a month for each prescriber in the programme   {}",
        result.estimate.abs(),
        interval(ends)
    )?;
    let planted = invented.planted();
    let away = (result.estimate - planted).abs() / result.standard_error;
    let inside = if (ends.lower..=ends.upper).contains(&planted) { "inside" } else { "outside" };
    writeln!(
        to,
        "  planted     {planted:>6.2}, known only because the data are invented: {inside} the interval, {away:.1} standard \
         errors from the estimate"
    )?;
    writeln!(
        to,
        "  How: each prescriber's change since the month before its start, less the change of those who never joined."
    )?;
    writeln!(
        to,
        "  It holds if, without the programme, both would have moved in parallel; what speaks for and against stands below."
    )
}

/// What other ways of reading the same table say, each with what is wrong with it.
fn simpler_looks(invented: &Invented, result: &CausalImpactResult, panel: Option<&Panel>, to: &mut String) -> Result {
    let planted = invented.planted();
    writeln!(to, "\nWhat simpler looks at the same table say (planted: {planted:.2})")?;
    let starts = invented.starts();
    let (first, last) = (starts.first().copied().unwrap_or_default(), starts.last().copied().unwrap_or_default());
    let naive = invented.naive();
    look("programme against other prescribers", naive, planted, to)?;
    let before = invented.before_any_start();
    writeln!(
        to,
        "      Mean from {last} on. Wrong: those who joined wrote {:.2} more a month before anybody had joined ({:.2} \
         against {:.2}).",
        before.difference(),
        before.with,
        before.without
    )?;
    look("programme prescribers, after against before", invented.before_and_after(), planted, to)?;
    writeln!(
        to,
        "      Wrong: the market moved. Those who never joined changed by {:.2} from before {first} to {last} and after.",
        naive.without - before.without
    )?;
    let Some(two_way) = two_way(result) else { return Ok(()) };
    writeln!(to, "  two-way fixed effects {:>31.2}   {}", two_way.estimate, off(two_way.estimate, planted))?;
    writeln!(to, "      {}, standard error {:.2}.", interval(&two_way.interval), two_way.standard_error)?;
    match panel.and_then(panel::misleads) {
        Some(why) => writeln!(to, "      {why} Misleading where starts differ, even when it comes out close."),
        None => Ok(()),
    }
}

fn two_way(result: &CausalImpactResult) -> Option<&EstimateReport> {
    result.estimates.iter().find(|estimate| estimate.estimator == Estimator::TwoWayFixedEffects)
}

fn look(name: &str, compared: Compared, planted: f64, to: &mut String) -> Result {
    let Compared { with, without } = compared;
    let difference = compared.difference();
    writeln!(to, "  {name:<46} {difference:>6.2}   {} ({with:.2} less {without:.2})", off(difference, planted))
}

/// As in `2.31 too much (+79 %)`.
fn off(found: f64, planted: f64) -> String {
    let away = found - planted;
    let direction = if away < 0.0 { "too little" } else { "too much" };
    let sign = if away < 0.0 { '-' } else { '+' };
    format!("{:.2} {direction} ({sign}{} %)", away.abs(), whole(100.0 * (away / planted).abs()))
}

#[cfg(test)]
mod tests {
    use super::off;

    #[test]
    fn an_error_is_told_with_its_direction() {
        assert_eq!(off(3.0, 2.0), "1.00 too much (+50 %)");
        assert_eq!(off(1.5, 2.0), "0.50 too little (-25 %)");
    }
}

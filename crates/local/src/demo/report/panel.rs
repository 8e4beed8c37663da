//! What before and after say: effects by time since the start as a plot, cohorts, trends before the start, placebos.

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::{CausalImpactResult, Cells, EventEffect, Panel, PanelReport, TwoWayWeights};

use super::words::{interval, mark, sentence};

/// Columns of the plot.
const WIDTH: usize = 41;
/// Periods on each side of the start that are shown at most.
const SHOWN_PERIODS: u64 = 12;

pub(super) fn panel(result: &CausalImpactResult, to: &mut String) -> Result {
    match &result.panel {
        None => Ok(()),
        Some(PanelReport::TwoTimes(cells)) => two_times(cells, to),
        Some(PanelReport::Panel(panel)) => {
            let balanced = if panel.balanced { "every unit in every period" } else { "with gaps" };
            writeln!(to, "\nPanel\n  {} units over {} periods, {balanced}", panel.units, panel.periods.len())?;
            event_study(panel, "periods", &[], to)?;
            cohorts(panel, "units", &[], to)?;
            before_the_start(panel, to)?;
            weights(panel, to)
        }
    }
}

fn two_times(cells: &Cells, to: &mut String) -> Result {
    writeln!(to, "\nMeans {:>30} {:>12} {:>12}", cells.before, cells.after, "change")?;
    let groups = [
        ("treated group", cells.treated_means, cells.treated_rows),
        ("comparison group", cells.comparison_means, cells.comparison_rows),
    ];
    for (name, [before, after], [rows_before, rows_after]) in groups {
        let change = after - before;
        writeln!(to, "  {name:<20} {before:>13.2} {after:>12.2} {change:>12.2}   {rows_before} and {rows_after} rows")?;
    }
    Ok(())
}

/// Effects by periods since the start; `planted` are the true ones from the start on, where they are known.
pub(in crate::demo) fn event_study(panel: &Panel, periods: &str, planted: &[f64], to: &mut String) -> Result {
    let shown = shown(panel);
    let ends = shown.iter().filter_map(|event| event.interval);
    let (least, most) =
        ends.fold((0.0_f64, 0.0_f64), |(least, most), ends| (least.min(ends.lower), most.max(ends.upper)));
    if shown.is_empty() || most <= least {
        return Ok(());
    }
    let truth = if planted.is_empty() { "" } else { ", + the planted truth" };
    writeln!(to, "\nEffect by {periods} since the start (o the estimate, - its interval, | no effect{truth})")?;
    for event in shown {
        let known = usize::try_from(event.event_time).ok().and_then(|since| planted.get(since)).copied();
        let drawn = bar(event, known, least, most);
        let told = match (event.interval, known) {
            (None, _) => "the reference: zero by definition".to_owned(),
            (Some(ends), Some(truth)) => {
                format!("{:>6.2} ({:.2} to {:.2})   planted {truth:.2}", event.estimate, ends.lower, ends.upper)
            }
            (Some(ends), None) => format!("{:>6.2} ({:.2} to {:.2})", event.estimate, ends.lower, ends.upper),
        };
        writeln!(to, "  {:>4}  {drawn}  {told}", event.event_time)?;
    }
    Ok(())
}

/// Those that every cohort has: further out, the mix of cohorts changes and with it the average.
fn shown(panel: &Panel) -> Vec<&EventEffect> {
    let last =
        panel.cohorts.iter().map(|cohort| (panel.periods.len() as u64).saturating_sub(cohort.periods_before + 1));
    let before = panel.cohorts.iter().map(|cohort| cohort.periods_before);
    let limit = |found: Option<u64>| i64::try_from(found.unwrap_or(0).min(SHOWN_PERIODS)).unwrap_or(0);
    let range = -limit(before.min())..=limit(last.min());
    panel.event_study.iter().filter(|event| range.contains(&event.event_time)).collect()
}

fn bar(event: &EventEffect, planted: Option<f64>, least: f64, most: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the columns")]
    let place = |value: f64| {
        let share = ((value - least) / (most - least)).clamp(0.0, 1.0);
        (share * (WIDTH - 1) as f64).round() as usize
    };
    let mut drawn = [' '; WIDTH];
    if let Some(ends) = event.interval {
        drawn[place(ends.lower)..=place(ends.upper)].fill('-');
    }
    drawn[place(0.0)] = '|';
    if let Some(planted) = planted {
        drawn[place(planted)] = '+';
    }
    drawn[place(event.estimate)] = 'o';
    drawn.iter().collect()
}

/// Units and effect by start; `planted` are the true effects in the same order, where they are known.
pub(in crate::demo) fn cohorts(panel: &Panel, units: &str, planted: &[f64], to: &mut String) -> Result {
    if panel.cohorts.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nBy start")?;
    for (index, cohort) in panel.cohorts.iter().enumerate() {
        let effect = panel.by_cohort.iter().find(|part| part.label == cohort.start);
        let effect =
            effect.map_or_else(String::new, |part| format!("{:>6.2}   {}", part.estimate, interval(&part.interval)));
        let truth = planted.get(index).map_or_else(String::new, |truth| format!("   planted {truth:.2}"));
        writeln!(to, "  {:<12} {:>5} {units}   {effect}{truth}", cohort.start, cohort.units)?;
    }
    for without in &panel.without_cohort {
        match without.estimate {
            Some(estimate) => {
                writeln!(to, "{} without those of {}: {estimate:.2}", mark(without.flagged), without.start)?;
            }
            None => writeln!(to, "  without those of {}: not computed", without.start)?,
        }
    }
    Ok(())
}

/// Whether the groups moved apart before anything happened.
pub(in crate::demo) fn before_the_start(panel: &Panel, to: &mut String) -> Result {
    let trend = panel.pre_trend.as_ref().map(|trend| (trend.flagged, &trend.finding));
    let placebo = panel.placebo_in_time.as_ref().map(|placebo| (placebo.flagged, &placebo.finding));
    let breakdown = panel.trend_breakdown.as_ref().map(|breakdown| (false, &breakdown.finding));
    if trend.is_none() && placebo.is_none() && breakdown.is_none() {
        return Ok(());
    }
    writeln!(to, "\nBefore the start")?;
    let mut lines = trend.into_iter().chain(placebo).chain(breakdown);
    lines.try_for_each(|(flagged, finding)| writeln!(to, "{} {}", mark(flagged), sentence(finding)))
}

/// How two-way fixed effects weigh, where that matters.
fn weights(panel: &Panel, to: &mut String) -> Result {
    match misleads(panel) {
        None => Ok(()),
        Some(why) => writeln!(to, "\nTwo-way fixed effects\n  {why}"),
    }
}

/// Why two-way fixed effects mislead with these starts.
pub(in crate::demo) fn misleads(panel: &Panel) -> Option<String> {
    let TwoWayWeights { treated_rows, negative_rows, negative_sum, forbidden_weight } =
        panel.two_way_weights.as_ref()?;
    if !panel.staggered {
        return None;
    }
    let mut why = "Starts differ, so its one coefficient also compares late starters with early ones that are treated \
                   already"
        .to_owned();
    if let Some(weight) = forbidden_weight {
        // Writing to a string does not fail.
        let _ = write!(why, " ({:.0} % of its weight)", 100.0 * weight);
    }
    why.push_str(": a growing effect of the early ones then counts against the treatment.");
    if *negative_rows > 0 {
        let _ = write!(
            why,
            " {negative_rows} of {treated_rows} treated rows enter with a negative weight (sum {negative_sum:.2})."
        );
    }
    Some(why)
}

#[cfg(test)]
mod tests {
    use domain::agents::causal_impact::Interval;

    use super::*;

    #[test]
    fn a_bar_stands_where_its_numbers_are() {
        let interval = Some(Interval { confidence_level: 0.95, lower: 1.0, upper: 3.0 });
        let event = EventEffect {
            event_time: 0,
            estimate: 2.0,
            standard_error: Some(0.5),
            interval,
            band: None,
            reference: false,
        };
        let drawn = bar(&event, Some(2.5), -1.0, 3.0);
        let at = |letter: char| drawn.find(letter).unwrap();
        assert_eq!((drawn.len(), at('|'), at('o'), at('+')), (WIDTH, 10, 30, 35));
        assert_eq!((at('-'), drawn.rfind('-').unwrap()), (20, 40));
    }
}

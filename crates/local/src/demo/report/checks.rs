//! What speaks against the effect: flags, balance, overlap, negative controls, refuters.

use std::fmt::{Result, Write as _};

use domain::agents::causal_impact::{ArmOverlap, BalanceRow, CausalImpactResult};

use super::words::{interval, mark, p_value, refuter, sentence};

/// Rows of a balance table that are shown.
const SHOWN_BALANCE_ROWS: usize = 8;

/// Red flags, then what a reader should know besides.
pub(in crate::demo) fn red_flags(result: &CausalImpactResult, to: &mut String) -> Result {
    match result.red_flags.len() {
        0 => writeln!(to, "\n{}", sentence(&result.finding))?,
        1 => writeln!(to, "\nOne red flag")?,
        count => writeln!(to, "\n{count} red flags")?,
    }
    for flag in &result.red_flags {
        writeln!(to, "! {}: {}", flag.check.replace('_', " "), flag.message)?;
    }
    result.warnings.iter().try_for_each(|warning| writeln!(to, "  - {}", warning.message))
}

/// Before adjustment.
pub(super) fn balance(result: &CausalImpactResult, to: &mut String) -> Result {
    let balance = &result.diagnostics.balance;
    if balance.rows.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nBalance before adjustment ({}; flagged above {})", balance.measure, balance.threshold)?;
    balance_rows(&balance.rows, to)?;
    if let Some(joint) = &result.diagnostics.joint_balance {
        writeln!(to, "{} {}", mark(joint.flagged), sentence(&joint.finding))?;
    }
    Ok(())
}

fn balance_rows(rows: &[BalanceRow], to: &mut String) -> Result {
    let mut rows: Vec<_> = rows.iter().collect();
    rows.sort_by(|left, right| right.value.abs().total_cmp(&left.value.abs()));
    for row in rows.iter().take(SHOWN_BALANCE_ROWS) {
        let level = row.level.as_ref().map(|level| format!(" = {level}")).unwrap_or_default();
        writeln!(to, "{} {:<28} {:>7.3}", mark(row.flagged), format!("{}{level}", row.covariate), row.value)?;
    }
    if rows.len() > SHOWN_BALANCE_ROWS {
        writeln!(to, "  and {} more, closer", rows.len() - SHOWN_BALANCE_ROWS)?;
    }
    Ok(())
}

/// Whether the arms have comparable rows.
pub(super) fn overlap(result: &CausalImpactResult, to: &mut String) -> Result {
    let Some(overlap) = &result.overlap else { return Ok(()) };
    writeln!(to, "\nOverlap (comparable rows in both arms)")?;
    for (name, arm) in [("treated", &overlap.treated), ("control", &overlap.control)] {
        let ArmOverlap { rows, outside_share, extreme_share, effective_rows, .. } = arm;
        let (outside, extreme) = (100.0 * outside_share, 100.0 * extreme_share);
        writeln!(
            to,
            "  {name:<28} {rows:>7} rows, worth {effective_rows:.0} after weighting; {outside:.1} % without a counterpart, \
             {extreme:.1} % nearly sure of their arm"
        )?;
    }
    overlap.findings.iter().try_for_each(|finding| writeln!(to, "! {}", sentence(finding)))?;
    let apart: Vec<BalanceRow> = overlap.balance_after.iter().filter(|row| row.flagged).cloned().collect();
    if apart.is_empty() {
        return writeln!(to, "  After weighting no covariate is out of balance");
    }
    writeln!(to, "  Out of balance after weighting:")?;
    balance_rows(&apart, to)
}

/// Outcomes that the treatment cannot have moved.
pub(super) fn negative_controls(result: &CausalImpactResult, to: &mut String) -> Result {
    if result.negative_controls.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nNegative controls (no effect should be found on them)")?;
    for control in &result.negative_controls {
        let before = if control.baseline { ", before the treatment" } else { "" };
        writeln!(
            to,
            "{} {:<28} {:>12.2}   {}   p = {}   by {}{before}",
            mark(control.flagged),
            control.outcome,
            control.estimate,
            interval(&control.interval),
            p_value(control.adjusted_p_value),
            control.estimator.words()
        )?;
    }
    Ok(())
}

/// What the refuters say of the estimate at the head.
pub(in crate::demo) fn refuters(result: &CausalImpactResult, to: &mut String) -> Result {
    let found = result.refutations.iter().filter(|found| found.estimator == result.estimator);
    let found = found.map(|found| (refuter(found.refuter), found.flagged, &found.finding));
    let solved = result.sensitivity.iter().filter(|found| found.estimator == result.estimator);
    let solved = solved.map(|found| ("unobserved cause", found.flagged, &found.finding));
    let lines: Vec<(&str, bool, &String)> = found.chain(solved).collect();
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(to, "\nRefuters")?;
    lines.iter().try_for_each(|(name, flagged, finding)| writeln!(to, "{} {name:<20} {finding}", mark(*flagged)))
}

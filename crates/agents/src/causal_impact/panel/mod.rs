//! Units over periods: two-way fixed effects and the group-time effects of Callaway and Sant'Anna.
//!
//! Without a choice both are run; at the head stand the group-time effects, averaged over cohorts: they are right
//! whether or not starts are staggered. [`input`] reads the columns, [`report`] says what was found.

mod input;
mod report;

use causal::panel::{
    AbsorbedParameters, BasePeriod, Bootstrap, ComparisonUnits as Compared, EventStudy, EventStudyOptions,
    GroupTimeEffects, GroupTimeOptions, Multiplier, Panel, PanelError, PanelEstimator, PanelInference, PanelWarning,
    TwoWayEstimate, callaway_santanna, event_study, leave_one_cohort_out, panel_refuters, placebo_in_time,
    trend_breakdown, two_way_fixed_effects,
};
use causal::refute::{AgainPlan, Original};
use domain::agents::causal_impact::cost::{Shape, Task, expected};
use domain::agents::causal_impact::{
    CausalImpactParameters, ComparisonUnits, EstimateReport, Estimator, NotComputed, PanelReport, RefutationReport,
    TreatmentReport,
};
use tables::read::Table;

pub(super) use self::input::zero_and_one;
pub(super) use self::report::rows_alone;
use super::findings::{Findings, Notices, notice};
use super::{report as cross_report, worth};
use crate::{AgentError, Progress};

/// Draws behind a band that holds for all event times at once.
const BAND_DRAWS: usize = 999;
/// Simulated refuters of an estimate.
const REFUTERS: usize = 4;

/// Standard errors by which an estimate may move when a cohort is left out: chance alone moves it by two now and then.
const FAR_WITHOUT_COHORT: f64 = 3.0;

/// What was estimated of a panel.
struct Estimates {
    two_way: Option<TwoWayEstimate>,
    group_time: Option<GroupTimeEffects>,
    event_study: Option<EventStudy>,
    compared: Compared,
}

/// Estimates, checks and refutes.
pub(super) fn analyse(
    parameters: &CausalImpactParameters,
    table: Table,
    progress: &mut dyn Progress,
) -> Result<Findings, AgentError> {
    progress.report(0.3, "checking the panel");
    let study = input::study(parameters, &table)?;
    drop(table);
    let panel = Panel::prepare(study, &input::options(parameters)).map_err(unfit)?;
    let (estimates, reports, not_computed) = estimate(parameters, &panel, progress)?;
    progress.report(0.6, "placebo in time");
    let inference = inference(parameters);
    let placebo = placebo_in_time(&panel, &inference).ok();
    progress.report(0.65, "leaving out each cohort");
    let head = &reports[0];
    let estimator = again(&estimates, head.estimator);
    let margin = FAR_WITHOUT_COHORT * head.standard_error;
    let (lower, upper) = (head.estimate - margin, head.estimate + margin);
    let interval = causal::Interval { confidence: head.interval.confidence_level, lower, upper };
    let without = leave_one_cohort_out(&panel, estimator, interval).ok();
    progress.report(0.7, "refuters");
    let mut notices = Notices::default();
    remark(&panel, &estimates, &mut notices);
    let refutations = refuters(parameters, &panel, &estimates, &reports, &mut notices)?;

    let summary = panel.summary();
    let treated_units: usize = summary.cohorts.iter().map(|cohort| cohort.units).sum();
    let treatment = TreatmentReport::Adoption {
        treated_units: treated_units as u64,
        untreated_units: summary.never_treated as u64,
    };
    let worth = worth::of(parameters, head, &treatment, Some(summary.treated_rows as u64));
    let overall = causal::Interval { lower: head.interval.lower, upper: head.interval.upper, ..interval };
    let breakdown = estimates.event_study.as_ref().and_then(|study| trend_breakdown(study, overall));
    let found = report::panel(&summary, &estimates, placebo.as_ref(), without.as_ref(), breakdown.as_ref());
    Ok(Findings {
        not_computed,
        panel: Some(PanelReport::Panel(Box::new(found))),
        refutations,
        worth,
        notices: notices.0,
        ..Findings::of(treatment, reports, rows_alone(summary.rows + summary.rows_dropped, summary.rows))
    })
}

type Estimated = (Estimates, Vec<EstimateReport>, Vec<NotComputed>);

/// The estimators chosen, or both; the head first.
fn estimate(
    parameters: &CausalImpactParameters,
    panel: &Panel,
    progress: &mut dyn Progress,
) -> Result<Estimated, AgentError> {
    let both = [Estimator::CallawaySantanna, Estimator::TwoWayFixedEffects];
    let chosen = if parameters.estimators.is_empty() { both.to_vec() } else { parameters.estimators.clone() };
    let compared = compared(parameters, panel);
    let mut estimates = Estimates { two_way: None, group_time: None, event_study: None, compared };
    let (mut reports, mut failed) = (Vec::new(), Vec::new());
    for estimator in chosen {
        progress.report(0.35, &format!("estimating: {}", estimator.words()));
        let reason = match estimator {
            Estimator::TwoWayFixedEffects => match two_way_fixed_effects(panel, &inference(parameters)) {
                Ok(found) => {
                    reports.push(report::two_way(&found));
                    estimates.two_way = Some(found);
                    continue;
                }
                Err(error) => error,
            },
            _ => match callaway_santanna(panel, &options(parameters, compared)) {
                Ok(found) => {
                    reports.extend(report::group_time(&found, panel));
                    estimates.group_time = Some(found);
                    continue;
                }
                Err(error) => error,
            },
        };
        failed.push(NotComputed { estimator, reason: reason.to_string() });
    }
    progress.report(0.5, "event study");
    let event = EventStudyOptions { inference: inference(parameters), ..EventStudyOptions::default() };
    estimates.event_study = event_study(panel, &event).ok();
    let head = parameters.estimator.unwrap_or(Estimator::CallawaySantanna);
    reports.sort_by_key(|report| report.estimator != head);
    match (reports.first(), failed.iter().find(|missing| missing.estimator == head).or(failed.first())) {
        (Some(first), Some(missing)) if parameters.estimator.is_some() && first.estimator != head => {
            Err(AgentError::User(missing.reason.clone()))
        }
        (None, Some(missing)) => Err(AgentError::User(missing.reason.clone())),
        _ => Ok((estimates, reports, failed)),
    }
}

fn inference(parameters: &CausalImpactParameters) -> PanelInference {
    PanelInference { confidence: parameters.confidence_level, absorbed: AbsorbedParameters::default() }
}

fn compared(parameters: &CausalImpactParameters, panel: &Panel) -> Compared {
    match parameters.comparison_units {
        ComparisonUnits::NotYetTreated => Compared::NotYetTreated,
        ComparisonUnits::Auto if panel.summary().never_treated == 0 => Compared::NotYetTreated,
        ComparisonUnits::Auto | ComparisonUnits::NeverTreated => Compared::NeverTreated,
    }
}

fn options(parameters: &CausalImpactParameters, comparison: Compared) -> GroupTimeOptions {
    GroupTimeOptions {
        comparison,
        // Long differences, so that the plot of event times reads as an event study's.
        base: BasePeriod::Universal,
        confidence: parameters.confidence_level,
        bootstrap: Some(Bootstrap { draws: BAND_DRAWS, seed: parameters.seed, multiplier: Multiplier::Mammen }),
        ..GroupTimeOptions::default()
    }
}

/// What the refuters estimate again for an estimate.
const fn again(estimates: &Estimates, estimator: Estimator) -> PanelEstimator {
    match estimator {
        Estimator::TwoWayFixedEffects => PanelEstimator::TwoWayFixedEffects,
        _ => PanelEstimator::CallawaySantanna { comparison: estimates.compared },
    }
}

/// The four simulated refuters of each estimate; the estimates share the time set aside.
fn refuters(
    parameters: &CausalImpactParameters,
    panel: &Panel,
    estimates: &Estimates,
    reports: &[EstimateReport],
    notices: &mut Notices,
) -> Result<Vec<RefutationReport>, AgentError> {
    let mut told = Vec::new();
    for found in reports {
        let original = Original {
            confidence: parameters.confidence_level,
            ..Original::new(found.estimator.words(), found.estimate, found.standard_error)
        };
        let plan = budget(parameters, panel, found.estimator, REFUTERS * reports.len());
        let refutations = panel_refuters(panel, again(estimates, found.estimator), &original, &plan).map_err(unfit)?;
        notices.warnings(refutations.iter().flat_map(|refutation| &refutation.warnings));
        told.extend(refutations.iter().map(|refutation| cross_report::refutation(found.estimator, refutation)));
    }
    Ok(told)
}

/// What one of so many refuters may cost, in rows times fits.
fn budget(parameters: &CausalImpactParameters, panel: &Panel, estimator: Estimator, refuters: usize) -> AgainPlan {
    let summary = panel.summary();
    let shape = Shape {
        rows: panel.rows(),
        columns: parameters.covariates.len(),
        simulations: 0,
        periods: summary.periods.len(),
        cohorts: summary.cohorts.len(),
        ..Shape::default()
    };
    let task = if estimator == Estimator::TwoWayFixedEffects { Task::TwoWayFixedEffects } else { Task::GroupTime };
    let seconds_per_row = expected(task, &shape).seconds / panel.rows().max(1) as f64;
    let seconds = f64::from(parameters.refuter_budget_s) / refuters as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of rows, bounded by the budget"
    )]
    let most_row_fits = (seconds / seconds_per_row).min(1e15) as usize;
    let simulations = parameters.simulations as usize;
    AgainPlan { simulations, seed: parameters.seed, most_row_fits, most_rows: usize::MAX }
}

fn remark(panel: &Panel, estimates: &Estimates, notices: &mut Notices) {
    let mut add = |warnings: &[PanelWarning]| {
        for warning in warnings {
            notices.add(notice(&warning.code, &warning.message));
        }
    };
    add(panel.warnings());
    if let Some(found) = &estimates.group_time {
        add(&found.warnings);
    }
    if let Some(found) = &estimates.two_way {
        add(&found.warnings);
    }
    if let Some(found) = &estimates.event_study {
        add(&found.warnings);
    }
}

/// What cannot be analysed is in the data or the parameters: trying again changes nothing.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unfit(error: PanelError) -> AgentError {
    AgentError::User(error.to_string())
}

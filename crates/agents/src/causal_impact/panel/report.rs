//! What a panel shows, from the numerics' types to the contract's.

use causal::panel::{
    Aggregation, Effect, EventStudy, GroupTimeEffects, LeaveOneCohortOut, Panel, PanelSummary, Part, PlaceboInTime,
    TrendBreakdown, TwoWayEstimate,
};
use domain::agents::causal_impact as contract;
use domain::agents::causal_impact::{Estimand, EstimateReport, Estimator};

use super::super::report;
use super::Estimates;

/// The two-way fixed effects.
pub(super) fn two_way(found: &TwoWayEstimate) -> EstimateReport {
    let effect = &found.effect;
    let convention = report::convention(&found.convention);
    let numbers = [effect.value, effect.standard_error, effect.p_value];
    let estimator = Estimator::TwoWayFixedEffects;
    let meaning = "average effect on the treated if effects are the same in all periods and cohorts; else an average with \
                   weights of its own, some of them negative";
    EstimateReport {
        meaning: meaning.to_owned(),
        r_squared: Some(found.within_r_squared),
        ..report::general(estimator, Estimand::Treated, numbers, effect.interval, convention)
    }
}

/// The group-time effects, averaged over cohorts by their size.
pub(super) fn group_time(found: &GroupTimeEffects, panel: &Panel) -> Option<EstimateReport> {
    let overall = &found.aggregates.iter().find(|one| one.aggregation == Aggregation::Group)?.overall;
    let formula = "sqrt(sum_c(sum_{i in c} influence)^2) / n over units i and clusters c";
    let kind = contract::StandardError::InfluenceFunction;
    let convention = contract::StandardErrorConvention {
        clusters: Some(found.clusters as u64),
        same_as: vec!["R did::aggte(type = \"group\"), bstrap = FALSE".to_owned()],
        ..report::asymptotic(kind, formula, panel.rows())
    };
    let numbers = [overall.value, overall.standard_error, overall.p_value];
    let estimator = Estimator::CallawaySantanna;
    let meaning = "average effect on the treated over the periods since their start, cohorts weighed by their size";
    Some(EstimateReport {
        meaning: meaning.to_owned(),
        ..report::general(estimator, Estimand::Treated, numbers, overall.interval, convention)
    })
}

/// Everything but the estimates.
pub(super) fn panel(
    summary: &PanelSummary,
    estimates: &Estimates,
    placebo: Option<&PlaceboInTime>,
    without: Option<&LeaveOneCohortOut>,
    breakdown: Option<&TrendBreakdown>,
) -> contract::Panel {
    let (event_study, event_study_estimator) = events(estimates);
    let parts = |wanted: Aggregation| -> Vec<contract::PartEffect> {
        let found = estimates.group_time.as_ref();
        let aggregate = found.and_then(|found| found.aggregates.iter().find(|one| one.aggregation == wanted));
        aggregate.map(|one| one.parts.iter().map(part).collect()).unwrap_or_default()
    };
    contract::Panel {
        units: summary.units as u64,
        units_left_out: summary.units_left_out as u64,
        periods: summary.periods.clone(),
        balanced: summary.balanced,
        rows_lacking: summary.rows_lacking as u64,
        never_treated_units: summary.never_treated as u64,
        cohorts: summary.cohorts.iter().map(cohort).collect(),
        staggered: summary.staggered,
        cluster: summary.cluster.clone(),
        clusters: summary.clusters as u64,
        event_study,
        event_study_estimator,
        by_cohort: parts(Aggregation::Group),
        by_period: parts(Aggregation::Calendar),
        pre_trend: estimates.event_study.as_ref().and_then(pre_trend),
        two_way_weights: estimates.two_way.as_ref().map(weights),
        placebo_in_time: placebo.map(placebo_in_time),
        without_cohort: without.map(without_cohort).unwrap_or_default(),
        trend_breakdown: breakdown.map(|found| contract::TrendBreakdown {
            largest_before: found.largest_change,
            breakdown: found.breakdown,
            finding: found.finding.clone(),
        }),
    }
}

fn cohort(cohort: &causal::panel::Cohort) -> contract::Cohort {
    contract::Cohort {
        start: cohort.start.clone(),
        units: cohort.units as u64,
        periods_before: cohort.start_position as u64,
    }
}

fn part(part: &Part) -> contract::PartEffect {
    let Effect { value, standard_error, interval, .. } = part.effect;
    contract::PartEffect {
        label: part.label.clone(),
        estimate: value,
        standard_error,
        interval: report::interval(interval),
    }
}

/// By periods since the start: the group-time effects, else the coefficients of the regression.
fn events(estimates: &Estimates) -> (Vec<contract::EventEffect>, Option<Estimator>) {
    let found = estimates.group_time.as_ref();
    let dynamic = found.and_then(|found| found.aggregates.iter().find(|one| one.aggregation == Aggregation::Dynamic));
    if let Some(dynamic) = dynamic {
        let mut told: Vec<contract::EventEffect> = dynamic.parts.iter().filter_map(of_part).collect();
        told.push(reference());
        told.sort_by_key(|event| event.event_time);
        return (told, Some(Estimator::CallawaySantanna));
    }
    let Some(study) = &estimates.event_study else { return (Vec::new(), None) };
    (study.coefficients.iter().map(of_coefficient).collect(), Some(Estimator::TwoWayFixedEffects))
}

fn of_part(part: &Part) -> Option<contract::EventEffect> {
    let Effect { value, standard_error, interval, band, .. } = part.effect;
    Some(contract::EventEffect {
        event_time: part.event_time?,
        estimate: value,
        standard_error: Some(standard_error),
        interval: Some(report::interval(interval)),
        band: band.map(report::interval),
        reference: false,
    })
}

const fn reference() -> contract::EventEffect {
    contract::EventEffect {
        event_time: -1,
        estimate: 0.0,
        standard_error: None,
        interval: None,
        band: None,
        reference: true,
    }
}

fn of_coefficient(found: &causal::panel::EventCoefficient) -> contract::EventEffect {
    if found.reference {
        return reference();
    }
    contract::EventEffect {
        event_time: found.event_time,
        estimate: found.coefficient.value,
        standard_error: Some(found.coefficient.standard_error),
        interval: Some(report::interval(found.coefficient.interval)),
        band: None,
        reference: false,
    }
}

fn pre_trend(study: &EventStudy) -> Option<contract::PreTrend> {
    let test = study.pre_trend.as_ref()?;
    Some(contract::PreTrend {
        statistic: test.f_statistic,
        numerator_degrees_of_freedom: test.degrees_of_freedom as f64,
        denominator_degrees_of_freedom: test.denominator,
        p_value: test.p_value,
        flagged: test.flagged,
        finding: test.finding.clone(),
    })
}

fn weights(found: &TwoWayEstimate) -> contract::TwoWayWeights {
    contract::TwoWayWeights {
        treated_rows: found.negative_weights.treated_rows as u64,
        negative_rows: found.negative_weights.rows as u64,
        negative_sum: found.negative_weights.sum,
        forbidden_weight: found.comparisons.as_ref().map(|comparisons| comparisons.forbidden_weight),
    }
}

fn placebo_in_time(found: &PlaceboInTime) -> contract::PlaceboInTime {
    contract::PlaceboInTime {
        start: found.start.clone(),
        estimate: found.effect.value,
        standard_error: found.effect.standard_error,
        p_value: found.effect.p_value,
        flagged: found.flagged,
        finding: found.finding.clone(),
    }
}

fn without_cohort(found: &LeaveOneCohortOut) -> Vec<contract::WithoutCohort> {
    let cohort = |cohort: &causal::panel::CohortLeftOut| contract::WithoutCohort {
        start: cohort.start.clone(),
        estimate: cohort.value,
        flagged: cohort.flagged,
    };
    found.cohorts.iter().map(cohort).collect()
}

/// Rows alone, where nothing compares two arms.
pub(in super::super) fn rows_alone(given: usize, used: usize) -> contract::Diagnostics {
    contract::Diagnostics {
        rows_given: given as u64,
        rows_used: used as u64,
        rows_dropped: (given - used) as u64,
        missing: Vec::new(),
        absorbed: None,
        balance: contract::Balance {
            measure: "not measured here: it compares two arms with one row a unit".to_owned(),
            threshold: causal::diagnostics::IMBALANCE_THRESHOLD,
            largest: 0.0,
            rows: Vec::new(),
        },
        columns: Vec::new(),
        split: None,
        joint_balance: None,
    }
}

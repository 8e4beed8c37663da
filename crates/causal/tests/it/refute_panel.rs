//! Refuters of panel estimates and the breakdown of trends: sound panels, planted faults, the formula.

use causal::panel::{
    Adoption, ComparisonUnits, EventStudyOptions, GroupTimeOptions, Panel, PanelEstimator, PanelInference,
    PanelOptions, PanelStudy, PanelTime, callaway_santanna, event_study, panel_refuters, trend_breakdown,
    two_way_fixed_effects,
};
use causal::refute::{AgainPlan, Original, Refuter};
use causal::synthetic;
use causal::{CategoricalColumn, Covariate, Interval, MissingValues, NumericColumn};

const PLAN: AgainPlan = AgainPlan { simulations: 40, seed: 3, most_row_fits: usize::MAX, most_rows: usize::MAX };

/// Units by ten periods with starts 4, 6, 8 or never and an effect of one; `change` gets unit, period and outcome.
fn changed(units: usize, seed: u64, change: impl Fn(usize, usize, f64) -> f64) -> Panel {
    let source = synthetic::staggered(units * 10, seed);
    let numbers = |name: &str| NumericColumn::new(name, source.column(name).unwrap().to_vec());
    let texts: Vec<String> = source.column("unit").unwrap().iter().map(|unit| format!("{unit:06}")).collect();
    let outcome = numbers("y").values.iter().enumerate().map(|(row, y)| change(row / 10, row % 10, *y)).collect();
    let study = PanelStudy {
        unit: CategoricalColumn::from_texts("unit", texts.iter().map(|text| Some(text.as_str()))),
        time: PanelTime::Numbers(numbers("time")),
        adoption: Adoption::Start { column: PanelTime::Numbers(numbers("g")), never: Some(0.0) },
        outcome: NumericColumn::new("y", outcome),
        covariates: vec![Covariate::Numeric(numbers("x1"))],
        clusters: None,
        missing: MissingValues::Refuse,
    };
    Panel::prepare(study, &PanelOptions::default()).unwrap()
}

pub(crate) fn flat(units: usize, seed: u64) -> Panel {
    changed(units, 500 + seed, |_, _, outcome| outcome)
}

const NEVER: PanelEstimator = PanelEstimator::CallawaySantanna { comparison: ComparisonUnits::NeverTreated };

fn original(panel: &Panel, estimator: PanelEstimator) -> Original {
    if estimator == PanelEstimator::TwoWayFixedEffects {
        let effect = two_way_fixed_effects(panel, &PanelInference::default()).unwrap().effect;
        return Original::new("two_way_fixed_effects", effect.value, effect.standard_error);
    }
    let effect = callaway_santanna(panel, &GroupTimeOptions::default()).unwrap().aggregates[1].overall;
    Original::new("callaway_santanna", effect.value, effect.standard_error)
}

#[test]
fn a_sound_panel_passes() {
    let panel = flat(120, 1);
    for estimator in [PanelEstimator::TwoWayFixedEffects, NEVER] {
        let original = original(&panel, estimator);
        let found = panel_refuters(&panel, estimator, &original, &PLAN).unwrap();
        let refuters: Vec<Refuter> = found.iter().map(|one| one.refuter).collect();
        assert_eq!(refuters, crate::soundness::REFUTERS);
        for one in &found {
            assert!(!one.flagged, "{}", one.finding);
            assert_eq!((one.simulations, one.failed_simulations, one.simulations_asked), (40, 0, 40));
            assert_eq!((one.estimator.as_str(), one.warnings.len()), (original.estimator.as_str(), 0));
        }
        assert_eq!([found[0].rows, found[2].rows, found[3].rows], [1200, 960, 600]);
        let ratio = found[3].standard_deviation / original.standard_error;
        assert!((0.65..1.45).contains(&ratio), "{ratio}");
        assert!(found[1].standard_deviation < 0.2 * original.standard_error);
        assert_eq!(found, panel_refuters(&panel, estimator, &original, &PLAN).unwrap());
    }
}

#[test]
fn half_the_error_and_one_unit_are_found() {
    let panel = flat(120, 2);
    for estimator in [PanelEstimator::TwoWayFixedEffects, NEVER] {
        let mut claimed = original(&panel, estimator);
        claimed.standard_error *= 0.5;
        let found = panel_refuters(&panel, estimator, &claimed, &PLAN).unwrap();
        assert!(found[3].flagged && found[3].finding.contains("too narrow"), "{}", found[3].finding);
    }
    // One treated unit jumps at the start of its treatment and makes the effect; an error from rows as if
    // they were independent would hide it, so a third of the clustered one is claimed.
    let starts = synthetic::staggered(1200, 502);
    let unit = starts.column("g").unwrap().iter().position(|&g| (g - 6.0).abs() < 0.5).unwrap() / 10;
    let carried =
        changed(120, 502, |own, period, outcome| if own == unit && period >= 5 { outcome + 90.0 } else { outcome });
    let mut claimed = original(&carried, PanelEstimator::TwoWayFixedEffects);
    claimed.standard_error /= 4.0;
    let found = panel_refuters(&carried, PanelEstimator::TwoWayFixedEffects, &claimed, &PLAN).unwrap();
    assert!(found[2].flagged && found[2].finding.contains("some units carry it"), "{}", found[2].finding);
}

#[test]
fn gaps_and_clusters_are_borne() {
    let panel = crate::panel::prepared(crate::panel::staggered(true, &["price"], Some("region")));
    for estimator in [PanelEstimator::TwoWayFixedEffects, NEVER] {
        let original = original(&panel, estimator);
        for one in panel_refuters(&panel, estimator, &original, &PLAN).unwrap() {
            assert_eq!(one.failed_simulations, 0, "{:?}", one.warnings);
            let clusters = matches!(one.refuter, Refuter::DataSubset | Refuter::Bootstrap);
            assert_eq!(
                clusters,
                one.method.contains(" cluster") && !one.method.contains("(clusters"),
                "{}",
                one.method
            );
        }
    }
}

#[test]
fn a_budget_takes_whole_units() {
    let panel = flat(400, 3);
    let original = original(&panel, PanelEstimator::TwoWayFixedEffects);
    let plan = AgainPlan { simulations: 30, most_row_fits: 62_000, ..PLAN };
    let found = panel_refuters(&panel, PanelEstimator::TwoWayFixedEffects, &original, &plan).unwrap();
    assert_eq!((found[0].rows, found[1].rows, found[3].rows), (2066, 2000, 1033));
    for one in &found {
        assert!(!one.flagged && one.simulations == 30, "{}", one.finding);
        assert!(one.warnings[0].message.contains("random subsample"), "{}", one.warnings[0].message);
        assert!(one.method.contains("whole units"), "{}", one.method);
    }
}

#[test]
fn trends_break_down_by_the_formula() {
    // Treated units part from the others by `early` between the second and third period before the start.
    let panel = changed(300, 9, |_, _, outcome| outcome);
    let study = event_study(&panel, &EventStudyOptions::default()).unwrap();
    let overall = Interval { confidence: 0.95, lower: 0.6, upper: 1.2 };
    let found = trend_breakdown(&study, overall).unwrap();
    let value = |event: i64| {
        study.coefficients.iter().find(|own| own.event_time == event).map(|own| own.coefficient.value).unwrap()
    };
    let (from, to) = found.between;
    assert!(to == from + 1 && to < 0);
    assert!((found.largest_change - (value(to) - value(from)).abs()).abs() < 1e-12);
    for event in -found.leads.cast_signed() as i64..-1 {
        assert!((value(event) - value(event + 1)).abs() <= found.largest_change + 1e-12);
    }
    let after: Vec<_> = study.coefficients.iter().filter(|own| own.event_time >= 0).collect();
    let rows: usize = after.iter().map(|own| own.rows).sum();
    let exposure: f64 =
        after.iter().map(|own| own.rows as f64 * (own.event_time + 1) as f64).sum::<f64>() / rows as f64;
    assert!((found.breakdown - 0.6 / (found.largest_change * exposure)).abs() < 1e-12);
    let weak = trend_breakdown(&study, Interval { confidence: 0.95, lower: -0.1, upper: 1.2 }).unwrap();
    assert!(weak.breakdown.abs() < 1e-12 && weak.finding.contains("includes zero"));
    let negative = trend_breakdown(&study, Interval { confidence: 0.95, lower: -1.2, upper: -0.6 }).unwrap();
    assert!((negative.breakdown - found.breakdown).abs() < 1e-12);
    let mut short = study;
    short.coefficients.retain(|own| own.event_time >= -2);
    assert!(trend_breakdown(&short, overall).is_none());
}

//! Group-time effects against csdid (a port of R's `did`), bands, placebos, and known truth.
//!
//! `panel_staggered.json` holds what csdid 0.4.3 gives on `panel_staggered.csv`, analytic errors.

use causal::panel::{
    Adjustment, Adoption, Aggregation, BasePeriod, Bootstrap, ComparisonUnits, Effect, GroupTimeOptions, Multiplier,
    Panel, PanelError, PanelEstimator, PanelInference, PanelOptions, PanelStudy, PanelTime, PanelWarningCode,
    callaway_santanna, leave_one_cohort_out, placebo_in_time, placebo_in_unit, two_way_fixed_effects,
};
use causal::refute::Plan;
use causal::synthetic;
use causal::{CategoricalColumn, MissingValues, NumericColumn};

use crate::panel::{prepared, staggered};
use crate::published::close;

fn peers() -> Vec<serde_json::Value> {
    let path = "../../testdata/panel_staggered.json";
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
fn same(found: &Effect, value: &serde_json::Value, error: &serde_json::Value) {
    close(found.value, value.as_f64().unwrap());
    close(found.standard_error, error.as_f64().unwrap());
}

#[test]
fn effects_and_averages_agree_with_csdid() {
    let peers = peers();
    assert_eq!(peers.len(), 6);
    for peer in &peers {
        let comparison = match peer["comparison"].as_str().unwrap() {
            "nevertreated" => ComparisonUnits::NeverTreated,
            _ => ComparisonUnits::NotYetTreated,
        };
        let adjustment = match peer["adjustment"].as_str().unwrap() {
            "unadjusted" => Adjustment::Unadjusted,
            "reg" => Adjustment::OutcomeRegression,
            _ => Adjustment::DoublyRobust,
        };
        let options = GroupTimeOptions { comparison, adjustment, ..GroupTimeOptions::default() };
        let found = callaway_santanna(&prepared(staggered(false, &["size"], None)), &options).unwrap();
        let cells = peer["cells"].as_array().unwrap();
        assert_eq!(found.effects.len(), cells.len());
        for (own, cell) in found.effects.iter().zip(cells) {
            assert_eq!((&own.cohort, &own.period), (&cell["cohort"].to_string(), &cell["period"].to_string()));
            same(&own.effect, &cell["value"], &cell["standard_error"]);
        }
        for (own, name) in found.aggregates.iter().zip(["simple", "group", "dynamic", "calendar"]) {
            let aggregate = &peer["aggregates"][name];
            same(&own.overall, &aggregate["overall"], &aggregate["standard_error"]);
            let parts = aggregate["parts"].as_array().unwrap();
            assert_eq!(own.parts.len(), parts.len());
            for (own, part) in own.parts.iter().zip(parts) {
                assert_eq!(own.label, part["label"].to_string());
                same(&own.effect, &part["value"], &part["standard_error"]);
            }
        }
    }
}

/// With one cohort, two periods and no covariates all methods are the same difference in differences.
#[test]
fn one_cohort_and_two_periods_are_a_two_by_two() {
    let unit: Vec<String> = (0..40).map(|unit| format!("u{}", unit / 2)).collect();
    let noise = |row: usize| ((row * 37 + 11) % 23) as f64 / 7.0;
    let study = PanelStudy {
        unit: CategoricalColumn::from_texts("unit", unit.iter().map(|unit| Some(unit.as_str()))),
        time: PanelTime::Numbers(NumericColumn::new("time", (0..40).map(|row| f64::from(row % 2)).collect())),
        adoption: Adoption::Path(NumericColumn::new(
            "d",
            (0..40).map(|row| f64::from(u8::from(row % 2 == 1 && row < 18))).collect(),
        )),
        outcome: NumericColumn::new("y", (0..40).map(noise).collect()),
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    };
    let panel = prepared(study);
    let two_way = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap();
    let found = callaway_santanna(&panel, &GroupTimeOptions::default()).unwrap();
    close(found.aggregates[0].overall.value, two_way.effect.value);
    close(found.effects[0].effect.value, two_way.effect.value);
    assert!(two_way.warnings.iter().all(|warning| warning.code != PanelWarningCode::StaggeredTwoWay));
}

fn with_bands(seed: u64, multiplier: Multiplier) -> GroupTimeOptions {
    let bootstrap = Some(Bootstrap { draws: 999, seed, multiplier });
    GroupTimeOptions { bootstrap, ..GroupTimeOptions::default() }
}

#[test]
fn bands_are_wider_than_intervals_and_repeat_with_their_seed() {
    let panel = prepared(staggered(true, &["size"], Some("region")));
    for multiplier in [Multiplier::Rademacher, Multiplier::Mammen] {
        let found = callaway_santanna(&panel, &with_bands(7, multiplier)).unwrap();
        let critical = found.band_critical_value.unwrap();
        // Below Bonferroni's value for 21 effects, above that of one interval.
        assert!(critical > 2.2 && critical < 3.2, "{critical}");
        for own in &found.effects {
            let band = own.effect.band.unwrap();
            assert!(band.lower < own.effect.interval.lower && band.upper > own.effect.interval.upper);
        }
        assert_eq!(found, callaway_santanna(&panel, &with_bands(7, multiplier)).unwrap());
        assert_ne!(found, callaway_santanna(&panel, &with_bands(8, multiplier)).unwrap());
        assert_eq!((found.clusters, found.units), (15, 90));
    }
    let few = GroupTimeOptions {
        bootstrap: Some(Bootstrap { draws: 10, seed: 1, multiplier: Multiplier::Mammen }),
        ..GroupTimeOptions::default()
    };
    assert!(callaway_santanna(&panel, &few).unwrap_err().to_string().contains("bootstrap draws is 10"));
}

#[test]
fn a_universal_base_changes_only_what_lies_before() {
    let panel = prepared(staggered(false, &[], None));
    let universal = GroupTimeOptions { base: BasePeriod::Universal, ..GroupTimeOptions::default() };
    let (varying, universal) = (
        callaway_santanna(&panel, &GroupTimeOptions::default()).unwrap(),
        callaway_santanna(&panel, &universal).unwrap(),
    );
    assert!(universal.effects.iter().all(|own| own.event_time != -1));
    for own in universal.effects.iter().filter(|own| own.event_time >= 0) {
        let other =
            varying.effects.iter().find(|other| (&other.cohort, &other.period) == (&own.cohort, &own.period)).unwrap();
        assert_eq!(own, other);
    }
    close(universal.aggregates[1].overall.value, varying.aggregates[1].overall.value);
}

/// Two hundred panels of 200 units with effects that grow: Callaway-Sant'Anna covers the truth,
/// two-way fixed effects do not.
#[test]
fn growing_effects_are_covered_where_two_way_fixed_effects_are_not() {
    let (mut covered, mut two_way_covered) = (0, 0);
    for seed in 0..200 {
        let panel = growing(200, seed);
        let found = callaway_santanna(&panel, &GroupTimeOptions::default()).unwrap();
        // Cohorts 2, 4 of 0..6 with effects 1, 2, 3, ...: by cohort 2.5 and 1.5.
        let group = &found.aggregates[1];
        assert_eq!(group.aggregation, Aggregation::Group);
        let truth = [2.5, 1.5];
        covered += group
            .parts
            .iter()
            .zip(truth)
            .filter(|(part, truth)| part.effect.interval.lower < *truth && *truth < part.effect.interval.upper)
            .count();
        let two_way = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap().effect.interval;
        two_way_covered += usize::from(two_way.lower < 2.0 && 2.0 < two_way.upper);
    }
    assert!((370..=392).contains(&covered), "{covered} of 400");
    assert!(two_way_covered < 100, "{two_way_covered} of 200");
}

fn growing(units: usize, seed: u64) -> Panel {
    let source = synthetic::staggered(units * 10, seed);
    let noise = source.column("y").unwrap();
    let (treated, x) = (source.column("d").unwrap(), source.column("x1").unwrap());
    let (mut unit, mut time, mut start, mut outcome) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for one in 0..units {
        let first = [0.0, 2.0, 4.0, 0.0, 4.0][one % 5];
        for period in 0..6 {
            let row = one * 10 + period;
            let since = if first > 0.0 { (period as f64 - first + 1.0).max(0.0) } else { 0.0 };
            unit.push(format!("{one:04}"));
            time.push(period as f64);
            start.push(first);
            outcome.push(noise[row] - treated[row] - 0.5 * x[row] + since);
        }
    }
    prepared(PanelStudy {
        unit: CategoricalColumn::from_texts("unit", unit.iter().map(|unit| Some(unit.as_str()))),
        time: PanelTime::Numbers(NumericColumn::new("time", time)),
        adoption: Adoption::Start { column: PanelTime::Numbers(NumericColumn::new("start", start)), never: Some(0.0) },
        outcome: NumericColumn::new("y", outcome),
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    })
}

#[test]
fn without_never_treated_units_later_starters_serve() {
    let mut study = staggered(false, &[], None);
    let Adoption::Start { column: PanelTime::Numbers(start), .. } = &mut study.adoption else { panic!("numbers") };
    start.values.iter_mut().for_each(|start| *start = if *start > 0.0 { *start } else { 7.0 });
    let panel = Panel::prepare(study, &PanelOptions::default()).unwrap();
    assert!(panel.warnings().iter().any(|warning| warning.code == PanelWarningCode::NoNeverTreated));
    let error = callaway_santanna(&panel, &GroupTimeOptions::default()).unwrap_err();
    assert!(matches!(error, PanelError::NoNeverTreated { units: 90 }), "{error}");
    let options = GroupTimeOptions { comparison: ComparisonUnits::NotYetTreated, ..GroupTimeOptions::default() };
    let found = callaway_santanna(&panel, &options).unwrap();
    assert!(found.effects.iter().all(|own| own.event_time < 0 || own.period.parse::<f64>().unwrap() < 7.0));
    let warning = found.warnings.iter().find(|warning| warning.code == PanelWarningCode::EffectsLeftOut).unwrap();
    assert!(warning.message.contains("start 4 in 7"), "{}", warning.message);
}

#[test]
fn placebos_find_nothing_where_nothing_is() {
    let panel = growing(100, 3);
    let time = placebo_in_time(&panel, &PanelInference::default()).unwrap();
    assert_eq!((time.start.as_str(), time.periods.len()), ("1", 2));
    assert!(time.effect.value.abs() < 4.0 * time.effect.standard_error);
    let plan = Plan { simulations: 99, seed: 5 };
    let calm = placebo_in_unit(&panel, PanelEstimator::TwoWayFixedEffects, plan).unwrap();
    assert_eq!((calm.simulations, calm.flagged), (99, false));
    close(calm.p_value, 0.01);
    assert!(calm.mean.abs() < 4.0 * calm.standard_deviation / 99.0_f64.sqrt());
    assert_eq!(calm, placebo_in_unit(&panel, PanelEstimator::TwoWayFixedEffects, plan).unwrap());
    let estimator = PanelEstimator::CallawaySantanna { comparison: ComparisonUnits::NotYetTreated };
    let calm = placebo_in_unit(&panel, estimator, Plan { simulations: 19, seed: 5 }).unwrap();
    assert_eq!((calm.simulations, calm.flagged), (19, false));
}

/// The demonstration: confounded and staggered, the effect grows and differs.
#[test]
fn the_demonstration_panel_has_the_truth_it_tells() {
    let data = synthetic::prescribers(1_500, 24, 20_261_124);
    assert_eq!(data, synthetic::prescribers(1_500, 24, 20_261_124));
    assert!(data.data_origin.iter().all(|origin| origin == "synthetic"));
    let texts = |name: &str, values: &[String]| {
        CategoricalColumn::from_texts(name, values.iter().map(|text| Some(text.as_str())))
    };
    let starts = data.programme_start.iter().map(Option::as_deref);
    let panel = prepared(PanelStudy {
        unit: texts("prescriber", &data.prescriber),
        time: PanelTime::Labels(texts("month", &data.month)),
        adoption: Adoption::Start {
            column: PanelTime::Labels(CategoricalColumn::from_texts("programme_start", starts)),
            never: None,
        },
        outcome: NumericColumn::new("new_prescriptions", data.new_prescriptions.clone()),
        covariates: Vec::new(),
        clusters: None,
        missing: MissingValues::Refuse,
    });
    let summary = panel.summary();
    let starts: Vec<&str> = summary.cohorts.iter().map(|cohort| cohort.start.as_str()).collect();
    assert_eq!((starts, summary.balanced), (vec!["2023-09", "2024-01", "2024-05"], true));
    assert!(summary.never_treated > 500);
    let mean = |joined: bool| {
        let early = data.new_prescriptions.iter().zip(&data.programme_start).zip(&data.month);
        let own: Vec<f64> = early
            .filter(|((_, start), month)| start.is_some() == joined && month.as_str() < "2023-09")
            .map(|((value, _), _)| *value)
            .collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    assert!(mean(true) - mean(false) > 2.0, "those who join prescribe more beforehand");
    let found = callaway_santanna(&panel, &GroupTimeOptions::default()).unwrap();
    let simple = found.aggregates[0].overall;
    assert!(
        (simple.value - data.true_effect).abs() < 3.0 * simple.standard_error,
        "{} {}",
        simple.value,
        data.true_effect
    );
    let dynamic = found.aggregates[2].parts.iter().filter(|part| part.event_time.unwrap() >= 0);
    for (part, truth) in dynamic.zip(&data.true_effect_by_event_time) {
        assert!((part.effect.value - truth).abs() < 4.0 * part.effect.standard_error, "{} {truth}", part.label);
    }
    assert!(!placebo_in_time(&panel, &PanelInference::default()).unwrap().flagged);
}

/// The shortcut of the placebos gives what the whole estimator gives.
#[test]
fn placebos_in_unit_are_the_estimator_on_permuted_starts() {
    let panel = prepared(staggered(true, &["price"], None));
    let fast = placebo_in_unit(&panel, PanelEstimator::TwoWayFixedEffects, Plan { simulations: 20, seed: 1 }).unwrap();
    let whole = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap();
    close(fast.original, whole.effect.value);
    assert_eq!(fast.failed_simulations, 0);
    assert!(fast.mean.abs() < 1.0);
}

#[test]
fn a_cohort_that_makes_the_result_is_named() {
    let panel = prepared(staggered(false, &[], None));
    let whole = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap().effect;
    let found = leave_one_cohort_out(&panel, PanelEstimator::TwoWayFixedEffects, whole.interval).unwrap();
    assert_eq!(found.cohorts.len(), 3);
    assert!(!found.flagged, "{}", found.finding);
    let mut study = staggered(false, &[], None);
    let Adoption::Start { column: PanelTime::Numbers(start), .. } = &study.adoption else { panic!("numbers") };
    let starts = start.values.clone();
    let PanelTime::Numbers(time) = &study.time else { panic!("numbers") };
    let path: Vec<bool> =
        starts.iter().zip(&time.values).map(|(start, time)| (*start - 5.0).abs() < 0.5 && time >= start).collect();
    study.outcome.values.iter_mut().zip(path).for_each(|(value, treated)| *value += if treated { 9.0 } else { 0.0 });
    let panel = prepared(study);
    let whole = two_way_fixed_effects(&panel, &PanelInference::default()).unwrap().effect;
    let found = leave_one_cohort_out(&panel, PanelEstimator::TwoWayFixedEffects, whole.interval).unwrap();
    assert!(found.flagged && found.cohorts[1].flagged && found.finding.contains("starts in"), "{}", found.finding);
    // Without it the estimate is what it was before.
    assert!(found.original > 3.0 && found.cohorts[1].value.unwrap() < 2.5);
}

#[test]
fn a_placebo_in_time_needs_two_periods_before() {
    let mut study = staggered(false, &[], None);
    let Adoption::Start { column: PanelTime::Numbers(start), .. } = &mut study.adoption else { panic!("numbers") };
    start.values[..8].fill(2.0);
    let error = placebo_in_time(&prepared(study), &PanelInference::default()).unwrap_err().to_string();
    assert!(error.contains("at least 2 periods before the first start (2); there are 1"), "{error}");
}

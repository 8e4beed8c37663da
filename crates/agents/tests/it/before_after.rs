//! `causal_impact` on data with a before and an after: two times, panels, a baseline; and on several arms.

use std::fmt::Write as _;

use domain::agents::causal_impact::{CausalImpactResult, Estimator, PanelReport, TreatmentReport};
use serde_json::{Value, json};

use crate::stored::{Stored, published};

fn run(table: &Stored, parameters: &Value) -> CausalImpactResult {
    serde_json::from_value(table.run("causal_impact", parameters).unwrap().0).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} differs from the reference {expected}");
}

/// The rows of a table in which a column has a value.
fn with(text: &str, column: &str, value: &str) -> String {
    let place = text.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let kept = lines.filter(|line| line.split(',').nth(place) == Some(value));
    std::iter::once(header).chain(kept).flat_map(|line| [line, "\n"]).collect()
}

/// Columns with numbers as a file.
fn csv(columns: &[(String, Vec<f64>)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..columns[0].1.len() {
        let values: Vec<String> = columns.iter().map(|(_, values)| values[row].to_string()).collect();
        text += &(values.join(",") + "\n");
    }
    text
}

/// Kiel and `McClain` 1995 (Wooldridge, example 13.3); Meyer, Viscusi and Durbin 1995 (example 13.4).
#[test]
fn two_groups_at_two_times_agree_with_the_published_values() {
    let houses = Stored::new(&published("kielmc.csv"));
    let question = json!({"outcome": "rprice", "treatment": "nearinc", "time": "y81", "standard_error": "classical"});
    let result = run(&houses, &question);
    close(result.estimate, -11_863.903_252_112_585);
    close(result.standard_error, 7_456.646_173_258_858);
    assert_eq!(result.estimator, Estimator::TwoByTwo);
    let Some(PanelReport::TwoTimes(cells)) = &result.panel else { panic!("no cells") };
    assert_eq!((cells.before.as_str(), cells.after.as_str()), ("0", "1"));
    assert_eq!(cells.treated_rows.iter().chain(&cells.comparison_rows).sum::<u64>(), 321);
    assert!(result.summary[2].contains("parallel"), "{:?}", result.summary);
    assert_eq!(result.refutations.len(), 4);
    assert!(result.refutations.iter().all(|found| found.simulations == 100 && found.rows > 0));

    let kentucky = Stored::new(&with(&published("injury.csv.gz"), "ky", "1"));
    let question =
        json!({"outcome": "ldurat", "treatment": "highearn", "time": "afchnge", "standard_error": "classical"});
    let result = run(&kentucky, &question);
    close(result.estimate, 0.190_601_200_658_683_88);
    close(result.standard_error, 0.068_508_905_323_170_24);
}

fn staggered(rows: usize) -> Stored {
    Stored::new(&csv(&causal::synthetic::staggered(rows, 5).columns))
}

#[test]
fn a_staggered_panel_is_answered_by_group_time_effects() {
    let table = staggered(5_000);
    let by_start =
        json!({"outcome": "y", "unit": "unit", "time": "time", "treatment_start": "g", "never_treated_value": "0"});
    let result = run(&table, &by_start);
    assert_eq!(result.estimator, Estimator::CallawaySantanna);
    assert!(
        (result.estimate - 1.0).abs() < 3.0 * result.standard_error,
        "{} ({})",
        result.estimate,
        result.standard_error
    );
    assert_eq!(result.finding, "no red flags found");
    assert_eq!(result.estimates.len(), 2);
    let Some(PanelReport::Panel(panel)) = &result.panel else { panic!("no panel") };
    assert!(panel.staggered && panel.balanced);
    assert_eq!((panel.units, panel.periods.len(), panel.cohorts.len()), (500, 10, 3));
    let times: Vec<i64> = panel.event_study.iter().map(|event| event.event_time).collect();
    assert!(times.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{times:?}");
    assert!(panel.event_study.iter().any(|event| event.reference));
    assert!(result.warnings.iter().any(|warning| warning.code == "staggered_two_way"), "{:?}", result.warnings);
    let TreatmentReport::Adoption { treated_units, untreated_units } = result.treatment else { panic!("no units") };
    assert_eq!(treated_units + untreated_units, 500);

    // The same told by a path of 0 and 1.
    let by_path = run(&table, &json!({"outcome": "y", "unit": "unit", "time": "time", "treatment": "d"}));
    assert_eq!(by_path.estimate.to_bits(), result.estimate.to_bits());
    // The regression at the head is a red flag here.
    let head =
        json!({"outcome": "y", "unit": "unit", "time": "time", "treatment": "d", "estimator": "two_way_fixed_effects"});
    assert!(run(&table, &head).red_flags.iter().any(|flag| flag.check == "staggered"));
}

#[test]
fn a_panel_that_is_none_is_refused_by_row() {
    let refused = |text: &str| {
        let parameters = json!({"outcome": "y", "unit": "u", "time": "t", "treatment": "d"});
        Stored::new(text).run("causal_impact", &parameters).map(|_| ()).unwrap_err().to_string()
    };
    let twice = refused("u,t,d,y\na,1,0,1\na,1,0,2\nb,1,0,3\nb,2,1,4\n");
    assert!(twice.contains("rows 1 and 2") && twice.contains("`a`"), "{twice}");
    let gap = refused("u,t,d,y\na,1,0,1\na,2,1,2\nb,1,0,3\nc,1,0,3\nc,2,0,4\n");
    assert!(gap.contains("gaps") && gap.contains("b at 2"), "{gap}");
    let off = refused("u,t,d,y\na,1,0,1\na,2,1,2\na,3,0,2\nb,1,0,3\nb,2,0,4\nb,3,0,4\n");
    assert!(off.contains("switches off"), "{off}");
}

#[test]
fn trends_that_part_before_the_start_are_a_red_flag() {
    let mut data = causal::synthetic::staggered(5_000, 5);
    let column = |name: &str| data.column(name).unwrap().to_vec();
    let (time, start) = (column("time"), column("g"));
    let (_, outcome) = data.columns.iter_mut().find(|(name, _)| name == "y").unwrap();
    for (value, (time, start)) in outcome.iter_mut().zip(time.iter().zip(&start)) {
        *value += if *start > 0.0 { 0.4 * time } else { 0.0 };
    }
    let result = run(
        &Stored::new(&csv(&data.columns)),
        &json!({"outcome": "y", "unit": "unit", "time": "time", "treatment": "d"}),
    );
    let checks: Vec<&str> = result.red_flags.iter().map(|flag| flag.check.as_str()).collect();
    assert!(checks.contains(&"pre_trend") && checks.contains(&"placebo_in_time"), "{checks:?}");
}

#[test]
fn the_outcome_before_is_held_fixed_taken_off_and_asked_itself() {
    let table = Stored::new(&published("nsw.csv"));
    let covariates = ["age", "educ", "black", "hisp", "marr", "nodegree"];
    let result = run(
        &table,
        &json!({"outcome": "re78", "treatment": "treat", "covariates": covariates, "baseline": "re75", "design": "randomised"}),
    );
    assert_eq!(result.estimator, Estimator::Ancova);
    let pair = result.before_after.unwrap();
    assert!(pair.bracket.lower < result.estimate && result.estimate < pair.bracket.upper);
    let [control] = result.negative_controls.as_slice() else { panic!("one negative control") };
    assert!(control.baseline && control.outcome == "re75" && !control.flagged);
}

#[test]
fn an_effect_on_what_was_before_is_a_red_flag() {
    let table = Stored::new(&crate::stored::nsw_with_cps());
    let result = run(
        &table,
        &json!({
            "outcome": "re78", "treatment": "treat", "covariates": ["age", "educ", "black", "hisp", "marr", "nodegree"],
            "negative_controls": ["re75"], "estimator": "regression_adjustment", "simulations": 20,
        }),
    );
    let flag = result.red_flags.iter().find(|flag| flag.check == "negative_control").unwrap();
    assert!(flag.message.contains("`re75`"), "{}", flag.message);
}

#[test]
fn a_linear_model_that_does_not_fit_is_told_by_disagreement() {
    let data = causal::synthetic::observational(10_000, 1);
    let covariates: Vec<String> = (1..=causal::synthetic::COVARIATES).map(|number| format!("x{number}")).collect();
    let table = Stored::new(&csv(&data.columns));
    let result = run(&table, &json!({"outcome": "y", "treatment": "t", "covariates": covariates, "simulations": 20}));
    let flag = result.red_flags.iter().find(|flag| flag.check == "agreement").unwrap();
    assert!(flag.message.contains("the linear model does not fit"), "{}", flag.message);
    assert!(
        (result.estimate - 2.0).abs() < 3.0 * result.standard_error,
        "{} ({})",
        result.estimate,
        result.standard_error
    );
    assert_eq!(result.estimator, Estimator::AipwBoosted);
    assert!(result.not_computed.is_empty(), "{:?}", result.not_computed);
}

#[test]
fn an_effect_is_worth_what_it_gains_less_what_it_cost() {
    let table = Stored::new(&published("nsw.csv"));
    let question = json!({
        "outcome": "re78", "treatment": "treat", "design": "randomised", "value_per_unit": 0.2, "cost": 50_000.0,
    });
    let worth = run(&table, &question).worth.unwrap();
    close(worth.incremental_units, 185.0 * 1_794.342_404_270_27);
    close(worth.value, 0.2 * 185.0 * 1_794.342_404_270_27);
    let returned = worth.return_on_cost.unwrap();
    close(returned.ratio, worth.value / 50_000.0);
    // (66391 - 50000) / (671.00 * 185 * 0.2) = 0.660 errors above the cost.
    assert!((returned.probability_above_one - 0.745_5).abs() < 1e-3, "{}", returned.probability_above_one);
    assert!(worth.finding.contains("return of 1.328"), "{}", worth.finding);
}

#[test]
fn several_arms_are_each_compared_with_the_control() {
    let mut text = String::from("arm,x,y\n");
    for row in 0_u32..600 {
        let arm = ["none", "mail", "call"][(row % 3) as usize];
        let effect = [0.0, 1.0, 2.0][(row % 3) as usize];
        let x = f64::from(row * 7919 % 101) / 50.0 - 1.0;
        let noise = f64::from(row * 104_729 % 997) / 498.5 - 1.0;
        writeln!(text, "{arm},{x},{}", effect + x + noise).unwrap();
    }
    let table = Stored::new(&text);
    let result =
        run(&table, &json!({"outcome": "y", "treatment": "arm", "control_value": "none", "covariates": ["x"]}));
    let of = |arm: &str| {
        let head = result.contrasts.iter().filter(|contrast| contrast.estimator == result.estimator);
        head.clone().find(|contrast| contrast.arm == arm).cloned().unwrap()
    };
    let (mail, call) = (of("mail"), of("call"));
    assert!((mail.estimate - 1.0).abs() < 0.2 && (call.estimate - 2.0).abs() < 0.2, "{mail:?} {call:?}");
    assert!(call.adjusted_p_value >= call.p_value);
    assert!(result.summary[1].contains("other arms"), "{:?}", result.summary);
    let wrong = table.run("causal_impact", &json!({"outcome": "y", "treatment": "arm", "control_value": "nobody"}));
    assert!(wrong.map(|_| ()).unwrap_err().to_string().contains("has the values call, mail, none"));
}

#[test]
fn chosen_estimators_are_run_and_no_others() {
    let table = Stored::new(&published("nhefs.csv.gz"));
    let chosen = ["mahalanobis_matching", "propensity_matching", "inverse_propensity_weighting"];
    let result = run(
        &table,
        &json!({
            "outcome": "wt82_71", "treatment": "qsmk", "covariates": ["sex", "age", "wt71", "smokeintensity", "smokeyrs"],
            "estimators": chosen, "estimator": "mahalanobis_matching", "target": "treated", "missing": "drop_rows",
            "matches": 3, "simulations": 20,
        }),
    );
    let names: Vec<&str> = result.estimates.iter().map(|found| found.estimator.name()).collect();
    assert_eq!(names, chosen);
    for found in &result.estimates {
        // The published effects on these data lie between 2.4 and 4.5 kg (What If, chapters 12 to 14).
        assert!((2.4..4.5).contains(&found.estimate), "{} {}", found.estimator, found.estimate);
    }
}

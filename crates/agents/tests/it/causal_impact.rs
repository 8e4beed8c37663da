//! `causal_impact` on the published files, through the whole agent: text in the store to result.

use agents::AgentError;
use domain::agents::causal_impact::{CausalImpactResult, Estimator, Refuter, StandardError, TreatmentReport};
use serde_json::{Value, json};

use crate::stored::{Steps, Stored, nsw_with_cps, published};

const LALONDE: [&str; 8] = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];

fn lalonde(more: Value) -> Value {
    let mut parameters = json!({"outcome": "re78", "treatment": "treat", "covariates": LALONDE, "squared": ["age"]});
    merge(&mut parameters, more);
    parameters
}

fn merge(parameters: &mut Value, more: Value) {
    if let (Value::Object(parameters), Value::Object(more)) = (parameters, more) {
        parameters.extend(more);
    }
}

fn run(table: &Stored, parameters: &Value) -> (CausalImpactResult, Steps) {
    let (result, steps) = table.run("causal_impact", parameters).unwrap();
    (serde_json::from_value(result).unwrap(), steps)
}

fn refused(table: &Stored, parameters: &Value) -> String {
    match table.run("causal_impact", parameters) {
        Err(AgentError::User(message)) => message,
        other => panic!("not refused: {:?}", other.map(|(result, _)| result["finding"].clone())),
    }
}

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} differs from the published {expected}");
}

fn of(result: &CausalImpactResult, estimator: Estimator) -> (f64, f64) {
    let found = result.estimates.iter().find(|estimate| estimate.estimator == estimator).unwrap();
    (found.estimate, found.standard_error)
}

#[test]
fn the_experiment_agrees_with_the_published_values() {
    let table = Stored::new(&published("nsw.csv"));
    for (kind, means, regression) in [
        ("classical", 632.853_393_6, 639.344_087_1),
        ("hc1", 670.824_492_7, 676.890_753_9),
        ("hc2", 670.996_546_4, 677.116_354_6),
    ] {
        let (result, _) = run(&table, &lalonde(json!({"design": "randomised", "standard_error": kind})));
        close(result.estimate, 1_675.862_377);
        close(result.standard_error, regression);
        let (estimate, error) = of(&result, Estimator::DifferenceInMeans);
        close(estimate, 1_794.342_404);
        close(error, means);
    }
}

#[test]
fn an_experiment_is_not_called_confounded() {
    let table = Stored::new(&published("nsw.csv"));
    let (result, steps) = run(&table, &lalonde(json!({"design": "randomised", "expected_treated_share": 0.5})));
    assert!(result.sensitivity.is_empty());
    assert!(result.diagnostics.joint_balance.is_some());
    let text = serde_json::to_string(&result).unwrap().to_lowercase();
    assert!(!text.contains("confound"), "{text}");
    // 185 of 445 is not one half: the check of the split says so.
    assert!(result.finding.starts_with("red flags: sample-ratio mismatch"), "{}", result.finding);
    assert_eq!(result.red_flags[0].check, "sample_ratio");
    assert_eq!(result.estimates[0].convention.kind, StandardError::Hc2);
    assert!(steps.0.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{:?}", steps.0);
    assert!(steps.0.iter().any(|(_, step)| step == "refuters: linear estimators"));
    assert!((steps.0.last().unwrap().0 - 1.0).abs() < 1e-12);
}

#[test]
fn a_clean_experiment_has_no_red_flags() {
    let table = Stored::new(&published("nsw.csv"));
    let (result, _) = run(&table, &json!({"outcome": "re78", "treatment": "treat", "design": "randomised"}));
    assert_eq!(result.finding, "no red flags found");
    assert_eq!(result.estimator, Estimator::DifferenceInMeans);
    assert!(
        result.summary[0].starts_with("Where treat is 1, re78 is 1,794 higher (95 % interval"),
        "{}",
        result.summary[0]
    );
    assert_eq!(result.refutations.len(), 4);
    assert_eq!(result.versions.agent, 2);
}

#[test]
fn the_comparison_group_is_out_of_balance() {
    let table = Stored::new(&nsw_with_cps());
    let (result, _) = run(
        &table,
        &lalonde(
            json!({"standard_error": "hc1", "estimator": "regression_adjustment", "simulations": 20, "refuter_budget_s": 2}),
        ),
    );
    close(result.estimate, 793.587_143_6);
    close(result.standard_error, 618.609_183_8);
    close(of(&result, Estimator::DifferenceInMeans).0, -8_497.516_142_6);
    assert!(result.warnings.iter().any(|warning| warning.code == "imbalance"), "{:?}", result.warnings);
    assert!(result.red_flags.iter().any(|flag| flag.check == "overlap"), "{}", result.finding);
    assert!(result.finding.starts_with("red flags: "));
    assert_eq!(result.sensitivity.len(), result.estimates.len());
    assert_eq!(result.diagnostics.rows_used, 16_177);
    let refuters: Vec<Refuter> = result.refutations.iter().map(|found| found.refuter).collect();
    assert_eq!(refuters.len(), 4 * result.estimates.len());
    let (classical, _) = run(&table, &json!({"outcome": "re78", "treatment": "treat", "standard_error": "classical"}));
    close(classical.standard_error, 712.020_722);
}

#[test]
fn villages_are_absorbed() {
    let table = Stored::new(&published("darfur.csv.gz"));
    let covariates = ["age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female", "village"];
    let mut parameters = json!({"outcome": "peacefactor", "treatment": "directlyharmed", "covariates": covariates});
    merge(&mut parameters, json!({"standard_error": "classical"}));
    let (result, _) = run(&table, &parameters);
    close(result.estimate, 0.097_315_819_285);
    close(result.standard_error, 0.023_256_537_81);
    let sensitivity = &result.sensitivity[0];
    close(sensitivity.robustness_value.unwrap(), 0.138_776_353_893_6);
    close(sensitivity.partial_r2.unwrap(), 0.021_873_093_341_1);
    assert!((sensitivity.robustness_value_alpha.unwrap() - 0.076).abs() < 5e-4);
    let absorbed = result.diagnostics.absorbed.as_ref().unwrap();
    assert_eq!((absorbed.column.as_str(), absorbed.count), ("village", 486));
    // The same villages as clusters.
    merge(&mut parameters, json!({"standard_error": "auto", "cluster": "village"}));
    let (clustered, _) = run(&table, &parameters);
    assert_eq!(clustered.estimates[0].convention.kind, StandardError::Cluster);
    assert_eq!(clustered.estimates[0].convention.clusters, Some(486));
    close(clustered.standard_error, 0.030_315_985_241);
}

#[test]
fn codes_as_categories_and_a_continuous_treatment() {
    let table = Stored::new(&published("nhefs.csv.gz"));
    let categories = ["sex", "race", "education", "exercise", "active"];
    let covariates: Vec<&str> = categories.iter().copied().chain(["age", "wt71"]).collect();
    let (result, _) = run(
        &table,
        &json!({
            "outcome": "wt82_71", "treatment": "smokeintensity", "covariates": covariates, "categorical": categories,
            "squared": ["age"], "standard_error": "hc1", "estimator": "regression_adjustment",
        }),
    );
    close(result.estimate, -0.002_521_260_178);
    close(result.standard_error, 0.017_320_509_371);
    assert!(matches!(result.treatment, TreatmentReport::Continuous { .. }));
    let (raw, _) = run(&table, &json!({"outcome": "wt82_71", "treatment": "qsmk", "standard_error": "classical"}));
    close(raw.estimate, 2.540_581_455);
}

#[test]
fn missing_values_are_refused_or_dropped_and_counted() {
    let table = Stored::new("y,t,x\n1,0,1\n2,1,\n4,1,3\n2,0,4\n5,1,NA\n1,0,6\n6,1,7\n3,0,2\n2,1,5\n");
    let parameters = json!({"outcome": "y", "treatment": "t", "covariates": ["x"]});
    let problems = table.check("causal_impact", &parameters).unwrap_err();
    assert_eq!(problems[0].pointer, "/covariates/0");
    assert!(problems[0].detail.contains("`x` has no value in 2 of 9 rows"), "{problems:?}");
    let (result, _) =
        run(&table, &json!({"outcome": "y", "treatment": "t", "covariates": ["x"], "missing": "drop_rows"}));
    let diagnostics = &result.diagnostics;
    assert_eq!((diagnostics.rows_given, diagnostics.rows_used, diagnostics.rows_dropped), (9, 7, 2));
    assert_eq!((diagnostics.missing[0].column.as_str(), diagnostics.missing[0].count), ("x", 2));
    assert!(result.warnings.iter().any(|warning| warning.code == "rows_dropped"));
}

const WORDS: &str = "sales,visit,region\n10,yes,north\n12,no,south\n11,yes,north\n9,no,east\n14,yes,east\n8,no,north\n\
                     13,yes,south\n10,no,south\n15,yes,east\n9,no,north\n";

#[test]
fn words_make_arms() {
    let table = Stored::new(WORDS);
    let (result, _) = run(&table, &json!({"outcome": "sales", "treatment": "visit", "covariates": ["region"]}));
    let TreatmentReport::Binary { control, treated, control_rows, treated_rows } = &result.treatment else {
        panic!("not binary")
    };
    assert_eq!((control.as_str(), treated.as_str(), *control_rows, *treated_rows), ("no", "yes", 5, 5));
    let means = of(&result, Estimator::DifferenceInMeans).0;
    assert!((means - 3.0).abs() < 1e-12, "{means}");
    let turned = json!({"outcome": "sales", "treatment": "visit", "treated_value": "no"});
    assert!((run(&table, &turned).0.estimate + 3.0).abs() < 1e-12);
    // As the file writes it, not as the type does.
    let booleans = Stored::new("y,t\n1,False\n4,True\n2,False\n5,True\n2,False\n6,True\n");
    let (named, _) = run(&booleans, &json!({"outcome": "y", "treatment": "t", "treated_value": "True"}));
    assert!((named.estimate - 10.0 / 3.0).abs() < 1e-12, "{}", named.estimate);
}

#[test]
fn a_number_that_became_categories_by_a_word_is_told() {
    let words = Stored::new(
        "y,t,x\n1,0,1\n2,1,2\n4,1,3\n3,0,4\n6,1,unknown\n2,0,1\n5,1,2\n3,0,3\n4,1,4\n1,0,unknown\n9,1,1\n7,0,2\n",
    );
    let (result, _) = run(&words, &json!({"outcome": "y", "treatment": "t", "covariates": ["x"]}));
    let notice = result.warnings.iter().find(|warning| warning.code == "nearly_numeric_category").unwrap();
    assert!(
        notice.message.contains("'x' is taken as 5 categories") && notice.message.contains("'unknown'"),
        "{notice:?}"
    );
    let (meant, _) = run(&words, &json!({"outcome": "y", "treatment": "t", "covariates": ["x"], "categorical": ["x"]}));
    assert!(meant.warnings.iter().all(|warning| warning.code != "nearly_numeric_category"));
}

#[test]
fn what_cannot_be_computed_is_refused_in_words() {
    let table = Stored::new(WORDS);
    let three = refused(&table, &json!({"outcome": "sales", "treatment": "region"}));
    assert!(three.contains("has 3 values ('east', 'north', 'south')"), "{three}");
    let unknown = refused(&table, &json!({"outcome": "sales", "treatment": "visit", "treated_value": "maybe"}));
    assert!(unknown.contains("'maybe'") && unknown.contains("'no' and 'yes'"), "{unknown}");
    let constant = Stored::new("y,t\n1,1\n2,1\n4,1\n");
    assert!(refused(&constant, &json!({"outcome": "y", "treatment": "t"})).contains("single value"));
    let twins = Stored::new("y,t,x\n1,0,5\n2,1,7\n4,1,7\n3,0,5\n6,1,7\n2,0,5\n");
    let collinear = refused(&twins, &json!({"outcome": "y", "treatment": "t", "covariates": ["x"]}));
    assert!(collinear.contains("exact linear combination of 'x'"), "{collinear}");
}

#[test]
fn the_same_seed_gives_the_same_result() {
    let table = Stored::new(&published("nsw.csv"));
    let result = |seed: u64| table.run("causal_impact", &lalonde(json!({"seed": seed, "simulations": 20}))).unwrap().0;
    assert_eq!(result(7), result(7));
    assert_ne!(result(7)["refutations"], result(8)["refutations"]);
}

#[test]
fn results_fit_their_published_schema() {
    let agent = domain::agents::find("causal_impact").unwrap();
    let schema = (agent.result_schema)();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let table = Stored::new(&published("nsw.csv"));
    let (result, _) = table.run("causal_impact", &lalonde(json!({"simulations": 20}))).unwrap();
    let problems: Vec<String> = validator.iter_errors(&result).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");
    let given = (agent.parameters_schema)();
    assert!(jsonschema::validator_for(&given).unwrap().is_valid(&result["parameters"]));
}

//! `reproduce.py` of each estimator, run by Python on the file that the agent had: other people's packages give the same
//! numbers to 1e-6 (boosted trees: within two standard errors).

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::OnceLock;

use causal::synthetic::{Synthetic, staggered};
use serde_json::{Value, json};

use crate::stored::{Stored, nsw_with_cps, published};

/// The interpreter with the packages that the script says to install; made once, whoever comes first.
fn python() -> &'static str {
    static PYTHON: OnceLock<String> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let script = Path::new("../../scripts/python-venv.sh");
        let made = Command::new(script).arg("reproduce").stderr(std::process::Stdio::inherit()).output().unwrap();
        assert!(made.status.success(), "{} found no Python; its message stands above", script.display());
        String::from_utf8(made.stdout).unwrap().trim().to_owned()
    })
}

/// An analysis with the script that repeats it.
struct Exported {
    folder: tempfile::TempDir,
    result: Value,
}

impl Exported {
    fn new(text: &str, parameters: &Value) -> Self {
        let mut asked = json!({"simulations": 20, "refuter_budget_s": 1});
        asked.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        let (result, _) = Stored::new(text).run("causal_impact", &asked).unwrap();
        let exported = Self { folder: tempfile::tempdir().unwrap(), result };
        std::fs::write(exported.folder.path().join("data.csv"), text).unwrap();
        exported
    }

    fn script(&self, result: &Value) -> String {
        let agent = domain::agents::find("causal_impact").unwrap();
        (agent.reproduce)(&self.result["parameters"], result, Some("data.csv")).unwrap()
    }

    fn run(&self, script: &str, arguments: &[&str]) -> Output {
        std::fs::write(self.folder.path().join("reproduce.py"), script).unwrap();
        let mut python = Command::new(python());
        python.args(["-W", "ignore", "reproduce.py", "data.csv"]).args(arguments).current_dir(self.folder.path());
        // Two threads of BLAS beside each other's tests are slower than one.
        python.envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"].map(|name| (name, "1"))).output().unwrap()
    }
}

/// Runs the agent and its script, and requires that these estimators and no others were repeated.
#[track_caller]
fn repeats(text: &str, parameters: &Value, estimators: &[&str]) {
    let exported = Exported::new(text, parameters);
    let output = exported.run(&exported.script(&exported.result), &[]);
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}\n{}", exported.result["not_computed"]);
    for estimator in estimators {
        assert!(said.contains(&format!("{estimator}: ")), "{estimator} was not repeated:\n{said}\n{complained}");
    }
    let repeated = said.lines().skip(1).filter(|line| !line.starts_with(' ')).count();
    assert_eq!(repeated, estimators.len(), "{said}");
}

fn csv(table: &Synthetic) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",");
    for row in 0..table.columns[0].1.len() {
        let fields: Vec<String> = table.columns.iter().map(|(_, values)| values[row].to_string()).collect();
        text.push('\n');
        text.push_str(&fields.join(","));
    }
    text.push('\n');
    text
}

/// Every so-manieth row.
fn thinned(text: &str, step: usize) -> String {
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    std::iter::once(header).chain(lines.step_by(step)).flat_map(|line| [line, "\n"]).collect()
}

const LALONDE: [&str; 8] = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"];
const WITHOUT_BASELINE: [&str; 7] = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74"];

#[test]
fn an_experiment_with_each_standard_error() {
    for kind in ["auto", "classical", "hc1", "hc3"] {
        let parameters = json!({
            "outcome": "re78", "treatment": "treat", "covariates": LALONDE, "squared": ["age"], "design": "randomised",
            "standard_error": kind,
        });
        repeats(&published("nsw.csv"), &parameters, &["regression_adjustment", "difference_in_means"]);
    }
}

#[test]
fn all_estimators_of_two_arms() {
    let parameters = json!({
        "outcome": "re78", "treatment": "treat", "covariates": WITHOUT_BASELINE, "baseline": "re75",
        "estimators": [
            "difference_in_means", "regression_adjustment", "ancova", "change_score", "inverse_propensity_weighting",
            "propensity_matching", "mahalanobis_matching", "aipw_linear", "aipw_boosted", "partially_linear",
            "partially_linear_boosted",
        ],
    });
    let estimators = [
        "ancova",
        "change_score",
        "regression_adjustment",
        "difference_in_means",
        "inverse_propensity_weighting",
        "propensity_matching",
        "mahalanobis_matching",
        "aipw_linear",
        "aipw_boosted",
        "partially_linear",
        "partially_linear_boosted",
    ];
    repeats(&published("nsw.csv"), &parameters, &estimators);
}

#[test]
fn the_treated_trimmed_and_matched_without_replacement() {
    let parameters = json!({
        "outcome": "re78", "treatment": "treat", "covariates": LALONDE, "squared": ["age"], "target": "treated",
        "estimators": ["inverse_propensity_weighting", "propensity_matching", "mahalanobis_matching", "aipw_linear"],
        "replacement": false, "caliper": 0.2, "matches": 2, "trim": 0.01, "seed": 9_007_199_254_740_991_u64,
    });
    let estimators = ["aipw_linear", "inverse_propensity_weighting", "propensity_matching", "mahalanobis_matching"];
    repeats(&thinned(&nsw_with_cps(), 3), &parameters, &estimators);
}

#[test]
fn categories_and_rows_without_a_value() {
    let categories = ["sex", "race", "education", "exercise", "active"];
    let covariates: Vec<&str> = categories.iter().copied().chain(["age", "wt71", "income"]).collect();
    let mut parameters = json!({
        "outcome": "wt82_71", "treatment": "qsmk", "covariates": covariates, "categorical": categories,
        "squared": ["age", "wt71"], "missing": "drop_rows", "matches": 3, "folds": 4,
        "estimators": [
            "regression_adjustment", "inverse_propensity_weighting", "propensity_matching", "mahalanobis_matching",
            "aipw_linear", "partially_linear",
        ],
    });
    let text = published("nhefs.csv.gz");
    let all = [
        "aipw_linear",
        "regression_adjustment",
        "inverse_propensity_weighting",
        "propensity_matching",
        "mahalanobis_matching",
        "partially_linear",
    ];
    repeats(&text, &parameters, &all);
    // An amount, folds and errors by cluster.
    for (name, value) in [
        ("treatment", json!("smokeintensity")),
        ("cluster", json!("birthplace")),
        ("estimators", json!(["difference_in_means", "regression_adjustment", "partially_linear"])),
    ] {
        parameters[name] = value;
    }
    repeats(&text, &parameters, &["difference_in_means", "regression_adjustment", "partially_linear"]);
}

#[test]
fn influences_are_summed_by_cluster() {
    let parameters = json!({
        "outcome": "wt82_71", "treatment": "qsmk", "covariates": ["age", "wt71", "sex"], "cluster": "age",
        "estimators": ["inverse_propensity_weighting", "aipw_linear", "regression_adjustment"],
    });
    let estimators = ["aipw_linear", "inverse_propensity_weighting", "regression_adjustment"];
    repeats(&published("nhefs.csv.gz"), &parameters, &estimators);
}

#[test]
fn absorbed_villages() {
    let covariates = ["age", "farmer_dar", "herder_dar", "pastvoted", "hhsize_darfur", "female", "village"];
    for kind in ["classical", "cluster", "hc2"] {
        let mut parameters = json!({
            "outcome": "peacefactor", "treatment": "directlyharmed", "covariates": covariates, "standard_error": kind,
        });
        if kind == "cluster" {
            parameters["cluster"] = json!("village");
        }
        let estimators = ["regression_adjustment", "difference_in_means"];
        repeats(&published("darfur.csv.gz"), &parameters, &estimators);
    }
}

#[test]
fn folds_that_a_column_numbers() {
    let covariates: Vec<String> = (1..=6).map(|number| format!("x{number}")).collect();
    let mut parameters = json!({
        "outcome": "y", "treatment": "t", "covariates": covariates, "fold_column": "fold",
        "estimators": ["aipw_linear", "partially_linear"],
    });
    let text = published("doubly_robust.csv");
    repeats(&text, &parameters, &["aipw_linear", "partially_linear"]);
    parameters["treatment"] = json!("dose");
    parameters["estimators"] = json!(["partially_linear", "partially_linear_boosted"]);
    repeats(&text, &parameters, &["partially_linear_boosted", "partially_linear"]);
}

#[test]
fn arms_against_a_control() {
    let covariates: Vec<String> = (1..=6).map(|number| format!("x{number}")).collect();
    let mut parameters = json!({
        "outcome": "y", "treatment": "arm", "control_value": "none", "covariates": covariates,
        "estimators": ["difference_in_means", "regression_adjustment", "aipw_linear", "aipw_boosted"],
    });
    let text = published("doubly_robust.csv");
    let estimators = ["difference_in_means", "regression_adjustment", "aipw_linear", "aipw_boosted"];
    repeats(&text, &parameters, &estimators);
    // Fewer than 250 rows in an arm, more in all: the error is that of all rows.
    parameters["cluster"] = json!("fold");
    parameters["folds"] = json!(3);
    parameters["estimators"] = json!(["difference_in_means", "regression_adjustment", "aipw_linear"]);
    repeats(&text, &parameters, &estimators[..3]);
}

#[test]
fn two_groups_before_and_after() {
    let houses = json!({"outcome": "lprice", "treatment": "nearinc", "time": "y81", "covariates": ["age", "rooms"]});
    repeats(&published("kielmc.csv"), &houses, &["two_by_two"]);
    let injuries = json!({
        "outcome": "ldurat", "treatment": "highearn", "time": "afchnge", "missing": "drop_rows",
        "covariates": ["male", "married", "indust", "injtype", "lage"], "categorical": ["indust", "injtype"],
        "cluster": "injtype",
    });
    repeats(&published("injury.csv.gz"), &injuries, &["two_by_two"]);
}

#[test]
fn staggered_starts() {
    let both = ["callaway_santanna", "two_way_fixed_effects"];
    let text = published("panel_staggered.csv");
    let plain = json!({"outcome": "y", "unit": "unit", "time": "time", "treatment": "treated"});
    repeats(&text, &plain, &both);
    let adjusted = json!({
        "outcome": "y", "unit": "unit", "time": "time", "treatment_start": "start", "never_treated_value": "0",
        "covariates": ["size", "price"], "comparison_units": "not_yet_treated", "cluster": "region",
    });
    repeats(&text, &adjusted, &both);
}

#[test]
fn gaps_and_units_treated_from_the_start() {
    let both = ["callaway_santanna", "two_way_fixed_effects"];
    // A period is taken out before the first start, so that those who start then have no before.
    let late: String = (published("panel_staggered.csv").lines())
        .filter(|line| line.split(',').nth(1).is_none_or(|time| !["1", "2", "3"].contains(&time)))
        .filter(|line| line.split(',').nth(7) != Some("0"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let parameters = json!({
        "outcome": "y", "unit": "unit", "time": "time", "treatment": "treated", "gaps": "keep",
        "treated_from_start": "leave_out",
    });
    repeats(&late, &parameters, &both);
    let synthetic = json!({
        "outcome": "y", "unit": "unit", "time": "time", "treatment": "d", "covariates": ["x1", "x2"],
    });
    repeats(&csv(&staggered(2_000, 3)), &synthetic, &both);
}

#[test]
fn files_are_read_as_the_agent_reads_them() {
    let text = "y; t ;w;k\n1.5;no;NA;007\n4.25;yes;1e1;7\n2;no;+3;7\n6;yes;4.;8\n3;no; 5 ;007\n5.5;yes;.6;8\n\
                1;no;7;7\n7;yes;8;007\n2.5;no;9;8\n6.5;yes;n/a;7\n1.25;no;-2;8\n5;yes;0.5;7\n2.75;no;1;7\n";
    let parameters = json!({
        "outcome": "y", "treatment": "t", "treated_value": "no", "covariates": ["w", "k"], "missing": "drop_rows",
        "design": "randomised",
    });
    repeats(text, &parameters, &["regression_adjustment", "difference_in_means"]);
}

#[test]
fn no_name_runs_as_code() {
    let names = ["'''); raise SystemExit(3) #", "\"\"\"\\", "it's, \u{e4}\u{1F980}\n{}%s", "x\\u0027"];
    let quoted = names.map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
    let mut text = quoted.join(",") + "\n";
    for row in 0_u32..40 {
        let (treated, covariate) = (row % 2, row * 7 % 11);
        let outcome = f64::from(row * 13 % 17) + 2.0 * f64::from(treated);
        let category = ["'''", "a\"\"\"b", "\\"][row as usize % 3].replace('"', "\"\"");
        writeln!(text, "{outcome},{treated},{covariate},\"{category}\"").unwrap();
    }
    let parameters = json!({
        "outcome": names[0], "treatment": names[1], "covariates": [names[2], names[3]], "design": "randomised",
    });
    repeats(&text, &parameters, &["regression_adjustment", "difference_in_means"]);
}

#[test]
fn a_number_that_is_not_repeated_is_told() {
    let parameters = json!({"outcome": "re78", "treatment": "treat", "covariates": ["age"], "design": "randomised"});
    let exported = Exported::new(&published("nsw.csv"), &parameters);
    let mut wrong = exported.result.clone();
    let estimate = wrong["estimates"][0]["estimate"].as_f64().unwrap();
    wrong["estimates"][0]["estimate"] = json!(estimate * (1.0 + 3e-6));
    let script = exported.script(&wrong);
    let output = exported.run(&script, &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("TOO FAR") && said.contains("NOT repeated: regression_adjustment"), "{said}");
    let other = exported.run(&script, &["--estimator", "difference_in_means"]);
    assert!(other.status.success(), "{}", String::from_utf8_lossy(&other.stdout));
    let script = exported.script(&exported.result);
    assert!(script.lines().all(|line| line.len() <= 79 || line.starts_with(' ')), "a long line");
}

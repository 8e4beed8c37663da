//! `derive` through the whole agent: the numbers of an analysis on what it made are those on a table made by hand.

use agents::AgentError;
use domain::agents::causal_impact::CausalImpactResult;
use serde_json::{Value, json};

use crate::stored::{Stored, published};

const QUESTION: [&str; 3] = ["gain", "treat", "log_age"];

fn steps() -> Value {
    json!({"steps": [
        {"step": "filter", "column": "nodegree", "is": {"equals": 1}},
        {"step": "derive", "name": "log_age", "from": {"log": {"column": "age"}}},
        {"step": "derive", "name": "gain", "from": {"difference": {"column": "re78", "minus": "re75"}}},
    ]})
}

/// The same by hand, with the shell's tools as it were: no code of the recipe's.
fn by_hand(file: &str) -> String {
    let mut lines = file.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| names.iter().position(|column| *column == name).unwrap();
    let mut text = QUESTION.join(",");
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |name: &str| fields[at(name)].parse::<f64>().unwrap();
        if number("nodegree") > 0.5 {
            let (gain, log_age) = (number("re78") - number("re75"), number("age").ln());
            let row = format!("\n{gain},{},{log_age}", fields[at("treat")]);
            text.push_str(&row);
        }
    }
    text
}

fn effect(table: &Stored) -> CausalImpactResult {
    let question = json!({"outcome": QUESTION[0], "treatment": QUESTION[1], "covariates": [QUESTION[2]]});
    serde_json::from_value(table.run("causal_impact", &question).unwrap().0).unwrap()
}

#[test]
fn an_analysis_on_the_made_table_gives_the_numbers_of_one_made_by_hand() {
    let file = published("nsw.csv");
    let source = Stored::new(&file);
    let (derived, told) = source.run("derive", &steps()).unwrap();
    assert_eq!(told.0.last().map(|(fraction, _)| *fraction), Some(1.0));
    assert_eq!((&derived["schema"]["rows"], derived["sha256"].as_str().unwrap().len()), (&json!(348), 64));
    let (made, hand) = (effect(&source.made(&derived)), effect(&Stored::new(&by_hand(&file))));
    assert_eq!(
        (made.estimate.to_bits(), made.standard_error.to_bits()),
        (hand.estimate.to_bits(), hand.standard_error.to_bits())
    );
    assert_eq!(made.diagnostics.rows_used, 348);
}

#[test]
fn what_the_rows_cannot_give_is_the_users_to_mend() {
    let source = Stored::new(&published("nsw.csv"));
    let log = json!({"steps": [{"step": "derive", "name": "x", "from": {"log": {"column": "re75"}}}]});
    let error = source.run("derive", &log).unwrap_err();
    assert!(
        matches!(&error, AgentError::User(detail) if detail.contains("/steps/0: `re75` is zero or negative")),
        "{error}"
    );
}

#[test]
fn the_schema_of_recipes_takes_what_the_types_take() {
    let schema = (domain::agents::find("derive").unwrap().parameters_schema)();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(
        validator.is_valid(&steps()),
        "{:?}",
        validator.iter_errors(&steps()).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    let all = json!({"steps": [
        {"step": "filter", "column": "a", "is": "not_missing"},
        {"step": "filter", "column": "a", "is": {"range": {"above": 0, "at_most": "2024-01-01"}}},
        {"step": "filter", "column": "a", "is": {"none_of": [1, "b", true]}},
        {"step": "derive", "name": "x", "from": {"log1p": {"column": "a"}}},
        {"step": "derive", "name": "y", "from": {"difference_from_baseline":
            {"column": "a", "unit": "u", "time": "t", "period": 3, "gaps": "allow"}}},
        {"step": "reshape", "unit": "u", "time": "t", "split": 3, "values": ["a"], "carry": [], "before": "last"},
        {"step": "keep", "columns": ["a_after"]},
        {"step": "drop", "columns": ["u"]},
    ]});
    assert!(
        validator.is_valid(&all),
        "{:?}",
        validator.iter_errors(&all).map(|error| error.to_string()).collect::<Vec<_>>()
    );
    for wrong in [
        json!({"steps": []}),
        json!({"steps": [{"step": "sort", "column": "a"}]}),
        json!({"steps": [{"step": "keep", "columns": ["a"], "colour": "blue"}]}),
        json!({"steps": [{"step": "derive", "name": "x", "from": {"log": {}}}]}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}

//! JSON as MLflow takes it: flat names with short texts or numbers. What does not fit is left to the files of the run.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::client::Metric;

/// MLflow's limits: letters of a key, and of a parameter's value.
const LONGEST_KEY: usize = 250;
const LONGEST_PARAM: usize = 6000;
/// What one run is to have at most; a page of MLflow's with more helps nobody.
const MOST_PARAMS: usize = 500;
const MOST_METRICS: usize = 1000;
/// A longer list is what a plot is made of.
const LONGEST_LIST: usize = 60;

/// Fields that say which entry of a list it is, in the order in which they make its name.
const NAMING: [&str; 12] = [
    "refuter",
    "estimator",
    "against",
    "outcome",
    "covariate",
    "column",
    "level",
    "arm",
    "control",
    "cohort",
    "name",
    "check",
];

/// Parameters: one for each leaf; lists as JSON.
pub(super) fn params(parameters: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect_params("", parameters, &mut found);
    found.truncate(MOST_PARAMS);
    unique(found)
}

fn collect_params(path: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields {
                collect_params(&joined(path, name), value, found);
            }
        }
        Value::String(text) => found.push((key(path), shortened(text))),
        other => found.push((key(path), shortened(&other.to_string()))),
    }
}

/// Metrics: every number of the result, the topmost first. Entries of lists are called by what they are about.
pub(super) fn metrics(result: &Value) -> Vec<Metric> {
    let mut found: Vec<(usize, String, f64)> = Vec::new();
    if let Value::Object(fields) = result {
        // What was asked is among the parameters.
        for (name, value) in
            fields.iter().filter(|(name, _)| !["parameters", "seed", "versions"].contains(&name.as_str()))
        {
            collect_metrics(0, name, value, &mut found);
        }
    }
    found.sort_by_key(|(depth, ..)| *depth);
    found.truncate(MOST_METRICS);
    let named = unique(found.into_iter().map(|(_, path, value)| (key(&path), value)).collect());
    named.into_iter().map(|(key, value)| Metric { key, value }).collect()
}

fn collect_metrics(depth: usize, path: &str, value: &Value, found: &mut Vec<(usize, String, f64)>) {
    match value {
        Value::Number(number) => found.extend(number.as_f64().map(|number| (depth, path.to_owned(), number))),
        Value::Bool(yes) => found.push((depth, path.to_owned(), f64::from(u8::from(*yes)))),
        Value::Object(fields) => {
            for (name, value) in fields {
                collect_metrics(depth + 1, &joined(path, name), value, found);
            }
        }
        Value::Array(entries) if entries.len() <= LONGEST_LIST => {
            for (place, entry) in entries.iter().enumerate() {
                if let Value::Object(fields) = entry {
                    collect_metrics(depth + 1, &joined(path, &entry_name(fields, place)), entry, found);
                }
            }
        }
        Value::Null | Value::String(_) | Value::Array(_) => {}
    }
}

/// `placebo_treatment.aipw` of `{"refuter": "placebo_treatment", "estimator": "aipw", ...}`; else its place.
fn entry_name(fields: &Map<String, Value>, place: usize) -> String {
    let names: Vec<&str> = NAMING.iter().filter_map(|name| fields.get(*name)?.as_str()).collect();
    if names.is_empty() { place.to_string() } else { names.join(".") }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Of the signs that MLflow takes in a key. Neither dots nor slashes may stand together or lead out of it.
fn key(path: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | ' ');
    let text: String =
        path.chars().map(|letter| if plain(letter) { letter } else { '_' }).take(LONGEST_KEY - 6).collect();
    text.trim_matches(['.', ' ']).replace("..", "._")
}

fn shortened(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\0').take(LONGEST_PARAM).collect()
}

/// Keys that became the same by what was replaced are told apart.
fn unique<T>(named: Vec<(String, T)>) -> Vec<(String, T)> {
    let mut seen = HashSet::new();
    named
        .into_iter()
        .map(|(name, value)| {
            let free = |name: &String| !seen.contains(&name.to_lowercase());
            let numbered = (2..).map(|number| format!("{name} {number}"));
            let name = std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or_default();
            seen.insert(name.to_lowercase());
            (name, value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_flat_and_within_mlflows_limits() {
        let long = "x".repeat(10_000);
        let given = json!({ "outcome": "sales", "covariates": ["age", "größe"], "refute": { "simulations": 100 },
                            "weights": null, "note": long, "k/b": 1, "k:b": 2 });
        let found = params(&given);
        let value = |name: &str| found.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(value("outcome"), Some("sales"));
        assert_eq!(value("covariates"), Some(r#"["age","größe"]"#));
        assert_eq!(value("refute.simulations"), Some("100"));
        assert_eq!(value("note").map(str::len), Some(LONGEST_PARAM));
        assert_eq!((value("k_b"), value("k_b 2")), (Some("1"), Some("2")));
        assert_eq!(value("weights"), None);
    }

    #[test]
    fn metrics_are_called_by_what_they_are_about_and_plots_are_left_out() {
        let curve: Vec<Value> = (0..100).map(|x| json!({ "x": x, "y": x })).collect();
        let result = json!({
            "estimate": 1.5, "interval": { "lower": 1.0 }, "finding": "none", "parameters": { "folds": 5 },
            "refutations": [{ "refuter": "placebo", "estimator": "aipw", "p_value": 0.5, "passed": true }],
            "curve": curve, "quantiles": [1, 2, 3],
        });
        let found: Vec<(String, f64)> = metrics(&result).into_iter().map(|metric| (metric.key, metric.value)).collect();
        let expected = [
            ("estimate", 1.5),
            ("interval.lower", 1.0),
            ("refutations.placebo.aipw.p_value", 0.5),
            ("refutations.placebo.aipw.passed", 1.0),
        ];
        for (key, value) in expected {
            assert!(found.contains(&(key.to_owned(), value)), "{key} in {found:?}");
        }
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert_eq!(found[0].0, "estimate", "the topmost comes first");
    }

    #[test]
    fn a_key_holds_no_sign_that_leads_elsewhere() {
        assert_eq!(key("../../etc"), "_.__etc".trim_matches('.'));
        assert!(key(&"a".repeat(1000)).len() <= LONGEST_KEY);
    }
}

//! Rules and configurations, judged by their own programs.

use std::collections::BTreeSet;

use super::programs::{root, run, said, text};

#[test]
fn prometheus_takes_its_configuration_and_rules() {
    let checked = run("promtool", &["check", "config", "prometheus.yml"]);
    assert!(checked.status.success(), "{}", said(&checked));
    let rules = run("promtool", &["check", "rules", "rules/recording.yml", "rules/alerts.yml"]);
    assert!(rules.status.success() && !said(&rules).contains("duplicate"), "{}", said(&rules));
}

#[test]
fn every_alert_fires_and_stays_silent_when_it_should() {
    let tested = run("promtool", &["test", "rules", "tests/alerts.yml"]);
    assert!(tested.status.success(), "{}", said(&tested));
}

/// The names after `key`, in the order of the file.
fn named(text: &str, key: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix(key));
    lines.map(|name| name.trim().trim_matches('\'').to_owned()).collect()
}

#[test]
fn every_alert_has_a_case_each_way_stands_in_the_docs_and_says_what_to_do() {
    let (rules, cases) = (text("rules/alerts.yml"), named(&text("tests/alerts.yml"), "name: "));
    let alerts = named(&rules, "alert: ");
    assert!(alerts.len() > 20, "{alerts:?}");
    assert_eq!(alerts.iter().collect::<BTreeSet<_>>().len(), alerts.len(), "a name twice: {alerts:?}");
    let docs = std::fs::read_to_string(root().join("docs/MONITORING.md")).unwrap();
    for alert in &alerts {
        for how in ["fires", "stays silent"] {
            assert!(cases.iter().any(|case| case.starts_with(&format!("{alert} {how}"))), "{alert} {how}: no case");
        }
        let block = rules.split(&format!("alert: {alert}\n")).nth(1).unwrap().split("- alert:").next().unwrap();
        for part in ["severity: ", "summary: ", "do: "] {
            assert!(block.contains(part), "{alert} has no {part}");
        }
        let severity = block.split("severity: ").nth(1).unwrap().split([',', ' ']).next().unwrap();
        let waits = block.split("\n        for: ").nth(1).map_or("at once", |rest| rest.lines().next().unwrap());
        let row = docs.lines().find(|line| line.starts_with(&format!("| `{alert}` | {severity} |")));
        assert!(row.is_some_and(|row| row.ends_with(&format!("| {waits} |"))), "{alert}: {row:?}, {severity}, {waits}");
    }
    let described = docs.split("## Alerts").nth(1).unwrap().split("\n## ").next().unwrap();
    assert_eq!(described.lines().filter(|line| line.starts_with("| `")).count(), alerts.len());
}

#[test]
fn every_group_of_rules_has_its_place_in_the_order_of_the_cases() {
    let order =
        text("tests/alerts.yml").lines().find_map(|line| Some(line.strip_prefix("group_eval_order: ")?.to_owned()));
    let order = order.unwrap();
    let ordered: Vec<&str> = order.trim_matches(['[', ']']).split(", ").collect();
    let groups: Vec<String> =
        ["rules/recording.yml", "rules/alerts.yml"].iter().flat_map(|file| named(&text(file), "name: ")).collect();
    assert_eq!(ordered, groups);
}

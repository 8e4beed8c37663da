//! `docs/MONITORING.md`, read; and the source against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::exposition::Metric;
use super::programs::root;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) kind: String,
    pub(super) labels: BTreeSet<String>,
    pub(super) meaning: String,
}

/// The rows under each heading of the third level.
pub(super) fn sections() -> BTreeMap<String, BTreeMap<String, Row>> {
    let text = std::fs::read_to_string(root().join("docs/MONITORING.md")).unwrap();
    let mut found: BTreeMap<String, BTreeMap<String, Row>> = BTreeMap::new();
    let mut section = String::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            heading.clone_into(&mut section);
        } else if line.starts_with("## ") {
            section.clear();
        }
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [name, kind, labels, unit, meaning] = cells.as_slice() else { continue };
        if section.is_empty() || !name.starts_with('`') {
            continue;
        }
        assert!(!unit.is_empty(), "{name} has no unit");
        let labels = labels.split(", ").map(|label| label.trim_matches('`').to_owned());
        let row = Row {
            kind: (*kind).to_owned(),
            labels: labels.filter(|label| !label.is_empty()).collect(),
            meaning: (*meaning).to_owned(),
        };
        found.entry(section.clone()).or_default().insert(name.trim_matches('`').to_owned(), row);
    }
    found
}

/// Every difference between what is documented for a service and what it exposes.
pub(super) fn differences(sections: &[&str], exposed: &BTreeMap<String, Metric>) -> Vec<String> {
    let all = self::sections();
    let mut documented: BTreeMap<String, Row> = BTreeMap::new();
    for section in sections {
        documented.extend(all.get(*section).unwrap_or_else(|| panic!("no section `{section}`")).clone());
    }
    let mut differences = Vec::new();
    for (name, row) in &documented {
        match exposed.get(name) {
            None => differences.push(format!("{name} is documented and not exposed")),
            Some(metric) => {
                let here = (row.kind.as_str(), row.meaning.as_str(), &row.labels);
                let there = (metric.kind.as_str(), metric.help.as_str(), &metric.labels);
                if here != there {
                    differences.push(format!("{name} is documented as {here:?} and exposed as {there:?}"));
                }
            }
        }
    }
    let undocumented = exposed.keys().filter(|name| !documented.contains_key(*name));
    differences.extend(undocumented.map(|name| format!("{name} is exposed and not documented")));
    differences
}

/// Names in `counter!("name"`, `gauge!(..`, `histogram!(..` and `Measure::counter("name"` of one folder.
fn recorded(folder: &Path, into: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            recorded(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("\n#[cfg(test)]").next().unwrap();
            for opening in ["counter!(", "gauge!(", "histogram!(", "::counter(", "::gauge(", "::histogram("] {
                for rest in code.split(opening).skip(1) {
                    if let Some(name) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) {
                        into.insert(name.to_owned(), path.display().to_string());
                    }
                }
            }
        }
    }
}

#[test]
fn whatever_the_source_records_is_documented() {
    let mut names = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap().flatten() {
        // Programs that prove the others record nothing for operators.
        if !["chaos", "local", "servers", "stack", "rollout"].iter().any(|name| entry.file_name() == *name) {
            recorded(&entry.path().join("src"), &mut names);
        }
    }
    assert!(names.len() > 50, "only {} names were found", names.len());
    let documented: BTreeSet<String> = sections().into_values().flat_map(BTreeMap::into_keys).collect();
    let missing: Vec<_> = names.iter().filter(|(name, _)| !documented.contains(*name)).collect();
    assert!(missing.is_empty(), "not in docs/MONITORING.md: {missing:?}");
}

//! What `/metrics` says, read.

use std::collections::{BTreeMap, BTreeSet};

/// One metric.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Metric {
    pub(super) kind: String,
    pub(super) help: String,
    /// Names of labels, but those that belong to histograms.
    pub(super) labels: BTreeSet<String>,
    /// How many series.
    pub(super) series: usize,
}

/// The metrics by name; a histogram's parts under its own name.
pub(super) fn read(text: &str) -> BTreeMap<String, Metric> {
    let mut found: BTreeMap<String, Metric> = BTreeMap::new();
    for line in text.lines() {
        if let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|rest| rest.split_once(' ')) {
            found.entry(name.to_owned()).or_default().help = help.to_owned();
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            found.entry(name.to_owned()).or_default().kind = kind.to_owned();
        }
    }
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (series, labels) = match line.split_once('{') {
            Some((series, rest)) => (series, rest.rsplit_once('}').unwrap().0),
            None => (line.split_once(' ').unwrap().0, ""),
        };
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|part| series.strip_suffix(part));
        let name = base.filter(|base| found.get(*base).is_some_and(|metric| metric.kind == "histogram"));
        let metric = found.entry(name.unwrap_or(series).to_owned()).or_default();
        metric.series += 1;
        metric.labels.extend(names(labels).filter(|label| label != "le"));
    }
    found.retain(|_, metric| metric.series > 0);
    found
}

/// `a="x",b="y"` -> a, b. Values may hold commas and escaped quotes.
fn names(labels: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = labels;
    std::iter::from_fn(move || {
        let (name, value) = rest.split_once("=\"")?;
        let name = name.trim_start_matches(',').to_owned();
        let mut escaped = false;
        let end = value.find(|character| {
            let ends = character == '"' && !escaped;
            escaped = character == '\\' && !escaped;
            ends
        })?;
        rest = &value[end + 1..];
        Some(name)
    })
}

#[test]
fn histograms_are_one_metric_and_values_may_hold_anything() {
    let text = "# HELP a_total It's \"a\".\n# TYPE a_total counter\na_total{x=\"1,\\\"y=\\\"\",z=\"{}\"} 3\n\n# TYPE b histogram\n\
                b_bucket{k=\"v\",le=\"1\"} 1\nb_bucket{k=\"v\",le=\"+Inf\"} 1\nb_sum{k=\"v\"} 2\nb_count{k=\"v\"} 1\nc 5\n";
    let found = read(text);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["a_total", "b", "c"]);
    assert_eq!(found["a_total"].labels, BTreeSet::from(["x".to_owned(), "z".to_owned()]));
    assert_eq!((found["a_total"].kind.as_str(), found["a_total"].help.as_str()), ("counter", "It's \"a\"."));
    assert_eq!((found["b"].labels.len(), found["b"].series), (1, 4));
}

//! The dashboards: complete, and what they ask.

use std::collections::BTreeSet;

use serde_json::Value;

use super::programs::{folder, text};

/// A query of a dashboard.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// `dashboard: panel`.
    pub(super) place: String,
    /// As it stands in the file.
    pub(super) expression: String,
}

fn all() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder().join("grafana/dashboards")).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let parsed = serde_json::from_str(&std::fs::read_to_string(entry.path()).unwrap());
        found.push((name.clone(), parsed.unwrap_or_else(|error| panic!("{name}: {error}"))));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn panels(dashboard: &Value) -> Vec<&Value> {
    dashboard["panels"].as_array().unwrap().iter().collect()
}

/// Every query of every dashboard, those of annotations included.
pub(super) fn queries() -> Vec<Query> {
    let mut found = Vec::new();
    for (file, dashboard) in all() {
        let mut add = |place: &Value, expression: &Value| {
            let (place, expression) = (place.as_str().unwrap(), expression.as_str().unwrap());
            found.push(Query { place: format!("{file}: {place}"), expression: expression.to_owned() });
        };
        for panel in panels(&dashboard) {
            for target in panel["targets"].as_array().into_iter().flatten() {
                add(&panel["title"], &target["expr"]);
            }
        }
        for annotation in dashboard["annotations"]["list"].as_array().unwrap() {
            add(&annotation["name"], &annotation["expr"]);
        }
    }
    found
}

#[test]
fn every_panel_says_what_it_shows_and_none_lies_upon_another() {
    let mut uids = BTreeSet::new();
    for (file, dashboard) in all() {
        let uid = dashboard["uid"].as_str().unwrap().to_owned();
        assert_eq!(format!("{}.json", uid.strip_prefix("e2i-").unwrap()), file);
        assert!(uids.insert(uid), "{file}: its uid is another's too");
        assert!(dashboard["description"].as_str().is_some_and(|words| words.len() > 20), "{file}");
        let (mut ids, mut covered) = (BTreeSet::new(), BTreeSet::new());
        for panel in panels(&dashboard) {
            let place = format!("{file}: {}", panel["title"]);
            assert!(ids.insert(panel["id"].as_i64().unwrap()), "{place}: its id is another's too");
            let side = |name: &str| panel["gridPos"][name].as_i64().unwrap();
            assert!(side("x") + side("w") <= 24, "{place} is wider than the page");
            for cell in
                (side("x")..side("x") + side("w")).flat_map(|x| (side("y")..side("y") + side("h")).map(move |y| (x, y)))
            {
                assert!(covered.insert(cell), "{place} lies upon another");
            }
            if panel["type"] == "row" {
                continue;
            }
            assert!(panel["description"].as_str().is_some_and(|words| words.ends_with('.')), "{place}: no description");
            let targets = panel["targets"].as_array().unwrap();
            assert!(!targets.is_empty(), "{place} asks nothing");
            for asks in targets.iter().chain([panel]) {
                assert_eq!(asks["datasource"]["uid"], "prometheus", "{place}");
            }
            if panel["type"] == "timeseries" || panel["type"] == "stat" {
                assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{place}: no unit");
            }
        }
    }
    assert!(uids.len() >= 5, "{uids:?}");
}

#[test]
fn grafana_finds_the_source_and_the_folder_that_are_provisioned() {
    let source = text("grafana/provisioning/datasources/prometheus.yml");
    assert!(source.contains("uid: prometheus\n") && source.contains("url: http://prometheus:9090\n"), "{source}");
    let provider = text("grafana/provisioning/dashboards/e2i.yml");
    let compose = std::fs::read_to_string(super::programs::root().join("docker-compose.yml")).unwrap();
    let mounted = "/etc/e2i/monitoring";
    assert!(provider.contains(&format!("path: {mounted}/grafana/dashboards ")), "{provider}");
    assert!(compose.contains(&format!("- ./docker/monitoring:{mounted}:ro")), "{mounted}");
    assert!(compose.contains(&format!("GF_PATHS_PROVISIONING: {mounted}/grafana/provisioning\n")), "{mounted}");
}

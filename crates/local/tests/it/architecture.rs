//! Who may use whom, as drawn in docs/ARCHITECTURE.md: arrows only point down.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Each crate and the siblings it may use. A new crate has to be drawn, and then written here.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("causal", &[]),
    ("servers", &[]),
    ("chassis", &["domain"]),
    ("store", &["domain"]),
    ("queue", &["domain"]),
    ("tables", &["domain"]),
    ("agents", &["causal", "domain", "tables"]),
    ("gateway", &["chassis", "domain", "queue", "store", "tables"]),
    ("notify", &["chassis"]),
    ("deployer", &["chassis", "domain", "notify"]),
    ("worker", &["agents", "chassis", "domain", "queue", "store", "tables"]),
    // Looks at everything: Postgres, Redis and the object store by their keepers, and never to change what is theirs.
    ("health", &["chassis", "domain", "notify", "queue", "store", "tables"]),
    // The one crate that knows all.
    ("local", &["causal", "chassis", "deployer", "domain", "gateway", "health", "queue", "servers", "worker"]),
    // Calls what reads bytes of strangers, as fuzzers need it; no product uses it.
    ("fuzzing", &["chassis", "deployer", "domain", "gateway", "tables"]),
    // Proves the whole from outside (ADR 0008): its program is every service as well, and no product uses it. The SQL it
    // has, for a schema of its own and to read, goes by `psql` of `servers`: no library for it.
    ("chaos", &["chassis", "domain", "local", "servers", "worker"]),
    // Looks at the containers from outside (ADR 0010): Docker by its command line, the API by `local`'s client.
    ("stack", &["local", "servers"]),
    // Releases on a server of its own (ADR 0012): the deployer by its API, what runs by Docker's command line.
    ("rollout", &["chassis", "local", "servers", "stack"]),
];

/// What tests may use beside: the private servers, from any crate.
const FOR_TESTS: &str = "servers";

/// Libraries that only these crates may use: SQL stands in `store` alone, Redis commands in `queue` alone.
const KEEPERS: &[(&str, &[&str])] = &[("sqlx", &["store"]), ("redis", &["queue"]), ("object_store", &["tables"])];

/// Crates without input and output use none of these.
const INPUT_AND_OUTPUT: &[&str] = &["tokio", "reqwest", "axum", "hyper", "sqlx", "redis", "object_store"];

fn workspace() -> Metadata {
    MetadataCommand::new().manifest_path("Cargo.toml").no_deps().exec().unwrap()
}

fn uses(package: &Package, kind: DependencyKind) -> BTreeSet<&str> {
    package.dependencies.iter().filter(|used| used.kind == kind).map(|used| used.name.as_str()).collect()
}

#[test]
fn arrows_point_only_as_drawn() {
    let metadata = workspace();
    let drawn: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let siblings: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(siblings, drawn.keys().copied().collect(), "a crate that is not drawn, or drawn and not there");
    for package in &metadata.packages {
        let name = package.name.as_str();
        let undrawn: Vec<&str> = uses(package, DependencyKind::Normal)
            .union(&uses(package, DependencyKind::Build))
            .filter(|used| siblings.contains(*used) && !drawn[name].contains(*used))
            .copied()
            .collect();
        assert!(undrawn.is_empty(), "{name} uses {undrawn:?}, which is not drawn");
        let in_tests: Vec<&str> = uses(package, DependencyKind::Development)
            .into_iter()
            .filter(|used| siblings.contains(*used) && *used != FOR_TESTS && !drawn[name].contains(used))
            .collect();
        assert!(in_tests.is_empty(), "the tests of {name} use {in_tests:?}: only `{FOR_TESTS}` may be added");
    }
}

#[test]
fn what_is_drawn_has_no_circle() {
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    while placed.len() < ARROWS.len() {
        let next = ARROWS
            .iter()
            .find(|(name, used)| !placed.contains(name) && used.iter().all(|used| placed.contains(used)))
            .unwrap_or_else(|| panic!("a circle among the crates that are not {placed:?}"));
        placed.insert(next.0);
    }
}

#[test]
fn each_store_has_one_keeper() {
    for package in &workspace().packages {
        let used = uses(package, DependencyKind::Normal);
        for (library, keepers) in KEEPERS {
            let may = keepers.contains(&package.name.as_str());
            assert!(may || !used.contains(library), "{} uses {library}, which is kept by {keepers:?}", package.name);
        }
    }
}

#[test]
fn what_is_pure_does_no_input_and_output() {
    for package in workspace().packages.iter().filter(|package| ["domain", "causal"].contains(&package.name.as_str())) {
        let used = uses(package, DependencyKind::Normal);
        let impure: Vec<_> = INPUT_AND_OUTPUT.iter().filter(|library| used.contains(*library)).collect();
        assert!(impure.is_empty(), "{} uses {impure:?}", package.name);
    }
}

#[test]
fn features_are_set_in_one_place() {
    for package in &workspace().packages {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        let own = manifest.lines().find(|line| line.contains("features = [") && !line.starts_with(['#', 'r']));
        assert_eq!(own, None, "{}: set features in the workspace's Cargo.toml", package.name);
    }
}

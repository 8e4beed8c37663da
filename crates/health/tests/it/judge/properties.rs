//! What holds whatever happens.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use health::board::State;
use health::judge::{Happening, News};
use proptest::prelude::*;

use crate::stage::{Stage, Told, Truth, platform};

/// One thing that happens, and for how long nothing else does.
#[derive(Debug, Clone, Copy)]
struct Act {
    place: usize,
    truth: Truth,
    seconds: u64,
    restarts: bool,
    jump_s: i64,
}

fn act() -> impl Strategy<Value = Act> {
    let truth = prop_oneof![
        4 => Just(Truth::Well),
        3 => Just(Truth::Down),
        1 => Just(Truth::Hangs),
        1 => Just(Truth::Warns),
    ];
    let jump = prop_oneof![3 => Just(0), 1 => Just(3_600), 1 => Just(-3_600)];
    (0..platform().len(), truth, 1_u64..90, prop::bool::weighted(0.1), jump)
        .prop_map(|(place, truth, seconds, restarts, jump_s)| Act { place, truth, seconds, restarts, jump_s })
}

fn play(acts: &[Act], jumps: bool, restarts: bool) -> Stage {
    let mut stage = Stage::well(platform());
    for act in acts {
        let name = platform()[act.place].id.to_string();
        stage.set(&name, act.truth);
        if restarts && act.restarts {
            let memory = stage.memory();
            stage.restart(Duration::from_secs(3), memory);
        }
        if jumps {
            stage.jump(TimeDelta::seconds(act.jump_s));
        }
        stage.run(Duration::from_secs(act.seconds));
    }
    // All is well at last, for so long that nothing flaps any more.
    for part in platform() {
        stage.set(part.id.as_str(), Truth::Well);
    }
    stage.run(Duration::from_mins(40));
    stage
}

fn by_incident(told: &[Told]) -> BTreeMap<i64, Vec<News>> {
    let mut threads: BTreeMap<i64, Vec<News>> = BTreeMap::new();
    for told in told {
        threads.entry(told.incident.id).or_default().push(told.news);
    }
    threads
}

fn check(stage: &Stage) {
    for (id, news) in by_incident(&stage.told) {
        assert!(matches!(news[0], News::Raised | News::Flapping), "#{id}: {news:?}");
        assert!(matches!(news.last(), Some(News::Resolved | News::Stable)), "#{id} never ended: {news:?}");
        let count = |what: News| news.iter().filter(|news| **news == what).count();
        assert!(count(News::Raised) <= 1 && count(News::Resolved) <= 1, "#{id}: {news:?}");
        assert_eq!(count(News::Flapping), count(News::Stable), "#{id}: {news:?}");
        for pair in news.windows(2) {
            // While it flaps nothing is told but that it no longer does.
            assert_eq!(pair[0] == News::Flapping, pair[1] == News::Stable, "#{id}: {news:?}");
        }
    }
    assert_eq!(stage.judge.incidents().count(), 0);
    assert!(stage.judge.standings().iter().all(|standing| standing.state == State::Pass));
    one_at_a_time(stage);
}

/// No part has two incidents at once.
fn one_at_a_time(stage: &Stage) {
    let mut open: BTreeMap<String, i64> = BTreeMap::new();
    for happening in &stage.happenings {
        let Happening::Incident { incident, .. } = happening else { continue };
        let part = incident.part.to_string();
        if incident.ended_at.is_some() {
            assert_eq!(open.remove(&part), Some(incident.id));
        } else {
            assert_eq!(*open.entry(part).or_insert(incident.id), incident.id);
        }
    }
    assert!(open.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_begins_ends_once(acts in prop::collection::vec(act(), 1..60)) {
        check(&play(&acts, true, true));
    }

    #[test]
    fn the_wall_clock_changes_nothing_that_is_told(acts in prop::collection::vec(act(), 1..60)) {
        let (with, without) = (play(&acts, true, false), play(&acts, false, false));
        let told = |stage: &Stage| -> Vec<(String, Duration)> {
            stage.lines().into_iter().zip(stage.told.iter().map(|told| told.after)).collect()
        };
        prop_assert_eq!(told(&with), told(&without));
    }

    /// Postgres is down from the first second to the last: of those that stand on it none is told that was well before.
    #[test]
    fn nobody_is_blamed_for_the_failure_of_what_it_stands_on(acts in prop::collection::vec(act(), 1..40)) {
        let mut stage = Stage::well(platform());
        stage.set("postgres", Truth::Down);
        for act in &acts {
            let name = platform()[act.place].id.to_string();
            if name != "postgres" {
                stage.set(&name, act.truth);
            }
            stage.run(Duration::from_secs(act.seconds));
        }
        let on_postgres = |line: &String| ["gateway", "worker", "mlflow", "canary"].iter().any(|name| line.starts_with(name));
        // What broke by itself before it was first looked at fails like the others do.
        prop_assert!(!stage.lines().iter().any(on_postgres), "{:?}", stage.lines());
    }

    /// No time is counted twice, and none is lost while somebody watches.
    #[test]
    fn the_time_of_all_looks_is_the_time_that_went_by(acts in prop::collection::vec(act(), 1..40)) {
        let stage = play(&acts, true, false);
        for part in platform() {
            let covered: Duration = stage.samples.iter().filter(|sample| sample.part == part.id).map(|sample| sample.covers).sum();
            prop_assert!(covered <= stage.elapsed);
            prop_assert!(stage.elapsed.saturating_sub(covered) <= Duration::from_secs(45), "{}: {:?}", part.id, stage.elapsed.saturating_sub(covered));
        }
    }
}

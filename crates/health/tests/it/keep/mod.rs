//! What is kept, and for how long.

mod damage;
mod history;
#[path = "../../../examples/year/simulation.rs"]
mod simulation;
mod story;
mod together;
mod year;

use chrono::{DateTime, TimeDelta, Utc};
use health::board::State;
use health::judge::{Incident, Sample};
use health::keep::Keeper;
use health::part::Importance;
use health::reading::Verdict;
use std::time::Duration;
use tempfile::TempDir;

use crate::stage::id;

/// Noon of some day.
fn noon() -> DateTime<Utc> {
    "2026-11-26T12:00:00Z".parse().unwrap()
}

fn keeper() -> (TempDir, Keeper) {
    let folder = tempfile::tempdir().unwrap();
    let keeper = Keeper::open(folder.path(), noon()).unwrap();
    (folder, keeper)
}

fn sample(part: &str, at: DateTime<Utc>, state: State, covers_s: u64) -> Sample {
    let verdict = match state {
        State::Fail => Verdict::Fail,
        State::Warn => Verdict::Warn,
        State::NotConfigured => Verdict::NotConfigured,
        State::Pass | State::Unknown => Verdict::Pass,
    };
    let latency = (verdict == Verdict::Pass).then(|| Duration::from_millis(4));
    Sample { part: id(part), at, latency, verdict, state, covers: Duration::from_secs(covers_s) }
}

fn incident(number: i64, began_at: DateTime<Utc>, lasted: Option<TimeDelta>) -> Incident {
    let detected_at = began_at + TimeDelta::seconds(2);
    Incident {
        id: number,
        part: id("redis"),
        title: "Redis".into(),
        importance: Importance::Critical,
        state: State::Fail,
        began_at,
        detected_at,
        ended_at: lasted.map(|lasted| began_at + lasted),
        detect: Duration::from_secs(9),
        resolve: lasted.map(|lasted| lasted.to_std().unwrap()),
        flaps: false,
        flapped: 0,
        affected: vec![id("worker")],
        cause: None,
        deployment: Some(12),
        words: "connection refused".into(),
        told: 1,
        reminders: 0,
        told_at: detected_at,
    }
}

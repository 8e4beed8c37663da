//! What outlives a restart.

use std::time::Duration;

use health::board::State;
use health::judge::News;
use health::part::Part;

use crate::stage::{Stage, Truth, id, platform};

const MOMENT: Duration = Duration::from_secs(5);

#[test]
fn an_incident_goes_on_after_a_restart() {
    let mut stage = Stage::well(platform());
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(2));
    let memory = stage.memory();
    assert_eq!(memory.incidents.len(), 1);
    stage.restart(MOMENT, memory);
    assert_eq!(stage.standing("postgres").state, State::Fail, "it is down before anybody looked again");
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.lines(), ["postgres raised"], "not told twice");
    assert_eq!(stage.standing("canary").suppressed_by, Some(id("postgres")));
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.lines(), ["postgres raised", "postgres resolved"]);
    let resolved = &stage.told[1];
    let lasted = resolved.after.saturating_sub(stage.told[0].after);
    assert!(resolved.incident.resolve.unwrap().abs_diff(lasted) < Duration::from_secs(1));
}

#[test]
fn what_ended_while_nobody_watched_is_resolved_after_it() {
    let mut stage = Stage::well(platform());
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(2));
    let memory = stage.memory();
    stage.set("redis", Truth::Well);
    stage.restart(Duration::from_hours(1), memory);
    let resolved = stage.until_told(Duration::from_mins(1));
    assert_eq!((resolved.part.as_str(), resolved.news), ("redis", News::Resolved));
}

#[test]
fn what_broke_while_nobody_watched_is_raised_soon_after_a_short_absence() {
    let mut stage = Stage::well(platform());
    let memory = stage.memory();
    stage.set("redis", Truth::Down);
    stage.restart(MOMENT, memory);
    let restarted = stage.elapsed;
    let raised = stage.until_told(Duration::from_mins(1));
    assert!(
        raised.after.saturating_sub(restarted) <= Duration::from_secs(15),
        "{:?}",
        raised.after.saturating_sub(restarted)
    );
}

#[test]
fn a_long_absence_is_a_cold_start() {
    let mut stage = Stage::well(platform());
    let memory = stage.memory();
    stage.set("redis", Truth::Down);
    stage.restart(Duration::from_mins(10), memory);
    let restarted = stage.elapsed;
    let raised = stage.until_told(Duration::from_mins(5));
    assert!(raised.after.saturating_sub(restarted) >= stage.rules.settle);
}

#[test]
fn flapping_goes_on_after_a_restart() {
    let mut stage = Stage::well(platform());
    for round in 0..12 {
        stage.set("redis", Truth::Down);
        stage.run(Duration::from_secs(40));
        stage.set("redis", Truth::Well);
        stage.run(Duration::from_secs(40));
        if round == 2 || round == 8 {
            let memory = stage.memory();
            stage.restart(MOMENT, memory);
        }
    }
    stage.run(Duration::from_hours(1));
    assert_eq!(stage.lines()[6..], ["redis flapping", "redis stable"]);
}

#[test]
fn numbers_are_never_given_twice() {
    let mut stage = Stage::well(platform());
    for round in 1..4 {
        stage.set("redis", Truth::Down);
        stage.run(Duration::from_mins(10));
        stage.set("redis", Truth::Well);
        stage.run(Duration::from_mins(10));
        assert_eq!(stage.told.last().unwrap().incident.id, round);
        let memory = stage.memory();
        stage.restart(MOMENT, memory);
    }
}

#[test]
fn an_incident_of_what_is_watched_no_more_ends() {
    let mut stage = Stage::well(platform());
    stage.set("mlflow", Truth::Down);
    stage.run(Duration::from_mins(2));
    let memory = stage.memory();
    let kept = |part: &Part| part.id != id("mlflow");
    stage.parts.retain(kept);
    stage.restart(MOMENT, memory);
    stage.run(Duration::from_secs(2));
    assert_eq!(stage.lines(), ["mlflow raised", "mlflow resolved"]);
    assert_eq!(stage.told[1].incident.words, "It is not watched any more.");
}

//! How much it takes to believe that a part is down, or well.

use std::time::Duration;

use chrono::TimeDelta;
use health::board::State;
use health::cause::Release;
use health::judge::News;
use health::part::Importance;

use crate::stage::{Stage, Truth, part};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn one_failure_is_no_news() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    for _ in 0..30 {
        // Down for one look at most; it is looked at again after a second.
        stage.set("redis", Truth::Down);
        let looks = stage.samples.len();
        while stage.samples.len() == looks {
            stage.run(Duration::from_millis(250));
        }
        stage.set("redis", Truth::Well);
        stage.run(Duration::from_mins(3));
    }
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
    assert_eq!(stage.standing("redis").state, State::Pass);
}

#[test]
fn what_is_down_is_told_within_an_interval_and_two_seconds_and_its_end_too() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    let killed = stage.elapsed;
    stage.set("redis", Truth::Down);
    let raised = stage.until_told(Duration::from_mins(1));
    assert_eq!(raised.news, News::Raised);
    assert!(
        raised.after.saturating_sub(killed) <= Duration::from_millis(12_500),
        "{:?}",
        raised.after.saturating_sub(killed)
    );
    assert_eq!(raised.incident.words, "connection refused");
    // From the last look that was well.
    assert!(raised.incident.detect >= raised.after.saturating_sub(killed) && raised.incident.detect <= SECOND * 13);
    stage.run(Duration::from_hours(1));
    let back = stage.elapsed;
    stage.set("redis", Truth::Well);
    let resolved = stage.until_told(Duration::from_mins(1));
    assert_eq!(resolved.news, News::Resolved);
    assert!(
        resolved.after.saturating_sub(back) <= Duration::from_millis(11_500),
        "{:?}",
        resolved.after.saturating_sub(back)
    );
    assert_eq!(resolved.incident.resolve.unwrap(), resolved.after.saturating_sub(raised.after));
    stage.run(Duration::from_hours(1));
    assert_eq!(stage.lines(), ["redis raised", "redis resolved"]);
}

#[test]
fn what_hangs_is_down_too() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    let paused = stage.elapsed;
    stage.set("redis", Truth::Hangs);
    let raised = stage.until_told(Duration::from_mins(1));
    // An interval, three timeouts, two pauses.
    assert!(raised.after.saturating_sub(paused) <= SECOND * 22, "{:?}", raised.after.saturating_sub(paused));
}

#[test]
fn a_part_that_is_seldom_looked_at_is_looked_at_often_while_it_is_in_doubt_or_down() {
    let mut object_store = part("objects", &[]);
    object_store.cadence.interval = Duration::from_mins(15);
    let mut stage = Stage::well(vec![object_store]);
    stage.set("objects", Truth::Down);
    stage.run(Duration::from_mins(16));
    stage.set("objects", Truth::Well);
    stage.run(Duration::from_secs(32));
    assert_eq!(stage.lines(), ["objects raised", "objects resolved"]);
    let looks = stage.samples.len();
    stage.run(Duration::from_mins(15));
    assert!(stage.samples.len() <= looks + 1, "it is left alone again");
}

#[test]
fn what_is_slow_while_it_comes_back_is_no_news() {
    let mut stage = Stage::well(vec![part("gateway", &[])]);
    for (truth, seconds) in [(Truth::Down, 60), (Truth::Warns, 20), (Truth::Well, 120)] {
        stage.set("gateway", truth);
        stage.run(Duration::from_secs(seconds));
    }
    assert_eq!(stage.lines(), ["gateway raised", "gateway resolved"]);
}

#[test]
fn a_warning_that_becomes_a_failure_is_one_incident() {
    let mut stage = Stage::well(vec![part("disk", &[])]);
    for truth in [Truth::Warns, Truth::Down, Truth::Warns, Truth::Well] {
        stage.set("disk", truth);
        stage.run(Duration::from_mins(2));
    }
    assert_eq!(stage.lines(), ["disk raised", "disk worsened", "disk eased", "disk resolved"]);
    assert!(stage.told.iter().all(|told| told.incident.id == 1));
    let states: Vec<_> = stage.told.iter().map(|told| told.incident.state).collect();
    assert_eq!(states, [State::Warn, State::Fail, State::Warn, State::Warn]);
}

#[test]
fn a_critical_incident_is_reminded_of_every_four_hours_an_optional_one_is_not() {
    let mut optional = part("claude", &[]);
    optional.importance = Importance::Optional;
    let mut stage = Stage::well(vec![part("redis", &[]), optional]);
    stage.set("redis", Truth::Down);
    stage.set("claude", Truth::Down);
    stage.run(Duration::from_hours(13));
    let reminded: Vec<_> = stage.told.iter().filter(|told| told.news == News::Reminded).collect();
    assert_eq!(reminded.len(), 3);
    assert!(reminded.iter().all(|told| told.part == "redis"));
    assert_eq!(reminded[2].incident.reminders, 3);
}

#[test]
fn all_of_the_time_belongs_to_a_state_and_a_doubt_to_what_it_turned_out_to_be() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(5));
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(5));
    let of = |state: State| -> Duration {
        stage.samples.iter().filter(|sample| sample.state == state).map(|sample| sample.covers).sum()
    };
    let (down, whole) = (of(State::Fail), of(State::Fail) + of(State::Pass));
    assert!(stage.elapsed.saturating_sub(whole) <= SECOND * 11, "{whole:?} of {:?}", stage.elapsed);
    assert!(down.abs_diff(Duration::from_mins(5)) <= SECOND * 11, "down for {down:?}");
}

#[test]
fn what_began_soon_after_a_release_says_so() {
    let mut gateway = part("gateway", &[]);
    gateway.service = Some("gateway");
    let mut stage = Stage::well(vec![gateway]);
    let ended_at = stage.wall;
    let release = |deployment, services: &[&str], ago| Release {
        deployment,
        commit: format!("abc123{deployment}"),
        is_rollback: false,
        began_at: ended_at - TimeDelta::minutes(ago + 1),
        ended_at: Some(ended_at - TimeDelta::minutes(ago)),
        services: services.iter().map(|name| (*name).to_owned()).collect(),
    };
    stage.run(Duration::from_secs(40));
    stage.set("gateway", Truth::Down);
    let raised = stage.until_told(Duration::from_mins(1));
    assert_eq!(raised.incident.cause, None, "nothing is known of a release yet");
    let known = vec![release(7, &["gateway"], 0), release(8, &["worker"], 0), release(6, &["gateway"], 5)];
    let happenings = stage.judge.know_releases(known);
    stage.hear(happenings);
    let incident = stage.judge.incidents().next().unwrap();
    assert_eq!(incident.deployment, Some(7));
    let cause = incident.cause.clone().unwrap();
    assert!(cause.starts_with("red 4") && cause.ends_with("s after release abc1237: roll back"), "{cause}");
    let release = release(7, &["gateway"], 0);
    assert!(stage.judge.know_releases(vec![release]).is_empty(), "explained once");
}

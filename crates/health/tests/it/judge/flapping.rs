//! What goes up and down again and again.

use std::time::Duration;

use health::board::State;
use health::judge::News;

use crate::stage::{Stage, Truth, part, platform};

fn toggle(stage: &mut Stage, name: &str, times: u32, period: Duration) {
    for _ in 0..times {
        stage.set(name, Truth::Down);
        stage.run(period);
        stage.set(name, Truth::Well);
        stage.run(period);
    }
}

#[test]
fn flapping_is_told_once_and_stable_once_and_nothing_between() {
    for period in [Duration::from_secs(25), Duration::from_mins(1), Duration::from_mins(2)] {
        let mut stage = Stage::well(vec![part("redis", &[])]);
        toggle(&mut stage, "redis", 20, period);
        stage.run(Duration::from_hours(2));
        let lines = stage.lines();
        let flapping = lines.iter().position(|line| line == "redis flapping").unwrap();
        assert_eq!(lines[flapping..], ["redis flapping", "redis stable"], "{period:?}");
        // Three times down and up are news; the fourth says that it flaps.
        assert_eq!(flapping, 6, "{period:?}: {lines:?}");
        assert!(stage.told.last().unwrap().incident.ended_at.is_some());
        assert!(!stage.standing("redis").flapping);
    }
}

#[test]
fn what_never_reaches_a_threshold_but_fails_every_other_look_flaps() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    let begun = stage.elapsed;
    let mut looks = stage.samples.len();
    let mut down = false;
    while stage.elapsed < begun + Duration::from_mins(10) {
        stage.run(Duration::from_millis(250));
        if stage.samples.len() > looks {
            looks = stage.samples.len();
            down = !down;
            stage.set("redis", if down { Truth::Down } else { Truth::Well });
        }
    }
    assert_eq!(stage.lines(), ["redis flapping"]);
    assert_eq!(stage.standing("redis").state, State::Pass);
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(30));
    assert_eq!(stage.lines(), ["redis flapping", "redis stable"]);
}

#[test]
fn what_stays_down_after_flapping_is_stable_and_down_and_ends_later() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    toggle(&mut stage, "redis", 8, Duration::from_secs(40));
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_hours(1));
    let stable = stage.told.last().unwrap().clone();
    assert_eq!((stable.news, stable.incident.state), (News::Stable, State::Fail));
    assert!(stable.incident.ended_at.is_none());
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(5));
    assert_eq!(stage.told.last().unwrap().news, News::Resolved);
}

#[test]
fn outages_far_apart_are_told_each() {
    let mut stage = Stage::well(vec![part("redis", &[])]);
    toggle(&mut stage, "redis", 10, Duration::from_mins(15));
    assert_eq!(stage.lines(), ["redis raised", "redis resolved"].repeat(10));
}

#[test]
fn three_faults_in_a_row_are_three_alerts() {
    let mut stage = Stage::well(platform());
    for fault in [Truth::Down, Truth::Hangs, Truth::Down] {
        stage.set("gateway", fault);
        stage.run(Duration::from_secs(35));
        stage.set("gateway", Truth::Well);
        stage.run(Duration::from_secs(35));
    }
    assert_eq!(stage.lines(), ["gateway raised", "gateway resolved"].repeat(3));
}

#[test]
fn the_children_of_what_flaps_say_nothing() {
    let mut stage = Stage::well(platform());
    toggle(&mut stage, "postgres", 30, Duration::from_secs(45));
    stage.run(Duration::from_hours(2));
    assert!(stage.lines().iter().all(|line| line.starts_with("postgres")), "{:?}", stage.lines());
    assert_eq!(stage.lines()[6..], ["postgres flapping", "postgres stable"]);
}

#[test]
fn what_follows_its_parent_down_and_up_does_not_flap() {
    let mut stage = Stage::well(vec![part("postgres", &[]), part("gateway", &["postgres"])]);
    for _ in 0..3 {
        stage.set("postgres", Truth::Down);
        stage.run(Duration::from_mins(1));
        stage.set("postgres", Truth::Well);
        stage.run(Duration::from_mins(3));
    }
    let told = stage.lines().len();
    for _ in 0..2 {
        stage.set("gateway", Truth::Down);
        stage.run(Duration::from_mins(1));
        stage.set("gateway", Truth::Well);
        stage.run(Duration::from_mins(1));
    }
    let of_gateway = stage.lines()[told..].to_vec();
    assert_eq!(of_gateway, ["gateway raised", "gateway resolved", "gateway raised", "gateway resolved"]);
}

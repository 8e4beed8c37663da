//! Maintenance, releases and cold starts.

use std::time::Duration;

use chrono::TimeDelta;
use health::board::State;
use health::judge::{Happening, Window};
use health::part::PartId;

use crate::stage::{Stage, Truth, id, platform};

fn window(stage: &Stage, number: i64, parts: &[&str], from_s: i64, minutes: i64) -> Window {
    let from = stage.wall + TimeDelta::seconds(from_s);
    Window {
        id: number,
        parts: parts.iter().map(|part| id(part)).collect::<Vec<PartId>>(),
        from,
        until: from + TimeDelta::minutes(minutes),
        reason: "new disks".into(),
        by: Some("ada@example.org".into()),
        deployment: None,
    }
}

fn open(stage: &mut Stage, window: Window) {
    let happenings = stage.judge.open_window(stage.now(), window);
    stage.hear(happenings);
}

fn close(stage: &mut Stage, number: i64) {
    let happenings = stage.judge.close_window(stage.now(), number);
    stage.hear(happenings);
}

#[test]
fn what_is_in_maintenance_raises_nothing_and_is_still_seen() {
    let mut stage = Stage::well(platform());
    let announced = window(&stage, 1, &["postgres"], 0, 60);
    open(&mut stage, announced);
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(30));
    let standing = stage.standing("postgres");
    assert_eq!((standing.state, standing.excused_by.as_deref()), (State::Fail, Some("new disks")));
    assert_eq!(stage.standing("gateway").suppressed_by, Some(id("postgres")));
    stage.set("postgres", Truth::Well);
    stage.run(Duration::from_mins(40));
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
    let began = stage.happenings.iter().filter(|happening| matches!(happening, Happening::WindowBegan(_))).count();
    let ended = stage.happenings.iter().filter(|happening| matches!(happening, Happening::WindowEnded(_))).count();
    assert_eq!((began, ended), (1, 1), "it ended by itself");
}

#[test]
fn what_is_still_down_when_it_ends_is_raised_then() {
    let mut stage = Stage::well(platform());
    let announced = window(&stage, 1, &["redis"], 0, 60);
    open(&mut stage, announced);
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(10));
    assert!(stage.told.is_empty());
    let closed = stage.elapsed;
    close(&mut stage, 1);
    let raised = stage.until_told(Duration::from_mins(1));
    assert_eq!(raised.part, "redis");
    assert!(raised.after.saturating_sub(closed) <= Duration::from_secs(2), "it is looked at once more, at once");
    assert!(raised.incident.detect <= Duration::from_secs(2), "what was excused is no delay");
    stage.run(Duration::from_mins(2));
    assert_eq!(stage.lines(), ["redis raised"]);
}

#[test]
fn what_came_back_just_before_it_ended_is_not_raised() {
    let mut stage = Stage::well(platform());
    let announced = window(&stage, 1, &[], 0, 60);
    open(&mut stage, announced);
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(10));
    // Back, and not seen yet.
    stage.set("redis", Truth::Well);
    close(&mut stage, 1);
    stage.run(Duration::from_mins(5));
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
}

#[test]
fn an_end_is_told_even_in_maintenance() {
    let mut stage = Stage::well(platform());
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(1));
    let announced = window(&stage, 1, &[], 0, 60);
    open(&mut stage, announced);
    stage.set("redis", Truth::Well);
    stage.run(Duration::from_mins(1));
    assert_eq!(stage.lines(), ["redis raised", "redis resolved"]);
}

#[test]
fn a_window_to_come_begins_when_it_should_and_excuses_nothing_before() {
    let mut stage = Stage::well(platform());
    let announced = window(&stage, 1, &["redis"], 600, 60);
    open(&mut stage, announced);
    stage.set("redis", Truth::Down);
    stage.run(Duration::from_mins(1));
    assert_eq!(stage.lines(), ["redis raised"]);
    assert_eq!(stage.standing("redis").excused_by, None);
    stage.run(Duration::from_mins(10));
    assert_eq!(stage.standing("redis").excused_by.as_deref(), Some("new disks"));
}

#[test]
fn a_clock_that_is_put_forward_does_not_end_a_window() {
    let mut stage = Stage::well(platform());
    let announced = window(&stage, 1, &["redis"], 0, 30);
    open(&mut stage, announced.clone());
    stage.set("redis", Truth::Down);
    stage.jump(TimeDelta::hours(1));
    stage.run(Duration::from_mins(10));
    // Whoever reads it by the wall clock does not find it any more.
    let happenings = stage.judge.follow_windows(stage.now(), &[]);
    stage.hear(happenings);
    stage.run(Duration::from_mins(10));
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
    stage.run(Duration::from_mins(11));
    assert_eq!(stage.lines(), ["redis raised"], "it ended after its half hour");
}

#[test]
fn windows_are_followed_as_a_whole() {
    let mut stage = Stage::well(platform());
    let (one, two) = (window(&stage, 1, &["redis"], 0, 30), window(&stage, 2, &["postgres"], 0, 30));
    let began = stage.judge.follow_windows(stage.now(), &[one.clone(), two.clone()]);
    assert_eq!(began.len(), 2);
    assert!(stage.judge.follow_windows(stage.now(), &[one.clone(), two.clone()]).is_empty());
    let ended = stage.judge.follow_windows(stage.now(), std::slice::from_ref(&two));
    assert_eq!(ended, [Happening::WindowEnded(one)]);
}

#[test]
fn a_cold_start_raises_nothing_for_two_minutes() {
    let mut stage = Stage::first(platform());
    for part in platform() {
        stage.set(part.id.as_str(), Truth::Down);
    }
    assert!(stage.judge.picture(stage.now()).settling_until.is_some());
    stage.run(Duration::from_secs(100));
    for part in platform() {
        stage.set(part.id.as_str(), Truth::Well);
    }
    stage.run(Duration::from_mins(10));
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
    assert!(stage.judge.picture(stage.now()).settling_until.is_none());
}

#[test]
fn what_a_cold_start_leaves_down_is_raised_after_it() {
    let mut stage = Stage::first(platform());
    stage.set("postgres", Truth::Down);
    stage.run(Duration::from_mins(1));
    assert!(stage.told.is_empty(), "{:?}", stage.lines());
    assert_eq!(stage.standing("gateway").suppressed_by, Some(id("postgres")), "shown, though nobody is told yet");
    stage.run(Duration::from_mins(4));
    assert_eq!(stage.lines(), ["postgres raised"]);
}

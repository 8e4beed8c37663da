//! Clocks that jump.

use std::time::Duration;

use chrono::TimeDelta;

use crate::stage::{Stage, Truth, platform};

#[test]
fn an_hour_either_way_is_no_news() {
    for hours in [1, -1] {
        let mut stage = Stage::well(platform());
        for _ in 0..5 {
            stage.jump(TimeDelta::hours(hours));
            stage.run(Duration::from_mins(1));
        }
        assert!(stage.told.is_empty(), "{:?}", stage.lines());
        assert!(stage.happenings.len() <= platform().len(), "nothing but the first looks changed anything");
    }
}

#[test]
fn durations_do_not_jump() {
    for hours in [1, -1] {
        let mut stage = Stage::well(platform());
        stage.set("redis", Truth::Down);
        let raised = stage.until_told(Duration::from_mins(1));
        assert!(raised.incident.detect < Duration::from_secs(15));
        stage.jump(TimeDelta::hours(hours * 5));
        stage.run(Duration::from_mins(10));
        assert_eq!(stage.lines(), ["redis raised"], "no reminder four hours early or late");
        stage.set("redis", Truth::Well);
        let resolved = stage.until_told(Duration::from_mins(1));
        assert_eq!(resolved.incident.resolve.unwrap(), resolved.after.saturating_sub(raised.after));
    }
}

#[test]
fn a_cold_start_is_excused_for_as_long_as_it_should_be() {
    for hours in [1, -1] {
        let mut stage = Stage::first(platform());
        stage.set("redis", Truth::Down);
        stage.run(Duration::from_secs(30));
        stage.jump(TimeDelta::hours(hours));
        let raised = stage.until_told(Duration::from_mins(5));
        let settle = stage.rules.settle;
        assert!(raised.after >= settle && raised.after <= settle + Duration::from_secs(12), "{:?}", raised.after);
    }
}

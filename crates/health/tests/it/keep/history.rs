//! Days, shares and latencies.

use chrono::TimeDelta;
use health::board::State;
use health::keep::{Batch, Keeper};

use super::{keeper, noon, sample};
use crate::stage::id;

fn write(keeper: &Keeper, samples: Vec<health::judge::Sample>) {
    let now = samples.iter().map(|sample| sample.at).max().unwrap();
    keeper.write(now, &Batch { samples, ..Batch::default() }).unwrap();
}

#[test]
fn time_is_spread_over_the_days_that_it_lies_in() {
    let (_folder, keeper) = keeper();
    // Down from two hours before midnight until noon, in one stroke.
    write(&keeper, vec![sample("redis", noon(), State::Fail, 14 * 3_600)]);
    let days = keeper.days(noon(), 3).unwrap();
    let down: Vec<_> = days[&id("redis")].iter().map(|day| (day.date.to_string(), day.down_s, day.up_share)).collect();
    assert_eq!(
        down,
        [
            ("2026-11-24".to_owned(), 0.0, None),
            ("2026-11-25".to_owned(), 2.0 * 3_600.0, Some(0.0)),
            ("2026-11-26".to_owned(), 12.0 * 3_600.0, Some(0.0)),
        ]
    );
}

#[test]
fn shares_are_of_the_time_that_was_observed() {
    let (_folder, keeper) = keeper();
    let at = |hours| noon() - TimeDelta::hours(hours);
    write(
        &keeper,
        vec![
            // Two days ago it was down for an hour; nobody watched in between.
            sample("redis", at(48), State::Fail, 3_600),
            sample("redis", at(1), State::Pass, 3 * 3_600),
            sample("redis", noon(), State::Warn, 3_600),
            sample("backup", noon(), State::NotConfigured, 3_600),
        ],
    );
    let uptime = keeper.uptime(noon()).unwrap();
    let redis = uptime[&id("redis")];
    assert_eq!((redis.h24, redis.d7, redis.d90), (Some(1.0), Some(0.8), Some(0.8)));
    assert_eq!(uptime[&id("backup")].d90, None, "what is not set up has no share");
    let today = keeper.days(noon(), 1).unwrap()[&id("redis")][0].clone();
    assert_eq!((today.observed_s, today.warn_s), (4.0 * 3_600.0, 3_600.0));
}

#[test]
fn time_in_doubt_is_given_to_nothing() {
    let (_folder, keeper) = keeper();
    write(&keeper, vec![sample("redis", noon(), State::Unknown, 60)]);
    assert_eq!(keeper.uptime(noon()).unwrap()[&id("redis")].h24, None);
}

#[test]
fn latencies_come_in_steps_that_fit_the_time_asked_for() {
    let (_folder, keeper) = keeper();
    let mut samples = Vec::new();
    for look in 0..60 {
        let mut seen = sample("redis", noon() - TimeDelta::seconds(look * 10), State::Pass, 10);
        seen.latency = seen.latency.map(|_| std::time::Duration::from_millis(if look == 0 { 100 } else { 10 }));
        samples.push(seen);
    }
    samples.push(sample("redis", noon() - TimeDelta::seconds(5), State::Fail, 0));
    write(&keeper, samples);
    for (hours, step_s, points) in [(1, 60, 11), (24, 300, 3), (7 * 24, 3_600, 2), (90 * 24, 86_400, 1)] {
        let view = keeper.latency(noon(), &id("redis"), hours).unwrap().unwrap();
        assert_eq!((view.step_s, view.points.len()), (step_s, points), "{hours} h");
        assert_eq!(view.points.iter().map(|point| point.looks).sum::<u32>(), 61, "{hours} h");
        assert_eq!(view.points.iter().map(|point| point.failures).sum::<u32>(), 1, "{hours} h");
        let most = view.points.iter().filter_map(|point| point.max_ms).fold(0.0, f64::max);
        assert!((most - 100.0).abs() < 1e-9, "{hours} h: {most}");
        assert!(view.points.is_sorted_by_key(|point| point.at));
    }
    assert!(keeper.latency(noon(), &id("postgres"), 1).unwrap().is_none());
}

#[test]
fn what_is_too_old_goes_and_the_sums_stay() {
    let (_folder, keeper) = keeper();
    let rows = |keeper: &Keeper, sql: &str| -> i64 {
        rusqlite::Connection::open(keeper.path()).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    for day in [1_500, 500, 40, 3, 0] {
        let at = noon() - TimeDelta::days(day);
        let seen =
            (0..20_i64).map(|look| sample("redis", at - TimeDelta::minutes(look * 5), State::Pass, 300)).collect();
        write(&keeper, seen);
    }
    assert_eq!(rows(&keeper, "SELECT count(*) FROM looks"), 100);
    let gone = keeper.prune(noon()).unwrap();
    assert_eq!(rows(&keeper, "SELECT count(*) FROM looks"), 20);
    let oldest = |step: i64| -> i64 {
        let sql = format!("SELECT min(slot) * {step} FROM stretches WHERE step_s = {step}");
        (noon().timestamp() - rows(&keeper, &sql)) / 86_400
    };
    assert_eq!((oldest(300), oldest(3_600), oldest(86_400)), (3, 40, 500));
    assert!(gone > 80 + 60);
    assert_eq!(keeper.prune(noon()).unwrap(), 0);
}

#[test]
fn two_looks_in_one_millisecond_are_no_error() {
    let (_folder, keeper) = keeper();
    write(&keeper, vec![sample("redis", noon(), State::Pass, 10)]);
    write(&keeper, vec![sample("redis", noon(), State::Fail, 10)]);
    // A clock far ahead wrote this; it is not shown before its time.
    write(&keeper, vec![sample("redis", noon() + TimeDelta::days(30), State::Fail, 10)]);
    let days = keeper.days(noon(), 2).unwrap();
    assert_eq!(days[&id("redis")].len(), 2);
    assert!((days[&id("redis")][1].observed_s - 20.0).abs() < 1e-9);
    assert!(keeper.latency(noon(), &id("redis"), 400).unwrap().unwrap().points.iter().all(|point| point.at <= noon()));
}

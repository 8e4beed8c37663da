//! A year stays small.

use std::time::Duration;

use chrono::{TimeDelta, Timelike as _};
use health::board::State;
use health::keep::Batch;

use super::simulation::{self, Plan};
use super::{keeper, noon, sample};

const MIB: u64 = 1 << 20;

/// The real judge, history and outbox; one part stands for fifteen, and as many days as single looks and 5 minutes are kept for
/// a year: `examples/year` has all of them.
#[tokio::test(flavor = "multi_thread")]
async fn looks_every_ten_seconds_stay_few_however_long_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let days = 35;
    let plan = Plan { parts: 1, every: Duration::from_secs(10), days, batch: Duration::from_hours(48) };
    let outcome = simulation::run(folder.path(), &plan, noon()).await.unwrap();
    assert_eq!(outcome.looks, u64::from(days) * 8_640);
    assert!(outcome.incidents > 5, "{outcome:?}");
    assert!(outcome.largest_bytes < 6 * MIB, "{} MiB for one part", outcome.largest_bytes / MIB);
    for took in [outcome.history_90d, outcome.uptime, outcome.latency_90d] {
        assert!(took < Duration::from_millis(200), "{outcome:?}");
    }
    let file = rusqlite::Connection::open(folder.path().join("health.sqlite3")).unwrap();
    let rows = |sql: &str| -> i64 { file.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert!(rows("SELECT count(*) FROM looks") <= 2 * 8_640 + 1);
    assert!(rows("SELECT count(*) FROM stretches WHERE step_s = 300") <= 30 * 288 + 1);
    assert!(rows("SELECT count(*) FROM stretches WHERE step_s = 3600") <= 35 * 24 + 1);
    assert!(rows("SELECT count(*) FROM stretches WHERE step_s = 86400") <= 36);
}

#[test]
fn ninety_days_of_fifteen_parts_are_shown_at_once() {
    let (_folder, keeper) = keeper();
    let now = noon().with_minute(0).unwrap();
    let mut batch = Batch::default();
    for hour in (0..91 * 24).rev() {
        let at = now - TimeDelta::hours(hour);
        for part in 0..15 {
            let state = if hour % 24 == 3 && (hour / 24 + part) % 30 == 0 { State::Fail } else { State::Pass };
            batch.samples.push(sample(&format!("part-{part}"), at, state, 3_600));
        }
    }
    keeper.write(now, &batch).unwrap();
    let begun = std::time::Instant::now();
    let days = keeper.days(now, 90).unwrap();
    let uptime = keeper.uptime(now).unwrap();
    let took = begun.elapsed();
    assert_eq!((days.len(), uptime.len()), (15, 15));
    assert!(days.values().all(|days| days.len() == 90 && days[..89].iter().all(|day| day.up_share.is_some())));
    assert!(uptime.values().all(|uptime| uptime.d90.is_some_and(|share| share > 0.99 && share < 1.0)));
    assert!(took < Duration::from_millis(200), "{took:?}");
}

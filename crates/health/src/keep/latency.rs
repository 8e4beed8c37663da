//! How long parts took to answer.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::error::Inside;
use super::stretches::{DAY, FIVE_MINUTES, HOUR, Step};
use super::{Keeper, Result, stamp, time};
use crate::part::PartId;
use crate::view::{LatencyPoint, LatencyView};

/// Up to so many hours single looks are summed up by the minute; they are kept for two days.
const BY_THE_MINUTE_H: u32 = 6;
/// Up to so many hours it is 5 minutes.
const BY_FIVE_MINUTES_H: u32 = 72;
/// Up to so many hours it is an hour; then a day.
const BY_THE_HOUR_H: u32 = 30 * 24;

impl Keeper {
    /// The part's latencies over the last hours, in steps that give at most some hundreds of points. `None`: no such part was
    /// ever looked at.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn latency(&self, now: DateTime<Utc>, part: &PartId, hours: u32) -> Result<Option<LatencyView>> {
        let since = now - TimeDelta::hours(i64::from(hours.max(1)));
        self.read(|connection| {
            let mut select = connection.prepare("SELECT n FROM parts WHERE id = ?1")?;
            let Some(number) = select.query_row([part.as_str()], |row| row.get(0)).optional()? else { return Ok(None) };
            let (step_s, points) = match hours.max(1) {
                hours if hours <= BY_THE_MINUTE_H => (60, minutes(connection, number, since)?),
                hours if hours <= BY_FIVE_MINUTES_H => (300, stretches(connection, number, FIVE_MINUTES, since)?),
                hours if hours <= BY_THE_HOUR_H => (3_600, stretches(connection, number, HOUR, since)?),
                _ => (86_400, stretches(connection, number, DAY, since)?),
            };
            let points = points.into_iter().filter(|point| point.at <= now).collect();
            Ok(Some(LatencyView { id: part.clone(), step_s, points }))
        })
    }
}

fn minutes(connection: &Connection, part: i64, since: DateTime<Utc>) -> Inside<Vec<LatencyPoint>> {
    let mut select = connection.prepare(
        "SELECT at / 60000 * 60000 AS minute, count(*), sum(failed), count(latency_us), sum(latency_us), max(latency_us)
           FROM looks WHERE part = ?1 AND at >= ?2 GROUP BY minute ORDER BY minute",
    )?;
    let rows = select.query_map(params![part, stamp(since)], point)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn stretches(connection: &Connection, part: i64, step: Step, since: DateTime<Utc>) -> Inside<Vec<LatencyPoint>> {
    let mut select = connection.prepare(
        "SELECT slot * step_s * 1000, looks, failures, timed, total_us, most_us
           FROM stretches WHERE step_s = ?1 AND part = ?2 AND slot >= ?3 AND looks > 0 ORDER BY slot",
    )?;
    let rows = select.query_map(params![step.seconds, part, step.slot(stamp(since))], point)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn point(row: &Row<'_>) -> rusqlite::Result<LatencyPoint> {
    let timed: i64 = row.get(3)?;
    let milliseconds = |index: usize| -> rusqlite::Result<f64> {
        Ok(row.get::<_, Option<i64>>(index)?.unwrap_or_default() as f64 / 1_000.0)
    };
    let (total, most) = (milliseconds(4)?, milliseconds(5)?);
    Ok(LatencyPoint {
        at: time(row.get(0)?),
        mean_ms: (timed > 0).then(|| total / timed as f64),
        max_ms: (timed > 0).then_some(most),
        failures: row.get(2)?,
        looks: row.get(1)?,
    })
}

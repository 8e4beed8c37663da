//! Days and shares of time.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::error::Inside;
use super::stretches::{DAY, FIVE_MINUTES, HOUR, Step};
use super::{Keeper, Result, stamp};
use crate::part::PartId;
use crate::uptime::{self, Observed};
use crate::view::{DayView, Uptime};

impl Keeper {
    /// The last days of every part that was ever written of, today included, oldest first, without holes.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn days(&self, now: DateTime<Utc>, days: u32) -> Result<BTreeMap<PartId, Vec<DayView>>> {
        let today = now.date_naive();
        let first = today.checked_sub_days(Days::new(u64::from(days.max(1) - 1))).unwrap_or(today);
        self.read(|connection| {
            let mut found = BTreeMap::new();
            for (number, part) in parts(connection)? {
                let mut row: Vec<_> = first.iter_days().take_while(|date| *date <= today).map(empty).collect();
                fill(connection, number, first, &mut row)?;
                found.insert(part, row);
            }
            count_incidents(connection, first, &mut found)?;
            Ok(found)
        })
    }

    /// Shares of time without a failure, for every part that was ever written of.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn uptime(&self, now: DateTime<Utc>) -> Result<BTreeMap<PartId, Uptime>> {
        self.read(|connection| {
            let mut found = BTreeMap::new();
            for (number, part) in parts(connection)? {
                let share = |step, days| -> Inside<Option<f64>> {
                    Ok(uptime::share(observed(connection, number, step, now - TimeDelta::days(days))?))
                };
                let shares = Uptime {
                    h24: share(FIVE_MINUTES, 1)?,
                    d7: share(HOUR, 7)?,
                    d30: share(HOUR, 30)?,
                    d90: share(HOUR, 90)?,
                };
                found.insert(part, shares);
            }
            Ok(found)
        })
    }
}

/// The parts that were ever written of.
pub(super) fn parts(connection: &Connection) -> Inside<Vec<(i64, PartId)>> {
    let mut select = connection.prepare("SELECT n, id FROM parts ORDER BY n")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (number, id) = row?;
        found.extend(PartId::parse(&id).map(|part| (number, part)));
    }
    Ok(found)
}

fn observed(connection: &Connection, part: i64, step: Step, since: DateTime<Utc>) -> Inside<Observed> {
    let mut select = connection.prepare(
        "SELECT coalesce(sum(observed_ms), 0), coalesce(sum(down_ms), 0) FROM stretches
         WHERE step_s = ?1 AND part = ?2 AND slot >= ?3",
    )?;
    let sums = params![step.seconds, part, step.slot(stamp(since))];
    Ok(select.query_row(sums, |row| Ok(Observed { observed_ms: row.get(0)?, down_ms: row.get(1)? }))?)
}

fn empty(date: NaiveDate) -> DayView {
    DayView { date, up_share: None, observed_s: 0.0, down_s: 0.0, warn_s: 0.0, incidents: 0 }
}

fn fill(connection: &Connection, part: i64, first: NaiveDate, days: &mut [DayView]) -> Inside<()> {
    let mut select = connection.prepare(
        "SELECT slot, observed_ms, down_ms, warn_ms FROM stretches WHERE step_s = ?1 AND part = ?2 AND slot >= ?3",
    )?;
    let begin = slot_of(first);
    let mut rows = select.query(params![DAY.seconds, part, begin])?;
    while let Some(row) = rows.next()? {
        let slot: i64 = row.get(0)?;
        // A day of the future was written by a clock that was wrong.
        let Some(day) = usize::try_from(slot - begin).ok().and_then(|index| days.get_mut(index)) else { continue };
        let (observed_ms, down_ms, warn_ms): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        day.up_share = uptime::share(Observed { observed_ms, down_ms });
        day.observed_s = uptime::seconds(observed_ms);
        day.down_s = uptime::seconds(down_ms);
        day.warn_s = uptime::seconds(warn_ms);
    }
    Ok(())
}

fn count_incidents(
    connection: &Connection,
    first: NaiveDate,
    found: &mut BTreeMap<PartId, Vec<DayView>>,
) -> Inside<()> {
    let begin = slot_of(first);
    let mut select = connection.prepare(
        "SELECT part, began_at / 86400000 AS day, count(*) FROM incidents WHERE began_at >= ?1 GROUP BY part, day",
    )?;
    let mut rows = select.query([DAY.begin(begin)])?;
    while let Some(row) = rows.next()? {
        let part: String = row.get(0)?;
        let slot: i64 = row.get(1)?;
        let days = PartId::parse(&part).and_then(|part| found.get_mut(&part));
        let index = usize::try_from(slot - begin).ok();
        if let Some(day) = days.and_then(|days| index.and_then(|index| days.get_mut(index))) {
            day.incidents = row.get(2)?;
        }
    }
    Ok(())
}

fn slot_of(date: NaiveDate) -> i64 {
    DAY.slot(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis())
}

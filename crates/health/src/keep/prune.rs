//! What is not worth keeping any more goes, in steps so small that no look waits for one.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

use super::error::Inside;
use super::stretches::{LOOKS_KEPT, STEPS};
use super::{Keeper, Result, history, stamp};

/// Rows of one step.
const ROWS: i64 = 5_000;
/// How long incidents, maintenance and the timeline are kept.
const STORY_KEPT: TimeDelta = TimeDelta::days(3 * 366);
/// Incidents and events at most, whatever their age: a year in which something fails every hour.
const STORY_MOST: i64 = 10_000;

impl Keeper {
    /// Deletes what is too old; to be called every few minutes. Gives how many rows went.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn prune(&self, now: DateTime<Utc>) -> Result<u64> {
        let mut gone = 0;
        for (part, _) in self.read(history::parts)? {
            let looks = "DELETE FROM looks WHERE (part, at) IN
                           (SELECT part, at FROM looks WHERE part = ?1 AND at < ?2 LIMIT ?3)";
            let old = stamp(now - LOOKS_KEPT);
            gone += self.in_steps(|tx| Ok(tx.prepare(looks)?.execute(params![part, old, ROWS])?))?;
            for step in STEPS {
                let stretches = "DELETE FROM stretches WHERE (step_s, part, slot) IN
                    (SELECT step_s, part, slot FROM stretches WHERE step_s = ?1 AND part = ?2 AND slot < ?3 LIMIT ?4)";
                let old = step.slot(stamp(now - step.kept));
                let values = params![step.seconds, part, old, ROWS];
                gone += self.in_steps(|tx| Ok(tx.prepare(stretches)?.execute(values)?))?;
            }
        }
        Ok(gone + self.prune_story(now)?)
    }

    fn prune_story(&self, now: DateTime<Utc>) -> Result<u64> {
        let old = stamp(now - STORY_KEPT);
        let rules = [
            "DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE ended_at IS NOT NULL
                AND (ended_at < ?1 OR id <= (SELECT max(id) FROM incidents) - ?2) LIMIT ?3)",
            "DELETE FROM events WHERE id IN (SELECT id FROM events
                WHERE at < ?1 OR id <= (SELECT max(id) FROM events) - ?2 LIMIT ?3)",
            "DELETE FROM windows WHERE id IN (SELECT id FROM windows
                WHERE until_at < ?1 OR (closed_at IS NOT NULL AND id <= (SELECT max(id) FROM windows) - ?2) LIMIT ?3)",
        ];
        let mut gone = 0;
        for rule in rules {
            gone += self.in_steps(|tx| Ok(tx.prepare(rule)?.execute(params![old, STORY_MOST, ROWS])?))?;
        }
        Ok(gone)
    }

    /// One short transaction after the other, until one deletes less than it may.
    fn in_steps(&self, step: impl Fn(&rusqlite::Transaction<'_>) -> Inside<usize>) -> Result<u64> {
        let mut gone = 0;
        loop {
            let rows = u64::try_from(self.change(&step)?).unwrap_or_default();
            gone += rows;
            if rows < ROWS.unsigned_abs() {
                return Ok(gone);
            }
        }
    }
}

//! Announced maintenance, and the windows of releases.
//!
//! Either copy of the service may be asked to announce one; the one that leads reads them here every second.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::{Keeper, Result, parse, stamp, written};
use crate::judge::Window;
use crate::part::PartId;

/// Maintenance that is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWindow {
    /// The parts in it; empty means all.
    pub parts: Vec<PartId>,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when, at the latest.
    pub until: DateTime<Utc>,
    /// What for.
    pub reason: String,
    /// Who announces it; `None` for a release.
    pub by: Option<String>,
    /// The release.
    pub deployment: Option<i64>,
}

impl Keeper {
    /// Announces maintenance; gives it with its number.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn announce(&self, new: &NewWindow) -> Result<Window> {
        self.change(|tx| {
            tx.execute("INSERT INTO windows (until_at, body) VALUES (?1, '')", [stamp(new.until)])?;
            let window = Window {
                id: tx.last_insert_rowid(),
                parts: new.parts.clone(),
                from: new.from,
                until: new.until,
                reason: new.reason.clone(),
                by: new.by.clone(),
                deployment: new.deployment,
            };
            let body = written("a maintenance window", &window)?;
            tx.execute("UPDATE windows SET body = ?2 WHERE id = ?1", params![window.id, body])?;
            Ok(window)
        })
    }

    /// Ends maintenance, or calls it off. False: there is none of this number that is not over.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn close(&self, id: i64, now: DateTime<Utc>) -> Result<bool> {
        self.change(|tx| {
            let sql = "UPDATE windows SET closed_at = ?2 WHERE id = ?1 AND closed_at IS NULL AND until_at > ?2";
            Ok(tx.execute(sql, params![id, stamp(now)])? > 0)
        })
    }

    /// Maintenance that runs or is to come, in the order in which it was announced.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn windows(&self, now: DateTime<Utc>) -> Result<Vec<Window>> {
        self.read(|connection| {
            let mut select =
                connection.prepare("SELECT body FROM windows WHERE closed_at IS NULL AND until_at > ?1 ORDER BY id")?;
            let mut rows = select.query([stamp(now)])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(parse("a maintenance window", &row.get::<_, String>(0)?)?);
            }
            Ok(found)
        })
    }

    /// One of them, over or not.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn window(&self, id: i64) -> Result<Option<Window>> {
        self.read(|connection| {
            let body: Option<String> =
                connection.query_row("SELECT body FROM windows WHERE id = ?1", [id], |row| row.get(0)).optional()?;
            body.map(|body| parse("a maintenance window", &body)).transpose()
        })
    }
}

//! When those that report by themselves did so last.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::{Keeper, Result, stamp, time};
use crate::part::PartId;

impl Keeper {
    /// The part reported now.
    ///
    /// # Errors
    /// The history cannot be written.
    pub fn beat(&self, part: &PartId, now: DateTime<Utc>) -> Result<()> {
        self.change(|tx| {
            let sql = "INSERT INTO beats (part, at) VALUES (?1, ?2) ON CONFLICT (part) DO UPDATE SET at = excluded.at";
            tx.execute(sql, params![part.as_str(), stamp(now)])?;
            Ok(())
        })
    }

    /// When it reported last.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn last_beat(&self, part: &PartId) -> Result<Option<DateTime<Utc>>> {
        self.read(|connection| {
            let mut select = connection.prepare("SELECT at FROM beats WHERE part = ?1")?;
            let at: Option<i64> = select.query_row([part.as_str()], |row| row.get(0)).optional()?;
            Ok(at.map(time))
        })
    }
}

//! Incidents.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params, params};

use super::error::Inside;
use super::{Keeper, Result, parse, stamp, written};
use crate::judge::Incident;

impl Keeper {
    /// Incidents with a smaller number than `before`, newest first.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn incidents(&self, before: Option<i64>, limit: usize) -> Result<Vec<Incident>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let sql = "SELECT body FROM incidents WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
            many(connection, sql, params![before.unwrap_or(i64::MAX), limit])
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn incident(&self, id: i64) -> Result<Option<Incident>> {
        self.read(|connection| {
            let body: Option<String> =
                connection.query_row("SELECT body FROM incidents WHERE id = ?1", [id], |row| row.get(0)).optional()?;
            body.map(|body| parse("an incident", &body)).transpose()
        })
    }

    /// Those that are not over, oldest first.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn open_incidents(&self) -> Result<Vec<Incident>> {
        self.read(open)
    }
}

pub(super) fn open(connection: &Connection) -> Inside<Vec<Incident>> {
    many(connection, "SELECT body FROM incidents WHERE ended_at IS NULL ORDER BY id", [])
}

pub(super) fn many(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> Inside<Vec<Incident>> {
    let mut select = connection.prepare(sql)?;
    let mut rows = select.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(parse("an incident", &row.get::<_, String>(0)?)?);
    }
    Ok(found)
}

/// The incident as it is now.
pub(super) fn put(tx: &Transaction<'_>, incident: &Incident) -> Inside<()> {
    tx.prepare(
        "INSERT INTO incidents (id, part, began_at, ended_at, body) VALUES (:id, :part, :began, :ended, :body)
         ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, body = excluded.body",
    )?
    .execute(named_params! {
        ":id": incident.id,
        ":part": incident.part.as_str(),
        ":began": stamp(incident.began_at),
        ":ended": incident.ended_at.map(stamp),
        ":body": written("an incident", incident)?,
    })?;
    Ok(())
}

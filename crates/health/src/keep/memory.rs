//! What the judge has to know again after a restart.

use rusqlite::{Connection, OptionalExtension as _};

use super::error::Inside;
use super::{Keeper, Result, incidents, parse, time};
use crate::judge::{Memory, PartMemory};

impl Keeper {
    /// What is known from before.
    ///
    /// # Errors
    /// The history cannot be read.
    pub fn memory(&self) -> Result<Memory> {
        self.read(|connection| {
            let alive_at: Option<i64> =
                connection.query_row("SELECT at FROM picture", [], |row| row.get(0)).optional()?;
            let last: Option<i64> = connection.query_row("SELECT max(id) FROM incidents", [], |row| row.get(0))?;
            Ok(Memory {
                alive_at: alive_at.map(time),
                parts: parts(connection)?,
                incidents: incidents::open(connection)?,
                last_incident: last.unwrap_or(0),
            })
        })
    }
}

fn parts(connection: &Connection) -> Inside<Vec<PartMemory>> {
    let mut select = connection.prepare("SELECT memory FROM parts WHERE memory IS NOT NULL ORDER BY n")?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(parse("a part's memory", &row.get::<_, String>(0)?)?);
    }
    Ok(found)
}

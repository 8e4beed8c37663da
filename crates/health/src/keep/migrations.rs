//! The tables. A change is a new entry; none is ever edited.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::error::wrong;
use super::{KeepError, Result};

/// Times are milliseconds since 1970, durations in milliseconds or microseconds as their names say.
const MIGRATIONS: [&str; 1] = [
    // 1
    "CREATE TABLE parts (
        n INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        memory TEXT
     ) STRICT;
     CREATE TABLE looks (
        part INTEGER NOT NULL,
        at INTEGER NOT NULL,
        latency_us INTEGER,
        failed INTEGER NOT NULL,
        PRIMARY KEY (part, at)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE stretches (
        step_s INTEGER NOT NULL,
        part INTEGER NOT NULL,
        slot INTEGER NOT NULL,
        looks INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        observed_ms INTEGER NOT NULL,
        down_ms INTEGER NOT NULL,
        warn_ms INTEGER NOT NULL,
        timed INTEGER NOT NULL,
        total_us INTEGER NOT NULL,
        most_us INTEGER NOT NULL,
        PRIMARY KEY (step_s, part, slot)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE incidents (
        id INTEGER PRIMARY KEY,
        part TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        ended_at INTEGER,
        body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX open_incidents ON incidents (id) WHERE ended_at IS NULL;
     CREATE INDEX incidents_by_begin ON incidents (began_at, part);
     CREATE INDEX incidents_by_end ON incidents (ended_at);
     CREATE TABLE windows (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        until_at INTEGER NOT NULL,
        closed_at INTEGER,
        body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX windows_by_end ON windows (until_at) WHERE closed_at IS NULL;
     CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        words TEXT NOT NULL,
        part TEXT,
        deployment INTEGER,
        took_s REAL
     ) STRICT;
     CREATE INDEX events_by_time ON events (at);
     CREATE TABLE beats (part TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
     CREATE TABLE picture (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;",
];

/// Brings the file to the newest schema, with the table of messages that wait.
pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<()> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let apply = |connection: &mut Connection| {
        // Asked inside of the transaction: two processes may open at once.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        for (index, migration) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))?;
        }
        transaction.execute_batch(notify::sqlite::SCHEMA)?;
        transaction.commit()?;
        Ok(found)
    };
    let found = apply(connection).map_err(|cause| wrong(path, cause))?;
    if found > known {
        return Err(KeepError::Newer { found, known });
    }
    Ok(())
}

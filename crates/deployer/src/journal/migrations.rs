//! The journal's tables. A change is a new entry; none is ever edited.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{JournalError, Result, wrong};

const MIGRATIONS: [&str; 1] = [
    // 1
    "CREATE TABLE deployments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL,
        machine TEXT NOT NULL,
        commit_id TEXT NOT NULL,
        commit_info TEXT NOT NULL,
        reference TEXT NOT NULL,
        source TEXT NOT NULL,
        asked_by TEXT,
        note TEXT NOT NULL,
        forced INTEGER NOT NULL,
        maintenance INTEGER NOT NULL,
        created_at TEXT NOT NULL,
        started_at TEXT,
        ended_at TEXT,
        target INTEGER,
        previous INTEGER,
        watch_until TEXT,
        cancel TEXT,
        work TEXT NOT NULL
     ) STRICT;
     CREATE INDEX deployments_by_state ON deployments (state, id);
     CREATE INDEX deployments_by_commit ON deployments (commit_id, id);
     CREATE UNIQUE INDEX one_under_way ON deployments ((1)) WHERE state IN ('running', 'taking_back');
     CREATE UNIQUE INDEX one_waiting ON deployments ((1)) WHERE state = 'pending';
     CREATE UNIQUE INDEX one_live ON deployments ((1)) WHERE state = 'live';
     CREATE TABLE steps (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        deployment INTEGER NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
        step TEXT NOT NULL,
        state TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        detail TEXT,
        disk_bytes INTEGER
     ) STRICT;
     CREATE INDEX steps_by_deployment ON steps (deployment, id);
     CREATE INDEX steps_by_name ON steps (step, state, id);
     CREATE TABLE heads (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        commit_id TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL,
        deployment INTEGER
     ) STRICT;
     CREATE INDEX heads_by_commit ON heads (commit_id);
     CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        event TEXT NOT NULL,
        received_at TEXT NOT NULL,
        outcome TEXT NOT NULL,
        is_open INTEGER NOT NULL
     ) STRICT;
     CREATE INDEX deliveries_by_time ON deliveries (received_at);
     CREATE INDEX open_deliveries ON deliveries (received_at) WHERE is_open = 1;
     CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
     CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        what TEXT NOT NULL,
        deployment INTEGER,
        detail TEXT NOT NULL
     ) STRICT;
     CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        payload TEXT NOT NULL,
        created_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        delivered_at TEXT,
        last_error TEXT
     ) STRICT;
     CREATE INDEX outbox_due ON outbox (due_at) WHERE delivered_at IS NULL;",
];

/// Brings the file to the newest schema.
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
        transaction.commit()?;
        Ok(found)
    };
    let found = apply(connection).map_err(|cause| wrong(path, cause))?;
    if found > known {
        return Err(JournalError::Newer { found, known });
    }
    Ok(())
}

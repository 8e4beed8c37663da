//! The outbox as a table of whoever has something to tell: it stands in their database and is written in their transactions.
//!
//! [`SCHEMA`] makes the table, [`enqueue`] writes into it, [`Outbox`] is the dispatcher's side, on a connection of its own.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, Row, params};

use crate::outbox::{Depth, Entry, Line, LineId, Storage};

/// The table. Run it beside one's own tables; it may be run again.
///
/// Times are milliseconds since 1970.
pub const SCHEMA: &str = "
create table if not exists notify_outbox (
    id           integer primary key autoincrement,
    channel      text not null,
    thread       text not null,
    event        text not null,
    body         text not null,
    created_at   integer not null,
    attempts     integer not null default 0,
    next_try_at  integer not null,
    last_error   text,
    delivered_at integer,
    unique (channel, event)
) strict;
create index if not exists notify_outbox_waiting on notify_outbox (channel, thread, id) where delivered_at is null;
";

/// The first waiting line of each thread.
const HEADS: &str = "
select id, thread, event, body, attempts, next_try_at
  from notify_outbox as line
 where channel = ?1 and delivered_at is null
   and not exists (select 1 from notify_outbox as earlier
                    where earlier.channel = line.channel and earlier.thread = line.thread
                      and earlier.delivered_at is null and earlier.id < line.id)
 order by next_try_at, id
 limit ?2";

const DEPTHS: &str = "
select channel, count(*), min(created_at),
       (select last_error from notify_outbox as latest
         where latest.channel = line.channel and latest.delivered_at is null and last_error is not null
         order by next_try_at desc limit 1)
  from notify_outbox as line
 where delivered_at is null
 group by channel
 order by channel";

/// How long what has arrived is remembered, and with it that the event was told.
const REMEMBERED: TimeDelta = TimeDelta::days(90);
/// How long a write waits for another connection's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Writes entries, in the caller's transaction. An event that is there already for a channel is not written again.
///
/// # Errors
/// The table is not there, or cannot be written.
pub fn enqueue(connection: &Connection, now: DateTime<Utc>, entries: &[Entry]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare(
        "insert into notify_outbox (channel, thread, event, body, created_at, next_try_at) values (?1, ?2, ?3, ?4, ?5, ?5)
         on conflict (channel, event) do nothing",
    )?;
    for entry in entries {
        let now = now.timestamp_millis();
        insert.execute(params![entry.channel, entry.thread, entry.event, entry.body.to_string(), now])?;
    }
    Ok(())
}

/// The dispatcher's side of the table; clones share one connection.
#[derive(Debug, Clone)]
pub struct Outbox {
    connection: Arc<Mutex<Connection>>,
}

impl Outbox {
    /// Opens the database and makes the table where it is missing.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let opened = Connection::open(path).with_context(|| format!("open the outbox in {}", path.display()))?;
        Self::over(opened)
    }

    /// Uses this connection, and makes the table where it is missing.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn over(connection: Connection) -> anyhow::Result<Self> {
        connection.busy_timeout(BUSY_TIMEOUT)?;
        // The journal's mode stays with the file; how a commit is made durable does not.
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.execute_batch(SCHEMA).context("make the outbox")?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    async fn with<T, F>(&self, work: F) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> anyhow::Result<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || work(&connection.lock().unwrap_or_else(PoisonError::into_inner)))
            .await
            .context("the outbox's work was cut off")?
    }
}

#[async_trait]
impl Storage for Outbox {
    async fn heads(&self, channel: &str, limit: usize) -> anyhow::Result<Vec<Line>> {
        let channel = channel.to_owned();
        self.with(move |connection| {
            let mut select = connection.prepare(HEADS)?;
            let rows = select.query_map(params![channel, i64::try_from(limit)?], line)?;
            rows.map(|row| Ok(row?)).collect()
        })
        .await
    }

    async fn delivered(&self, line: LineId, at: DateTime<Utc>) -> anyhow::Result<()> {
        self.with(move |connection| {
            let set = "update notify_outbox set delivered_at = ?2, last_error = null where id = ?1";
            connection.execute(set, params![line.0, at.timestamp_millis()])?;
            let old = (at - REMEMBERED).timestamp_millis();
            connection.execute("delete from notify_outbox where delivered_at < ?1", params![old])?;
            Ok(())
        })
        .await
    }

    async fn failed(&self, line: LineId, next_try_at: DateTime<Utc>, words: &str) -> anyhow::Result<()> {
        let words = words.to_owned();
        self.with(move |connection| {
            let set =
                "update notify_outbox set attempts = attempts + 1, next_try_at = ?2, last_error = ?3 where id = ?1";
            connection.execute(set, params![line.0, next_try_at.timestamp_millis(), words])?;
            Ok(())
        })
        .await
    }

    async fn depths(&self) -> anyhow::Result<Vec<Depth>> {
        self.with(|connection| {
            let mut select = connection.prepare(DEPTHS)?;
            let rows = select.query_map([], |row| {
                let waiting = u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default();
                Ok(Depth { channel: row.get(0)?, waiting, oldest_at: time(row, 2)?, last_error: row.get(3)? })
            })?;
            rows.map(|row| Ok(row?)).collect()
        })
        .await
    }
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    // What is no JSON is told to nobody, and said so by the channel.
    let body = serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default();
    Ok(Line {
        id: LineId(row.get(0)?),
        thread: row.get(1)?,
        event: row.get(2)?,
        body,
        attempts: row.get(4)?,
        next_try_at: time(row, 5)?,
    })
}

fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<DateTime<Utc>> {
    Ok(DateTime::from_timestamp_millis(row.get(index)?).unwrap_or(DateTime::UNIX_EPOCH))
}

//! Messages to be delivered: written with what they tell of, delivered later, as often as it takes.

use chrono::{DateTime, Utc};
use rusqlite::{Transaction, named_params};

use super::{Inside, Journal, Result, stamp, time};

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number in the outbox.
    pub id: i64,
    /// The same however often it is delivered: who gets it twice can tell.
    pub event_id: String,
    /// What it tells of: `deployment.live`, `deployment.taken_back`, ...
    pub kind: String,
    /// As JSON.
    pub payload: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// How often its delivery was tried.
    pub attempts: u32,
}

/// A message to be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The same for the same event.
    pub event_id: String,
    /// What it tells of.
    pub kind: String,
    /// As JSON.
    pub payload: String,
}

pub(super) fn insert(tx: &Transaction<'_>, message: &NewMessage, at: DateTime<Utc>) -> Inside<()> {
    tx.execute(
        "INSERT INTO outbox (event_id, kind, payload, created_at, due_at) VALUES (:event, :kind, :payload, :at, :at)
         ON CONFLICT (event_id) DO NOTHING",
        named_params! {
            ":event": message.event_id, ":kind": message.kind, ":payload": message.payload, ":at": stamp(at),
        },
    )?;
    Ok(())
}

impl Journal {
    /// Puts a message in, unless one with its event id is there.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn put_message(&self, message: &NewMessage, at: DateTime<Utc>) -> Result<()> {
        self.write(|tx| insert(tx, message, at))
    }

    /// Messages that are due, oldest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn due_messages(&self, now: DateTime<Utc>, limit: usize) -> Result<Vec<Message>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT id, event_id, kind, payload, created_at, attempts FROM outbox
                 WHERE delivered_at IS NULL AND due_at <= ?1 ORDER BY id LIMIT ?2",
            )?;
            let mut rows = statement.query(rusqlite::params![stamp(now), i64::try_from(limit).unwrap_or(i64::MAX)])?;
            let mut messages = Vec::new();
            while let Some(row) = rows.next()? {
                messages.push(Message {
                    id: row.get(0)?,
                    event_id: row.get(1)?,
                    kind: row.get(2)?,
                    payload: row.get(3)?,
                    created_at: time("message", &row.get::<_, String>(4)?)?,
                    attempts: row.get(5)?,
                });
            }
            Ok(messages)
        })
    }

    /// Notes that a message was delivered.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn message_delivered(&self, id: i64, at: DateTime<Utc>) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "UPDATE outbox SET delivered_at = :at, attempts = attempts + 1, last_error = NULL WHERE id = :id",
                named_params! { ":at": stamp(at), ":id": id },
            )?;
            Ok(())
        })
    }

    /// Notes that it was not, why, and when to try again.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn message_failed(&self, id: i64, error: &str, due_at: DateTime<Utc>) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "UPDATE outbox SET due_at = :due, attempts = attempts + 1, last_error = :error WHERE id = :id",
                named_params! { ":due": stamp(due_at), ":error": error, ":id": id },
            )?;
            Ok(())
        })
    }
}

//! Deliveries of GitHub's webhook, each stored once: GitHub may deliver the same one again for three days.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, named_params};

use super::{Journal, Result, parse, stamp, time, written};
use crate::order::{Delivery, DeliveryEvent};

/// What storing a delivery gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stored {
    /// It is new.
    New,
    /// It was here before; what came of it then.
    Again(String),
}

impl Journal {
    /// Stores a delivery, unless it is here already.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn store(&self, delivery: &Delivery, outcome: &str, is_open: bool, at: DateTime<Utc>) -> Result<Stored> {
        self.write(|tx| {
            let before: Option<String> = tx
                .query_row("SELECT outcome FROM deliveries WHERE id = ?1", [&delivery.id], |row| row.get(0))
                .optional()?;
            if let Some(outcome) = before {
                return Ok(Stored::Again(outcome));
            }
            tx.execute(
                "INSERT INTO deliveries (id, event, received_at, outcome, is_open)
                 VALUES (:id, :event, :at, :outcome, :open)",
                named_params! {
                    ":id": delivery.id,
                    ":event": written("delivery", &delivery.event)?,
                    ":at": stamp(at),
                    ":outcome": outcome,
                    ":open": is_open,
                },
            )?;
            Ok(Stored::New)
        })
    }

    /// Deliveries that nothing has come of yet, oldest first, with the time at which they came.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn open_deliveries(&self) -> Result<Vec<(Delivery, DateTime<Utc>)>> {
        self.read(|connection| {
            let mut statement = connection.prepare(
                "SELECT id, event, received_at FROM deliveries WHERE is_open = 1 ORDER BY received_at, rowid LIMIT 100",
            )?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let event: DeliveryEvent = parse("delivery", &row.get::<_, String>(1)?)?;
                let received_at = time("delivery", &row.get::<_, String>(2)?)?;
                found.push((Delivery { id: row.get(0)?, event }, received_at));
            }
            Ok(found)
        })
    }

    /// Writes down what came of a delivery; an open one is asked again.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn settle_delivery(&self, id: &str, outcome: &str, is_open: bool) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "UPDATE deliveries SET outcome = :outcome, is_open = :open WHERE id = :id",
                named_params! { ":outcome": outcome, ":open": is_open, ":id": id },
            )?;
            Ok(())
        })
    }

    /// What came of a delivery.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn delivery_outcome(&self, id: &str) -> Result<Option<String>> {
        self.read(|connection| {
            Ok(connection
                .query_row("SELECT outcome FROM deliveries WHERE id = ?1", [id], |row| row.get(0))
                .optional()?)
        })
    }
}

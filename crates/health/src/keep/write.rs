//! What is written together.

use std::collections::HashMap;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use notify::Entry;
use rusqlite::{Transaction, named_params, params};

use super::error::Inside;
use super::stretches::{self, Sums};
use super::{Keeper, Result, events, incidents, picture, stamp, written};
use crate::board::Picture;
use crate::judge::{Happening, Judged, PartMemory, Sample};
use crate::part::PartId;
use crate::reading::Verdict;

/// Samples of a batch that could not be written are kept up to this many; what happened is kept whole.
const MOST_SAMPLES: usize = 20_000;

/// What is written in one transaction: looks, what came of them, the messages that tell of it, how everything stands.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Looks.
    pub samples: Vec<Sample>,
    /// What came of them, in order.
    pub happenings: Vec<Happening>,
    /// What people are to be told.
    pub entries: Vec<Entry>,
    /// How everything stands after it.
    pub picture: Option<Picture>,
}

impl Batch {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty() && self.happenings.is_empty() && self.entries.is_empty() && self.picture.is_none()
    }

    /// Adds a look and what came of it.
    pub fn add(&mut self, judged: Judged) {
        self.samples.push(judged.sample);
        self.happenings.extend(judged.happenings);
    }

    /// Adds what came later, so that a batch that could not be written goes along with the next. While the disk is full looks
    /// are forgotten, the oldest first; what happened and what is to be told never is.
    pub fn append(&mut self, later: Self) {
        self.samples.extend(later.samples);
        let excess = self.samples.len().saturating_sub(MOST_SAMPLES);
        self.samples.drain(..excess);
        self.happenings.extend(later.happenings);
        self.entries.extend(later.entries);
        self.picture = later.picture.or(self.picture.take());
    }
}

impl Keeper {
    /// Writes it, all or nothing. Ring the bell of the dispatcher after it where there are entries.
    ///
    /// # Errors
    /// The history cannot be written; nothing of it was.
    pub fn write(&self, now: DateTime<Utc>, batch: &Batch) -> Result<()> {
        // What a transaction that is rolled back gave a number has none.
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.change(|tx| {
            samples(tx, now, &batch.samples, &mut numbers)?;
            for happening in &batch.happenings {
                note(tx, now, happening, &mut numbers)?;
            }
            notify::sqlite::enqueue(tx, now, &batch.entries)?;
            if let Some(picture) = &batch.picture {
                picture::put(tx, picture)?;
            }
            Ok(())
        })?;
        *self.numbers.lock().unwrap_or_else(PoisonError::into_inner) = numbers;
        Ok(())
    }
}

fn note(
    tx: &Transaction<'_>,
    now: DateTime<Utc>,
    happening: &Happening,
    numbers: &mut HashMap<PartId, i64>,
) -> Inside<()> {
    match happening {
        Happening::Changed { memory, .. } => remember(tx, memory, numbers),
        Happening::Incident { incident, .. } => incidents::put(tx, incident),
        Happening::WindowBegan(window) => events::window(tx, now, window, true),
        Happening::WindowEnded(window) => events::window(tx, now, window, false),
    }
}

fn remember(tx: &Transaction<'_>, memory: &PartMemory, numbers: &mut HashMap<PartId, i64>) -> Inside<()> {
    let number = number(tx, &memory.part, numbers)?;
    let body = written("a part's memory", memory)?;
    tx.prepare("UPDATE parts SET memory = ?2 WHERE n = ?1")?.execute(params![number, body])?;
    Ok(())
}

/// The part's number; it is given one when it is written of for the first time.
fn number(tx: &Transaction<'_>, part: &PartId, numbers: &mut HashMap<PartId, i64>) -> Inside<i64> {
    if let Some(known) = numbers.get(part) {
        return Ok(*known);
    }
    tx.execute("INSERT INTO parts (id) VALUES (?1) ON CONFLICT (id) DO NOTHING", [part.as_str()])?;
    let number = tx.query_row("SELECT n FROM parts WHERE id = ?1", [part.as_str()], |row| row.get(0))?;
    numbers.insert(part.clone(), number);
    Ok(number)
}

fn samples(
    tx: &Transaction<'_>,
    now: DateTime<Utc>,
    samples: &[Sample],
    numbers: &mut HashMap<PartId, i64>,
) -> Inside<()> {
    let mut sums = Sums::default();
    let worth_keeping = stamp(now - stretches::LOOKS_KEPT);
    // Two looks in one millisecond come of a clock that was put back: the newer one is kept.
    let mut look = tx.prepare(
        "INSERT INTO looks (part, at, latency_us, failed) VALUES (:part, :at, :latency, :failed)
         ON CONFLICT (part, at) DO UPDATE SET latency_us = excluded.latency_us, failed = excluded.failed",
    )?;
    for sample in samples {
        let number = number(tx, &sample.part, numbers)?;
        sums.add(number, sample);
        let at = stamp(sample.at);
        if at > worth_keeping && sample.verdict != Verdict::NotConfigured {
            look.execute(named_params! {
                ":part": number,
                ":at": at,
                ":latency": sample.latency.map(|latency| i64::try_from(latency.as_micros()).unwrap_or(i64::MAX)),
                ":failed": sample.verdict == Verdict::Fail,
            })?;
        }
    }
    sums.put(tx)
}

//! What was seen, for as long as it is worth knowing. One SQLite file on a volume of its own, so that it depends on nothing that
//! is watched. This is the one module of the service with SQL.
//!
//! It stays small whatever happens: single looks are kept for two days, sums over 5 minutes for 30 days, over hours for 400
//! days, over days for three years ([`stretches`]), and old rows go in small steps ([`prune`]). Parts are numbered, times are
//! integers, rows stand in the order of their keys. A year of looks every 10 seconds at 15 parts stays below 25 MiB
//! (`crates/health/examples/year` measures it).
//!
//! What is written together is true together: looks, what came of them, and the messages that tell of it
//! ([`Batch`], in one transaction; on disk before it is believed: `WAL`, `synchronous=FULL`). The messages wait in the table of
//! [`notify::sqlite`] in the same file.
//!
//! Readers have a connection of their own and never wait for a write. Everything here blocks: from a task, go through
//! [`Keeper::run`].

mod beats;
mod error;
mod events;
mod history;
mod incidents;
mod latency;
mod memory;
mod migrations;
mod picture;
mod prune;
mod stretches;
mod windows;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use error::{KeepError, Result};
pub use events::{Deploys, NewEvent};
pub use windows::NewWindow;
pub use write::Batch;

use crate::part::PartId;

/// How long a write waits for another process's.
const BUSY: Duration = Duration::from_secs(5);
/// The name of the file in the state folder.
const FILE: &str = "health.sqlite3";
/// The write-ahead log is cut back to this after a checkpoint.
const LOG_BYTES: i64 = 4 << 20;

/// The history; cheap to clone.
#[derive(Debug, Clone)]
pub struct Keeper {
    writer: Arc<Mutex<Connection>>,
    reader: Arc<Mutex<Connection>>,
    /// The numbers of the parts that were written of.
    numbers: Arc<Mutex<HashMap<PartId, i64>>>,
    path: PathBuf,
}

impl Keeper {
    /// Opens the history in the folder, and begins one where there is none. A damaged one is moved aside, named with the time,
    /// and a new one begun: to watch without a past is better than not to watch.
    ///
    /// # Errors
    /// The folder cannot be used, or holds a history that is newer than this program.
    pub fn open(folder: &Path, now: DateTime<Utc>) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|cause| KeepError::File { path: folder.to_path_buf(), cause })?;
        let path = folder.join(FILE);
        match Self::open_file(&path) {
            Err(KeepError::Damaged { cause, .. }) => {
                let aside = set_aside(&path, now)?;
                tracing::error!(aside = %aside.display(), "the history is damaged ({cause}); a new one is begun");
                Self::open_file(&path)
            }
            other => other,
        }
    }

    fn open_file(path: &Path) -> Result<Self> {
        let wrong = |cause| error::wrong(path, cause);
        let mut writer = connect(path).map_err(wrong)?;
        let sound: String = writer.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(wrong)?;
        if sound != "ok" {
            return Err(KeepError::Damaged { path: path.to_path_buf(), cause: sound });
        }
        migrations::apply(&mut writer, path)?;
        let reader = connect(path).map_err(wrong)?;
        reader.pragma_update(None, "query_only", "ON").map_err(wrong)?;
        Ok(Self {
            writer: Arc::new(Mutex::new(writer)),
            reader: Arc::new(Mutex::new(reader)),
            numbers: Arc::default(),
            path: path.to_path_buf(),
        })
    }

    /// The file, for those with tables of their own in it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The dispatcher's side of the messages that wait in this file.
    ///
    /// # Errors
    /// The file cannot be opened once more.
    pub fn outbox(&self) -> anyhow::Result<notify::sqlite::Outbox> {
        notify::sqlite::Outbox::open(&self.path)
    }

    /// Does the work where it may block.
    ///
    /// # Errors
    /// What the work gives, or that it was cut off.
    pub async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T> + Send + 'static,
    {
        let keeper = self.clone();
        tokio::task::spawn_blocking(move || work(&keeper)).await.map_err(|cut| KeepError::CutOff(cut.to_string()))?
    }

    /// Bytes on disk, the write-ahead log included.
    ///
    /// # Errors
    /// The file is not there any more.
    pub fn size_bytes(&self) -> Result<u64> {
        let size = |path: &Path| std::fs::metadata(path).map(|about| about.len());
        let whole = size(&self.path).map_err(|cause| KeepError::File { path: self.path.clone(), cause })?;
        Ok(whole + size(&beside(&self.path, "-wal")).unwrap_or(0))
    }

    /// Bounds the file: a bound does what a full disk does, for tests. `None`: no bound.
    ///
    /// # Errors
    /// SQLite does not do it.
    pub fn bound_pages(&self, pages: Option<u32>) -> Result<()> {
        let connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let sql = format!("PRAGMA max_page_count = {}", pages.unwrap_or(u32::MAX - 1));
        connection.query_row(&sql, [], |_| Ok(())).map_err(|cause| error::wrong(&self.path, cause))
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Inside<T>) -> Result<T> {
        let connection = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        work(&connection).map_err(|inside| inside.told(&self.path))
    }

    /// Writes, all or nothing.
    fn change<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Inside<T>) -> Result<T> {
        // A transaction of a thread that panicked was rolled back when it was dropped.
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = |cause| error::wrong(&self.path, cause);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let done = work(&transaction).map_err(|inside| inside.told(&self.path))?;
        transaction.commit().map_err(wrong)?;
        Ok(done)
    }
}

use error::Inside;

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    // In KiB: the working set of a minute's writes, and no more, since the container has 64 MiB.
    connection.pragma_update(None, "cache_size", -2048)?;
    Ok(connection)
}

/// Moves a damaged file and what belongs to it out of the way.
fn set_aside(path: &Path, now: DateTime<Utc>) -> Result<PathBuf> {
    let suffix = format!(".damaged-{}", now.format("%Y%m%dT%H%M%S"));
    for part in ["-wal", "-shm"] {
        // Missing after a clean end.
        let _ = std::fs::rename(beside(path, part), beside(path, &format!("{suffix}{part}")));
    }
    let aside = beside(path, &suffix);
    std::fs::rename(path, &aside).map_err(|cause| KeepError::File { path: path.to_path_buf(), cause })?;
    Ok(aside)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A time into a row: milliseconds since 1970.
fn stamp(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A time out of a row.
fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or(DateTime::UNIX_EPOCH)
}

/// JSON into a row.
fn written<T: serde::Serialize>(what: &str, value: &T) -> Inside<String> {
    serde_json::to_string(value).map_err(|cause| error::shape(what, &cause))
}

/// JSON out of a row.
fn parse<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Inside<T> {
    serde_json::from_str(text).map_err(|cause| error::shape(what, &cause))
}

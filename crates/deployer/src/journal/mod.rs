//! The journal: what was asked, what was done, what is live. One SQLite file on a volume of the deployer's own, so that it
//! depends on nothing that it deploys.
//!
//! Every write is on disk before it is believed (`WAL`, `synchronous=FULL`). The engine's writes carry a fencing token
//! ([`Journal::lead`]): a deployer that has been replaced cannot write any more, whatever it still believes. People's
//! orders and deliveries are written without it. Two unique indexes keep the first rule of the queue: at most one
//! deployment under way, at most one that waits.
//!
//! This is the one module of the deployer with SQL. Migrations are counted by `user_version` and never edited. Log lines
//! are files ([`logs`]), because they are many and need no transaction.

mod audit;
mod deliveries;
mod deployments;
mod heads;
mod lock;
pub mod logs;
mod migrations;
mod outbox;
mod prune;
mod record;
mod settings;
mod steps;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use audit::Audit;
pub use deliveries::Stored;
pub use deployments::Turn;
pub use heads::Considered;
pub use lock::Lock;
pub use outbox::{Message, NewMessage};
pub use record::{New, Record, Work};
pub use settings::SelfUpdating;
pub use steps::Taken;

/// How long a write waits for another process's.
const BUSY: Duration = Duration::from_secs(5);

/// What can be wrong with the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// No room.
    #[error("the disk with the journal ({0}) is full: make room there; nothing is begun until it can be written")]
    Full(PathBuf),
    /// Another deployer has taken over.
    #[error("another deployer has taken over the journal (fencing token {theirs}, ours is {ours}): this one stops")]
    Fenced {
        /// What this process was given.
        ours: i64,
        /// What stands in the journal.
        theirs: i64,
    },
    /// Another deployer runs.
    #[error("another deployer holds {0}: only one may run; stop it, or give this one a state folder of its own")]
    Held(PathBuf),
    /// It was written by a newer program.
    #[error("the journal has schema {found}, this program knows {known}: start the newer deployer")]
    Newer {
        /// In the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is no SQLite file any more.
    #[error(
        "the journal {path} is damaged ({cause}): move it away; a new one is begun and what runs is adopted, \
         without its history"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// In SQLite's words.
        cause: rusqlite::Error,
    },
    /// A row is not as it was written.
    #[error("the journal's {what} cannot be read: {cause}")]
    Shape {
        /// Which row.
        what: String,
        /// Why.
        cause: String,
    },
    /// A file beside it.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Anything else.
    #[error("the journal: {0}")]
    Sqlite(rusqlite::Error),
}

impl JournalError {
    /// Whether it may work later without anybody touching the journal.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Full(_) => true,
            Self::Sqlite(cause) => {
                matches!(
                    cause.sqlite_error_code(),
                    Some(
                        rusqlite::ErrorCode::DatabaseBusy
                            | rusqlite::ErrorCode::DatabaseLocked
                            | rusqlite::ErrorCode::SystemIoFailure
                    )
                )
            }
            _ => false,
        }
    }
}

/// What a question to the journal gives.
pub type Result<T> = std::result::Result<T, JournalError>;

/// The journal; cheap to clone.
#[derive(Debug, Clone)]
pub struct Journal {
    connection: Arc<Mutex<Connection>>,
    path: PathBuf,
    folder: PathBuf,
    /// The fencing token that this process was given; 0: none.
    fence: Arc<AtomicI64>,
}

impl Journal {
    /// Opens the journal in the folder, and makes it where there is none.
    ///
    /// # Errors
    /// The folder cannot be used, or holds a journal that is damaged or newer than this program.
    pub fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|cause| JournalError::File { path: folder.to_path_buf(), cause })?;
        let path = folder.join("deployer.sqlite");
        let opened = Connection::open(&path).and_then(|connection| {
            connection.busy_timeout(BUSY)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", "ON")?;
            let sound: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            Ok((connection, sound))
        });
        let (mut connection, sound) = opened.map_err(|cause| wrong(&path, cause))?;
        if sound != "ok" {
            let cause = rusqlite::Error::InvalidColumnName(sound);
            return Err(JournalError::Damaged { path, cause });
        }
        migrations::apply(&mut connection, &path)?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            path,
            folder: folder.to_path_buf(),
            fence: Arc::default(),
        })
    }

    /// The folder that it stands in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bounds the file: a bound does what a full disk does, for tests. `None`: no bound.
    ///
    /// # Errors
    /// SQLite does not do it.
    pub fn bound_pages(&self, pages: Option<u32>) -> Result<()> {
        self.read(|connection| {
            let sql = format!("PRAGMA max_page_count = {}", pages.unwrap_or(u32::MAX - 1));
            connection.query_row(&sql, [], |_| Ok(()))?;
            Ok(())
        })
    }

    /// Takes the lead: the lock of the folder, and a fencing token greater than any before. The lead lasts while the lock
    /// is held.
    ///
    /// # Errors
    /// Another deployer has it.
    pub fn lead(&self) -> Result<Lock> {
        let lock = Lock::take(&self.folder)?;
        let fence = self.write(|tx| {
            let fence = settings::number(tx, "fence")?.unwrap_or(0) + 1;
            settings::put(tx, "fence", &fence.to_string())?;
            Ok(fence)
        })?;
        self.fence.store(fence, Ordering::SeqCst);
        Ok(lock)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A transaction of a thread that panicked was rolled back when it was dropped.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Inside<T>) -> Result<T> {
        work(&self.connection()).map_err(|inside| self.told(inside))
    }

    /// Writes, all or nothing.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Inside<T>) -> Result<T> {
        let mut connection = self.connection();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|cause| wrong(&self.path, cause))?;
        let done = work(&transaction).map_err(|inside| self.told(inside))?;
        transaction.commit().map_err(|cause| wrong(&self.path, cause))?;
        Ok(done)
    }

    /// Writes as the one that leads: refused once another has taken the lead.
    fn write_fenced<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Inside<T>) -> Result<T> {
        let ours = self.fence.load(Ordering::SeqCst);
        self.write(|tx| {
            let theirs = settings::number(tx, "fence")?.unwrap_or(0);
            if theirs != ours {
                return Err(InsideError::Journal(JournalError::Fenced { ours, theirs }));
            }
            work(tx)
        })
    }

    fn told(&self, inside: InsideError) -> JournalError {
        match inside {
            InsideError::Sqlite(cause) => wrong(&self.path, cause),
            InsideError::Journal(known) => known,
        }
    }
}

/// What goes wrong inside a transaction: SQLite's, or ours.
enum InsideError {
    Sqlite(rusqlite::Error),
    Journal(JournalError),
}

type Inside<T> = std::result::Result<T, InsideError>;

impl From<rusqlite::Error> for InsideError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(cause)
    }
}

impl From<JournalError> for InsideError {
    fn from(known: JournalError) -> Self {
        Self::Journal(known)
    }
}

/// SQLite's error, in words that say what to do.
fn wrong(path: &Path, cause: rusqlite::Error) -> JournalError {
    match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => JournalError::Full(path.to_path_buf()),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            JournalError::Damaged { path: path.to_path_buf(), cause }
        }
        _ => JournalError::Sqlite(cause),
    }
}

/// JSON out of a row.
fn parse<T: serde::de::DeserializeOwned>(what: &str, text: &str) -> Inside<T> {
    serde_json::from_str(text)
        .map_err(|cause| InsideError::Journal(JournalError::Shape { what: what.to_owned(), cause: cause.to_string() }))
}

/// JSON into a row.
fn written<T: serde::Serialize>(what: &str, value: &T) -> Inside<String> {
    serde_json::to_string(value)
        .map_err(|cause| InsideError::Journal(JournalError::Shape { what: what.to_owned(), cause: cause.to_string() }))
}

/// A time into a row: UTC with microseconds, so that text order is time order.
fn stamp(at: chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// A time out of a row.
fn time(what: &str, text: &str) -> Inside<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|cause| InsideError::Journal(JournalError::Shape { what: what.to_owned(), cause: cause.to_string() }))
}

fn maybe_time(what: &str, text: Option<String>) -> Inside<Option<chrono::DateTime<chrono::Utc>>> {
    text.map(|text| time(what, &text)).transpose()
}

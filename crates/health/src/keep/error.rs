//! What can be wrong with the history.

use std::path::{Path, PathBuf};

/// What can be wrong with it.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// No room.
    #[error(
        "the disk with the history ({0}) is full: make room there; parts are watched and nothing is written meanwhile"
    )]
    Full(PathBuf),
    /// It was written by a newer program.
    #[error("the history has schema {found}, this program knows {known}: start the newer health service")]
    Newer {
        /// In the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It is no SQLite file any more.
    #[error("the history {path} is damaged: {cause}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// In SQLite's words.
        cause: String,
    },
    /// A row is not as it was written.
    #[error("{what} in the history cannot be read: {cause}")]
    Shape {
        /// Which.
        what: String,
        /// Why.
        cause: String,
    },
    /// A file.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The work did not come to an end.
    #[error("the work on the history was cut off: {0}")]
    CutOff(String),
    /// Anything else.
    #[error("the history: {0}")]
    Sqlite(rusqlite::Error),
}

/// What a question to the history gives.
pub type Result<T> = std::result::Result<T, KeepError>;

/// What goes wrong inside a transaction: SQLite's, or ours.
pub(super) enum InsideError {
    Sqlite(rusqlite::Error),
    Known(KeepError),
}

pub(super) type Inside<T> = std::result::Result<T, InsideError>;

impl InsideError {
    pub(super) fn told(self, path: &Path) -> KeepError {
        match self {
            Self::Sqlite(cause) => wrong(path, cause),
            Self::Known(known) => known,
        }
    }
}

impl From<rusqlite::Error> for InsideError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sqlite(cause)
    }
}

pub(super) fn shape(what: &str, cause: &serde_json::Error) -> InsideError {
    InsideError::Known(KeepError::Shape { what: what.to_owned(), cause: cause.to_string() })
}

/// SQLite's error, in words that say what to do.
pub(super) fn wrong(path: &Path, cause: rusqlite::Error) -> KeepError {
    match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => KeepError::Full(path.to_path_buf()),
        Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
            KeepError::Damaged { path: path.to_path_buf(), cause: cause.to_string() }
        }
        _ => KeepError::Sqlite(cause),
    }
}

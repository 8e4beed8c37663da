//! What can go wrong with the object store.

use std::io;

/// Why the object store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// `OBJECT_STORE_URL` cannot be used.
    #[error("object store `{location}`: {reason}")]
    Location {
        /// What was given, without user, password and query.
        location: String,
        /// Why not, and what to give.
        reason: String,
    },
    /// The key cannot be one.
    #[error("object key `{key}` is not valid: {reason}")]
    Key {
        /// What was given.
        key: String,
        /// Why not.
        reason: String,
    },
    /// There is no object of that key.
    #[error("there is no object `{key}` in the store")]
    NotFound {
        /// The key looked for.
        key: String,
    },
    /// The bytes that should have been stored stopped coming.
    #[error("the bytes for `{key}` stopped coming: {source}")]
    Incoming {
        /// The key being written.
        key: String,
        /// What the sender's side said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file system failed.
    #[error("cannot {action} `{key}`: {source}")]
    Io {
        /// The key in question.
        key: String,
        /// What was being done.
        action: &'static str,
        /// What the file system said.
        source: io::Error,
    },
    /// The store failed.
    #[error("cannot {action} object `{key}`: {source}")]
    Store {
        /// The key in question.
        key: String,
        /// What was being done.
        action: &'static str,
        /// What the store said.
        source: object_store::Error,
    },
}

impl ObjectError {
    pub(super) fn of(source: object_store::Error, key: &str, action: &'static str) -> Self {
        match source {
            object_store::Error::NotFound { .. } => Self::NotFound { key: key.to_owned() },
            source => Self::Store { key: key.to_owned(), action, source },
        }
    }

    pub(super) fn io(source: io::Error, key: &str, action: &'static str) -> Self {
        if source.kind() == io::ErrorKind::NotFound {
            return Self::NotFound { key: key.to_owned() };
        }
        Self::Io { key: key.to_owned(), action, source }
    }
}

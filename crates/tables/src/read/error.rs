//! Why a stored table cannot be read.

use domain::dataset::ColumnType;

use crate::objects::ObjectError;
use crate::text::{FileProblem, RecordError};

/// Why a stored table, or a column of it, cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No column of that name.
    #[error("there is no column `{name}` in the table; it has {}", list(.columns))]
    NoSuchColumn {
        /// The name asked for.
        name: String,
        /// The names there are.
        columns: Vec<String>,
    },
    /// The column was not among those loaded.
    #[error("column `{name}` was not loaded; name it in Table::load")]
    NotLoaded {
        /// The name asked for.
        name: String,
    },
    /// The column holds something else.
    #[error("column `{name}` is {found}, but {wanted} is needed")]
    WrongType {
        /// The column.
        name: String,
        /// What it holds.
        found: ColumnType,
        /// What was asked for.
        wanted: &'static str,
    },
    /// The stored file is not the one that was checked when it was uploaded.
    #[error("the stored file is not the one that was uploaded ({0}); upload it again")]
    Changed(String),
    /// More distinct text than an Arrow dictionary can hold.
    #[error("column `{name}` holds more than 2 GiB of distinct text; leave it out")]
    TooMuchText {
        /// The column.
        name: String,
    },
    /// The store failed, or the object is gone.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The object could not be read to its end.
    #[error("cannot read the stored file: {0}")]
    Io(#[source] std::io::Error),
}

impl ReadError {
    /// Whether trying again later can help.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Object(ObjectError::Io { .. } | ObjectError::Store { .. }))
    }
}

impl From<RecordError> for ReadError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Problem(problem) => problem.into(),
            RecordError::Io(error) => Self::Io(error),
        }
    }
}

impl From<FileProblem> for ReadError {
    fn from(problem: FileProblem) -> Self {
        Self::Changed(problem.to_string())
    }
}

/// The first names, and how many more there are.
fn list(columns: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = columns.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = columns.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

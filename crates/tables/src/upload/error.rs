//! Why an upload did not become a table.

use crate::objects::ObjectError;
use crate::text::FileProblem;

/// Why an upload did not become a table. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The file is at fault; the message says where and what to do. For the person who uploaded it.
    #[error(transparent)]
    Refused(#[from] FileProblem),
    /// The bytes stopped coming before the end.
    #[error("the upload was interrupted: {0}")]
    Interrupted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store is at fault.
    #[error(transparent)]
    Store(#[from] ObjectError),
    /// What was stored could not be read back.
    #[error("the stored bytes could not be read: {0}")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A defect of ours.
    #[error("{0}")]
    Internal(String),
}

impl UploadError {
    /// The line the file is at fault in, from 1, where there is one.
    #[must_use]
    pub const fn line(&self) -> Option<u64> {
        match self {
            Self::Refused(problem) => problem.line(),
            _ => None,
        }
    }

    /// Whether the file is no fault but its size: `413` rather than `422`.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        matches!(self, Self::Refused(problem) if problem.is_too_large())
    }
}

//! One deployer at a time: a lock of the kernel's, which ends with the process that holds it, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::{JournalError, Result};

/// The lock of a state folder; given back when it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes it, or says that another process has it. Never waits.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|cause| JournalError::File { path: path.clone(), cause })?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(JournalError::Held(path)),
            Err(TryLockError::Error(cause)) => Err(JournalError::File { path, cause }),
        }
    }
}

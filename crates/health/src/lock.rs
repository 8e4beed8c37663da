//! Which copy checks and alerts: a lock of the kernel's on a file in the state folder, which ends with the process that
//! holds it, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use anyhow::Context as _;

const FILE: &str = "holder.lock";

/// The lock; given back when it is dropped.
#[derive(Debug)]
pub struct Held {
    _file: File,
}

/// Takes the lock of a state folder; `None` while another process has it.
///
/// # Errors
/// The file cannot be used.
pub fn take(state_dir: &Path) -> anyhow::Result<Option<Held>> {
    let path = state_dir.join(FILE);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = opened.with_context(|| format!("open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Held { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("lock {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_until_it_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let held = take(folder.path()).unwrap().unwrap();
        assert!(take(folder.path()).unwrap().is_none());
        drop(held);
        assert!(take(folder.path()).unwrap().is_some());
    }
}

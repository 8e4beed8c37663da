//! One deployer at a time: a lock of the kernel's, which ends with the process that holds it, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::{JournalError, Result};

/// For moments it is held by others than a deployer: by what a killed one had just forked, until that becomes its own
/// program, and by the helper of a self-update, which looks whether it is free.
const TRIES: u32 = 40;
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// The lock of a state folder; given back when it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes it, or says after two seconds that another process has it.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join("lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = opened.map_err(|cause| JournalError::File { path: path.clone(), cause })?;
        for _ in 1..TRIES {
            match file.try_lock() {
                Err(TryLockError::WouldBlock) => thread::sleep(BETWEEN_TRIES),
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(cause)) => return Err(JournalError::File { path, cause }),
            }
        }
        Err(JournalError::Held(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_it_for_a_moment_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let held = File::create(folder.path().join("lock")).unwrap();
        held.try_lock_shared().unwrap();
        let passing = thread::spawn(move || {
            thread::sleep(BETWEEN_TRIES * 4);
            drop(held);
        });
        Lock::take(folder.path()).unwrap();
        passing.join().unwrap();
    }
}

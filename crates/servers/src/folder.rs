//! The folder of one server instance: who may use it, and what an earlier run left in it.
//!
//! ```text
//! folder/            mode 0700, owned by the server's account
//!   owner.lock       locked while its owner lives; holds the owner's process id
//!   passwords        made once, mode 0600
//!   log              what the server printed
//!   data/            the server's own
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::Signal;

use crate::leftover::end_leftover;
use crate::{Account, RandomBytes, random};

const LOCK: &str = "owner.lock";
/// A log that has grown beyond this is begun anew at the next start.
const LOG_LIMIT_BYTES: u64 = 10 * 1024 * 1024;
/// Names of folders made for tests; also what the sweep looks for.
const TEST_PREFIX: &str = "e2i-test-";

/// A folder that this process, and no other, may run a server in.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    account: Account,
    remove_afterwards: bool,
    /// Released by the kernel when this process ends, however it ends.
    _lock: File,
}

impl Folder {
    /// Opens `path`, made when missing, for data that stays.
    ///
    /// # Errors
    /// When another process runs a server in it, or it cannot be made.
    pub fn open(path: &Path, account: Account) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o711)
            .create(path.parent().unwrap_or(path))
            .with_context(|| format!("make the folder above {}", path.display()))?;
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                return Err(error).with_context(|| format!("make {}", path.display()));
            }
            _ => account.give(path)?,
        }
        Self::claim(path, account, false)
    }

    /// A new folder that is removed when this process ends, however it ends.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn temporary(account: Account) -> anyhow::Result<Self> {
        let parent = temporary_parent(&account)?;
        let made = tempfile::Builder::new()
            .prefix(TEST_PREFIX)
            .tempdir_in(&parent)
            .with_context(|| format!("make a folder in {}", parent.display()))?;
        let path = made.keep();
        account.give(&path)?;
        Self::claim(&path, account, true)
    }

    fn claim(path: &Path, account: Account, remove_afterwards: bool) -> anyhow::Result<Self> {
        let path = fs::canonicalize(path).with_context(|| format!("find {}", path.display()))?;
        let lock = lock(&path)?;
        Ok(Self { path, account, remove_afterwards, _lock: lock })
    }

    /// Where it is, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// What the guardian removes when the owner is gone.
    pub(crate) fn to_remove(&self) -> Option<&Path> {
        self.remove_afterwards.then_some(self.path.as_path())
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// The log, opened to append to, and where the next run's lines begin.
    pub(crate) fn open_log(&self) -> anyhow::Result<(File, u64)> {
        let path = self.log();
        let mut log = OpenOptions::new()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("open {}", path.display()))?;
        if log.metadata().is_ok_and(|found| found.len() > LOG_LIMIT_BYTES) {
            log.set_len(0).with_context(|| format!("truncate {}", path.display()))?;
        }
        let begin = log.seek(SeekFrom::End(0)).with_context(|| format!("seek in {}", path.display()))?;
        Ok((log, begin))
    }

    /// What the server printed since `begin`.
    pub(crate) fn log_since(&self, begin: u64) -> String {
        let mut bytes = Vec::new();
        let read = File::open(self.log()).and_then(|mut log| {
            log.seek(SeekFrom::Start(begin))?;
            log.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => format!("(no log: {error})"),
        }
    }

    /// The instance's passwords, one a line: read back, or made and kept.
    pub(crate) fn passwords<const N: usize>(&self, random: &RandomBytes) -> anyhow::Result<[String; N]> {
        let path = self.path.join("passwords");
        if let Ok(text) = fs::read_to_string(&path) {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            return lines.try_into().map_err(|_| {
                anyhow::anyhow!("{} should hold {N} lines; move the folder away to start anew", path.display())
            });
        }
        let mut passwords = [const { String::new() }; N];
        for password in &mut passwords {
            *password = random::hexadecimal::<24>(random)?;
        }
        write_private(&path, &(passwords.join("\n") + "\n"))?;
        Ok(passwords)
    }

    /// [`end_leftover`] of a server that works in this folder's data. We hold the lock: whoever runs here is one.
    pub(crate) fn end_orphan(&self, pid_file: &Path, program: &Path, polite: Signal) -> anyhow::Result<()> {
        end_leftover(pid_file, program, &self.data(), polite)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.remove_afterwards {
            // Should a server still be ending in it, its guardian removes what is left.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Removes the folders that killed test processes, whose guardians were killed too (a reboot), left behind.
pub(crate) fn sweep_test_folders(account: &Account) {
    let Ok(entries) = temporary_parent(account).and_then(|parent| Ok(fs::read_dir(parent)?)) else {
        return;
    };
    for entry in entries.flatten() {
        let old = entry.metadata().and_then(|found| found.modified()).ok().and_then(|made| made.elapsed().ok());
        let is_test = entry.file_name().to_string_lossy().starts_with(TEST_PREFIX);
        // A folder younger than this may belong to a process that has not locked it yet.
        if is_test && old.is_some_and(|age| age > Duration::from_mins(10)) && lock(&entry.path()).is_ok() {
            // Best effort: a folder of another user is that user's to sweep.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Creates or replaces a file that only its owner can read.
pub(crate) fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())
    };
    write().with_context(|| format!("write {}", path.display()))
}

/// The account must be able to reach it and to remove what it owns in it: for root neither `TMPDIR` (often private)
/// nor `/var/tmp` itself (not world-writable everywhere) is sure to do.
fn temporary_parent(account: &Account) -> anyhow::Result<PathBuf> {
    if !account.is_another() {
        return Ok(std::env::temp_dir());
    }
    let parent = PathBuf::from("/var/tmp/e2i");
    if !parent.is_dir() {
        fs::create_dir_all(&parent).with_context(|| format!("make {}", parent.display()))?;
        fs::set_permissions(&parent, fs::Permissions::from_mode(0o1777)).context("open the folder to all accounts")?;
    }
    Ok(parent)
}

fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join(LOCK);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            // Only for the message.
            let _ = file.read_to_string(&mut owner);
            bail!("{} is in use by process {}", folder.display(), owner.trim());
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("lock {}", path.display())),
    }
    let mut record = || -> std::io::Result<()> {
        file.set_len(0)?;
        write!(file, "{}", std::process::id())
    };
    record().with_context(|| format!("write {}", path.display()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operating_system_random;

    fn own_account() -> Account {
        Account::for_servers().unwrap()
    }

    #[test]
    fn a_folder_has_one_owner_at_a_time() {
        let folder = Folder::temporary(own_account()).unwrap();
        let refused = Folder::open(folder.path(), own_account()).unwrap_err().to_string();
        assert!(refused.ends_with(&format!("is in use by process {}", std::process::id())), "{refused}");
        let path = folder.path().to_path_buf();
        drop(folder);
        // A process that another test is just starting holds a copy of every open file until its exec.
        let again = (0..100).find_map(|_| {
            std::thread::sleep(Duration::from_millis(10));
            Folder::open(&path, own_account()).ok()
        });
        assert!(again.is_some());
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn passwords_are_made_once_and_private() {
        let folder = Folder::temporary(own_account()).unwrap();
        let first: [String; 2] = folder.passwords(&operating_system_random()).unwrap();
        assert_eq!(first, folder.passwords::<2>(&operating_system_random()).unwrap());
        assert_ne!(first[0], first[1]);
        let mode = fs::metadata(folder.path().join("passwords")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

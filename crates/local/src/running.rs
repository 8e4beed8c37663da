//! Which platform, if any, runs in this clone: one at a time, found by others through two files in `.local/`.
//!
//! `up.lock` is locked by the running `e2i` and unlocked by the kernel however that ends; `platform.json` says where it
//! listens, and counts only while the lock is held.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

/// A look by [`find`] holds the lock for a moment; it must not pass for a running platform.
const LOOK: Duration = Duration::from_millis(500);
/// How long a platform may take from its claim until it listens: a first start installs packages.
const STARTING: Duration = Duration::from_mins(5);

/// What others need to know of the running platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The process to end to stop it.
    pub pid: u32,
    /// The address of the API.
    pub public_url: String,
    /// The first admin.
    pub admin_email: String,
    /// Holds the admin's first password.
    pub admin_password_file: PathBuf,
    /// Where nginx looks for a deployer on the loopback address: none is started, but one may be.
    #[serde(default)]
    pub deployer_port: Option<u16>,
}

/// The right to run the platform of a clone; given back when dropped or when the process ends.
pub struct Claim {
    local: PathBuf,
    _lock: File,
}

impl Claim {
    /// Takes the right to run in `local` (the clone's `.local`), which is made when missing.
    ///
    /// # Errors
    /// When another process has it: the message says which, where it listens and how to stop it.
    pub fn take(local: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(local).with_context(|| format!("make {}", local.display()))?;
        let mut lock = open_lock(local)?;
        let begin = Instant::now();
        while !try_lock(&lock)? {
            if begin.elapsed() > LOOK {
                bail!(already_running(local, &mut lock));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        lock.set_len(0).and_then(|()| write!(lock, "{}", std::process::id())).context("write up.lock")?;
        let claim = Self { local: local.to_path_buf(), _lock: lock };
        claim.withdraw();
        Ok(claim)
    }

    /// Tells others that the platform listens.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn publish(&self, running: &Running) -> anyhow::Result<()> {
        let path = published(&self.local);
        let new = path.with_extension("new");
        let write = || -> anyhow::Result<()> {
            let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&new)?;
            file.write_all(serde_json::to_string_pretty(running)?.as_bytes())?;
            Ok(fs::rename(&new, &path)?)
        };
        write().with_context(|| format!("write {}", path.display()))
    }

    /// The file left by a killed platform, or ours at the end.
    fn withdraw(&self) {
        // When it is not there, all is well; when it cannot be removed, the free lock says enough.
        let _ = fs::remove_file(published(&self.local));
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// The platform running in this clone, waited for while it starts; `None` when there is none.
///
/// # Errors
/// When it does not come up, or the files cannot be read.
pub fn find(local: &Path) -> anyhow::Result<Option<Running>> {
    if !local.is_dir() {
        return Ok(None);
    }
    let begin = Instant::now();
    loop {
        let lock = open_lock(local)?;
        if try_lock(&lock)? {
            return Ok(None);
        }
        if let Some(running) = read(local) {
            return Ok(Some(running));
        }
        if begin.elapsed() > STARTING {
            bail!("the platform of {} has been starting for {} minutes", local.display(), STARTING.as_secs() / 60);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn already_running(local: &Path, lock: &mut File) -> String {
    let mut pid = String::new();
    // Only for the message.
    let _ = lock.read_to_string(&mut pid);
    let at = read(local).map_or_else(|| "starting".to_owned(), |running| format!("at {}", running.public_url));
    format!(
        "the platform of this clone is already running (process {pid}, {at}); stop it by Ctrl-C there or `kill {pid}`"
    )
}

fn read(local: &Path) -> Option<Running> {
    serde_json::from_slice(&fs::read(published(local)).ok()?).ok()
}

fn published(local: &Path) -> PathBuf {
    local.join("platform.json")
}

fn open_lock(local: &Path) -> anyhow::Result<File> {
    let path = local.join("up.lock");
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .with_context(|| format!("open {}", path.display()))
}

fn try_lock(lock: &File) -> anyhow::Result<bool> {
    match lock.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error).context("lock up.lock"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running() -> Running {
        Running {
            pid: 1,
            public_url: "http://127.0.0.1:8000".to_owned(),
            admin_email: "admin@e2i.local".to_owned(),
            admin_password_file: PathBuf::from("admin-password"),
            deployer_port: Some(8030),
        }
    }

    #[test]
    fn a_second_claim_is_told_of_the_first() {
        let local = tempfile::tempdir().unwrap();
        let claim = Claim::take(local.path()).unwrap();
        claim.publish(&running()).unwrap();
        let refused = Claim::take(local.path()).err().unwrap().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        assert!(refused.contains("http://127.0.0.1:8000"), "{refused}");
        assert_eq!(find(local.path()).unwrap(), Some(running()));
    }

    #[test]
    fn a_file_without_a_lock_is_of_a_killed_platform() {
        let local = tempfile::tempdir().unwrap();
        Claim::take(local.path()).unwrap();
        fs::write(published(local.path()), serde_json::to_string(&running()).unwrap()).unwrap();
        assert_eq!(find(local.path()).unwrap(), None);
        let _claim = Claim::take(local.path()).unwrap();
        assert!(!published(local.path()).exists());
    }

    #[test]
    fn where_nothing_ever_ran_nothing_runs() {
        assert_eq!(find(Path::new("/nonexistent/.local")).unwrap(), None);
    }
}

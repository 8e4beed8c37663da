//! Where a platform keeps what lasts: databases, uploads, keys, passwords.
//!
//! ```text
//! .local/                  in the clone
//!   data                   the home; for root a link to /var/lib/e2i/local-XXXXXXXX, which the servers' user can reach
//!   admin-password         link to the first admin's password
//!   platform.json          where the running platform listens (module `running`)
//! home/
//!   postgres/ redis/ nginx/ the servers' folders (crate `servers`)
//!   objects/               the object store
//!   health/                what was seen of the platform
//!   keys/ public/          private signing keys, and the public JWKS file
//!   secrets/               mode 0700; made once
//!   run/                   process ids of the services
//!   bin/                   the program as it was when the platform started
//! ```

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::{fs::OpenOptions, io::Write as _};

use anyhow::Context;
use chassis::entropy::Entropy;
use rustix::process::Signal;
use servers::{Account, Folder};

/// Where the homes of root's platforms lie.
const FOR_ROOT: &str = "/var/lib/e2i";
/// Letters and digits that are not taken for one another.
const PASSWORD_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH: usize = 20;

/// A platform's home.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    account: Account,
    /// Removes a test's home at its end.
    temporary: Option<Folder>,
}

impl Home {
    /// The home that `local` (the clone's `.local` folder) leads to, made when missing.
    ///
    /// # Errors
    /// When a folder or link cannot be made.
    pub fn in_clone(local: &Path, account: Account, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        make_folder(local, 0o755)?;
        let link = local.join("data");
        if !link.exists() && account.is_another() {
            make_folder(Path::new(FOR_ROOT), 0o711)?;
            let target = Path::new(FOR_ROOT).join(format!("local-{}", hexadecimal(entropy, 4)));
            // A link that leads nowhere is left of data that somebody removed.
            match fs::remove_file(&link) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("remove the broken link {}", link.display()));
                }
                _ => {}
            }
            make_folder(&target, 0o700)?;
            symlink(&target, &link).with_context(|| format!("link {} to {}", link.display(), target.display()))?;
        }
        make_folder(&link, 0o700)?;
        let path = fs::canonicalize(&link).with_context(|| format!("find {}", link.display()))?;
        let home = Self { path, account, temporary: None };
        home.account.give(&home.path)?;
        home.prepare()?;
        Ok(home)
    }

    /// A home that ends with this process.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn temporary(account: Account) -> anyhow::Result<Self> {
        let folder = Folder::temporary(account.clone())?;
        let home = Self { path: folder.path().to_path_buf(), account, temporary: Some(folder) };
        home.prepare()?;
        Ok(home)
    }

    fn prepare(&self) -> anyhow::Result<()> {
        for name in ["objects", "health", "keys", "public", "secrets", "run", "bin"] {
            let folder = self.path.join(name);
            make_folder(&folder, 0o700)?;
            self.account.give(&folder)?;
        }
        Ok(())
    }

    /// Its folder, without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who the services run as.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// What a guardian removes when this process is gone.
    #[must_use]
    pub fn to_remove(&self) -> Option<&Path> {
        self.temporary.as_ref().map(Folder::path)
    }

    /// Ends the services that a killed platform (and killed guardians) may have left running, so that their ports are
    /// free again. The caller has the right to run the platform of this home.
    ///
    /// # Errors
    /// When one does not end.
    pub fn end_leftovers(&self) -> anyhow::Result<()> {
        for entry in fs::read_dir(self.path.join("run")).context("list the services of the last run")?.flatten() {
            servers::end_leftover(&entry.path(), &self.program(), &self.path, Signal::TERM)?;
        }
        Ok(())
    }

    fn program(&self) -> PathBuf {
        self.path.join("bin/e2i")
    }

    /// A file in `secrets` that holds a password for a person: made once, then kept. True when it was made now.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn password(&self, name: &str, entropy: &dyn Entropy) -> anyhow::Result<(PathBuf, bool)> {
        self.secret(name, || password(entropy))
    }

    /// A file in `secrets` that holds a key for a program: made once, then kept.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn key(&self, name: &str, entropy: &dyn Entropy) -> anyhow::Result<PathBuf> {
        Ok(self.secret(name, || entropy.token(48))?.0)
    }

    fn secret(&self, name: &str, make: impl FnOnce() -> String) -> anyhow::Result<(PathBuf, bool)> {
        let path = self.path.join("secrets").join(name);
        let mut file = match OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok((path, false)),
            Err(error) => return Err(error).with_context(|| format!("make {}", path.display())),
        };
        file.write_all(make().as_bytes()).with_context(|| format!("write {}", path.display()))?;
        self.account.give(&path)?;
        Ok((path, true))
    }

    /// A link or copy of `program` in this home: the services' user may not reach the build folder, and a rebuild must
    /// not change a platform that runs.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn keep_program(&self, program: &Path) -> anyhow::Result<PathBuf> {
        // A hard link to a symbolic link would be another symbolic link.
        let program = fs::canonicalize(program).with_context(|| format!("find {}", program.display()))?;
        let copy = self.program();
        match fs::remove_file(&copy) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("remove {}", copy.display()));
            }
            _ => {}
        }
        // A link costs nothing; between two disks it takes a copy.
        if fs::hard_link(&program, &copy).is_err() {
            fs::copy(&program, &copy).with_context(|| format!("copy {} to {}", program.display(), copy.display()))?;
        }
        Ok(copy)
    }
}

/// Puts a link at `link` that leads to `target`, in place of an earlier one.
///
/// # Errors
/// When it cannot be made.
pub fn relink(target: &Path, link: &Path) -> anyhow::Result<()> {
    if fs::read_link(link).is_ok_and(|present| present == target) {
        return Ok(());
    }
    match fs::remove_file(link) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("remove {}", link.display()))
        }
        _ => symlink(target, link).with_context(|| format!("link {} to {}", link.display(), target.display())),
    }
}

fn make_folder(path: &Path, mode: u32) -> anyhow::Result<()> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("make {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn password(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; PASSWORD_LENGTH];
    entropy.fill(&mut bytes);
    // 256 is a multiple of 32: every letter is as likely.
    bytes.iter().map(|byte| char::from(PASSWORD_ALPHABET[usize::from(*byte) % PASSWORD_ALPHABET.len()])).collect()
}

fn hexadecimal(entropy: &dyn Entropy, length_bytes: usize) -> String {
    entropy.uuid().simple().to_string().chars().take(2 * length_bytes).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use chassis::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn a_password_is_made_once_and_is_private() {
        let home = Home::temporary(Account::for_servers().unwrap()).unwrap();
        let entropy = SeededEntropy::new(1);
        let (path, made) = home.password("admin-password", entropy.as_ref()).unwrap();
        let first = fs::read_to_string(&path).unwrap();
        assert!(made);
        assert_eq!(first.len(), PASSWORD_LENGTH);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(home.password("admin-password", entropy.as_ref()).unwrap(), (path.clone(), false));
        assert_eq!(fs::read_to_string(path).unwrap(), first);
    }

    #[test]
    fn a_clone_finds_its_home_again() {
        let clone = tempfile::tempdir().unwrap();
        let local = clone.path().join(".local");
        let account = Account::for_servers().unwrap();
        let entropy = SeededEntropy::new(2);
        let first = Home::in_clone(&local, account.clone(), entropy.as_ref()).unwrap();
        let second = Home::in_clone(&local, account.clone(), entropy.as_ref()).unwrap();
        assert_eq!(first.path(), second.path());
        assert_eq!(account.is_another(), first.path().starts_with(FOR_ROOT));
        fs::remove_dir_all(first.path()).unwrap();
        let anew = Home::in_clone(&local, account, entropy.as_ref()).unwrap();
        assert!(anew.path().join("secrets").is_dir());
        fs::remove_dir_all(anew.path()).unwrap();
    }

    #[test]
    fn a_link_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        for target in ["first", "second", "second"] {
            relink(Path::new(target), &link).unwrap();
            assert_eq!(fs::read_link(&link).unwrap(), Path::new(target));
        }
    }
}

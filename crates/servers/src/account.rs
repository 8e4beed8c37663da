//! The system account the servers run under.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// Made when the machine has no `postgres` user.
const OWN_USER: &str = "e2i";

/// Who the servers run as: oneself, or, for root, a system user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// User and group id to change to; `None` stays oneself.
    change_to: Option<(u32, u32)>,
}

impl Account {
    /// Oneself; for root the `postgres` user, or a system user of our own where there is none.
    ///
    /// # Errors
    /// When the user has to be made and `useradd` fails.
    pub fn for_servers() -> anyhow::Result<Self> {
        if !is_root() {
            return Ok(Self { change_to: None });
        }
        let find = || -> anyhow::Result<Option<(u32, u32)>> {
            let users = fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
            Ok(ids_of(&users, "postgres").or_else(|| ids_of(&users, OWN_USER)))
        };
        if find()?.is_none() {
            let status = Command::new("useradd")
                .args(["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"])
                .args(["--shell", "/usr/sbin/nologin", OWN_USER])
                .stdin(Stdio::null())
                .status()
                .context("run useradd")?;
            // Two processes may try at once: what counts is whether the user is there afterwards.
            tracing::info!(user = OWN_USER, %status, "made a system user, because Postgres refuses to run as root");
        }
        match find()? {
            Some(ids) => Ok(Self { change_to: Some(ids) }),
            None => bail!("Postgres refuses to run as root, and the system user `{OWN_USER}` could not be made"),
        }
    }

    /// Whether the servers run as somebody else than this process.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.change_to.is_some()
    }

    /// Lets `command` run under this account.
    pub fn apply(&self, command: &mut Command) {
        if let Some((user, group)) = self.change_to {
            command.uid(user).gid(group);
        }
    }

    /// Gives `path` to this account.
    ///
    /// # Errors
    /// When the path is missing or not ours to give.
    pub fn give(&self, path: &Path) -> anyhow::Result<()> {
        match self.change_to {
            Some((user, group)) => {
                chown(path, Some(user), Some(group)).with_context(|| format!("change the owner of {}", path.display()))
            }
            None => Ok(()),
        }
    }
}

impl Account {
    /// The folder above `path` that this account cannot enter, if there is one: a mistake with a message of its own.
    pub(crate) fn barred_from(&self, path: &Path) -> Option<PathBuf> {
        let (user, group) = self.change_to?;
        let may_enter = |folder: &Path| {
            fs::metadata(folder).is_ok_and(|found| {
                let bit = match (found.uid() == user, found.gid() == group) {
                    (true, _) => 0o100,
                    (false, true) => 0o010,
                    (false, false) => 0o001,
                };
                found.mode() & bit != 0
            })
        };
        path.ancestors().skip(1).find(|above| !may_enter(above)).map(Path::to_path_buf)
    }
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// User and group id of `name` in the text of `/etc/passwd`.
fn ids_of(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next() != Some(name) {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some((user, group))
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_private_folder_of_root_bars_a_system_user_and_nobody_else() {
        let private = tempfile::tempdir().unwrap();
        fs::set_permissions(private.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let owner = fs::metadata(private.path()).unwrap();
        let inside = private.path().join("data");
        let stranger = Account { change_to: Some((owner.uid() + 1, owner.gid() + 1)) };
        assert_eq!(stranger.barred_from(&inside).as_deref(), Some(private.path()));
        let itself = Account { change_to: Some((owner.uid(), owner.gid())) };
        assert_eq!(itself.barred_from(&inside), None);
        assert_eq!(Account { change_to: None }.barred_from(&inside), None);
    }

    #[test]
    fn ids_are_read_by_exact_name() {
        let users = "daemon:x:1:1::/:/bin/sh\npostgresql:x:7:8::/:\npostgres:x:101:104:,,,:/var/lib:/bin/bash\n";
        assert_eq!(ids_of(users, "postgres"), Some((101, 104)));
        assert_eq!(ids_of(users, "redis"), None);
    }
}

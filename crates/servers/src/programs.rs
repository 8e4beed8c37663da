//! Finding the server programs on this machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where Debian keeps each major release of Postgres beside the others.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The programs that the servers need.
#[derive(Clone, Debug)]
pub struct Programs {
    /// Folders that hold `postgres`, `initdb`, `psql` and `createdb`, the preferred first.
    postgres_folders: Vec<PathBuf>,
    /// `redis-server`.
    redis_server: PathBuf,
    /// `nginx`.
    nginx: PathBuf,
}

/// What was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    pub(crate) postgres: bool,
    pub(crate) redis: bool,
    pub(crate) nginx: bool,
}

impl Programs {
    /// Looks on the `PATH` first, then where Debian keeps Postgres, newest release first.
    pub(crate) fn find() -> Result<Self, Missing> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let postgres_folders = postgres_folders(&on_path, Path::new(DEBIAN_POSTGRES));
        // nginx lies where only root's PATH leads.
        let program = |name: &str| {
            on_path
                .iter()
                .map(PathBuf::as_path)
                .chain(["/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin"].map(Path::new))
                .map(|folder| folder.join(name))
                .find(|program| program.is_file())
        };
        match (program("redis-server"), program("nginx")) {
            (Some(redis_server), Some(nginx)) if !postgres_folders.is_empty() => {
                Ok(Self { postgres_folders, redis_server, nginx })
            }
            (redis, nginx) => {
                Err(Missing { postgres: postgres_folders.is_empty(), redis: redis.is_none(), nginx: nginx.is_none() })
            }
        }
    }

    /// The folder of Postgres programs that can run data of the given major release (any, for new data).
    pub(crate) fn postgres(&self, major: Option<u32>) -> anyhow::Result<&Path> {
        let Some(major) = major else {
            return self.postgres_folders.first().map(PathBuf::as_path).context("Postgres is not installed");
        };
        self.postgres_folders.iter().map(PathBuf::as_path).find(|folder| major_of(folder) == Some(major)).with_context(
            || {
                format!(
                    "the data was made by Postgres {major}, which is not installed (found: {}); install it, or move \
                     the data folder away to start anew",
                    self.postgres_folders
                        .iter()
                        .map(|folder| folder.display().to_string())
                        .collect::<Vec<_>>()
                        .join(", "),
                )
            },
        )
    }

    pub(crate) fn redis_server(&self) -> &Path {
        &self.redis_server
    }

    pub(crate) fn nginx(&self) -> &Path {
        &self.nginx
    }
}

/// Every folder that holds the programs, without doubles.
fn postgres_folders(on_path: &[PathBuf], debian: &Path) -> Vec<PathBuf> {
    let mut releases: Vec<(u32, PathBuf)> = fs::read_dir(debian)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    releases.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in on_path.iter().cloned().chain(releases.into_iter().map(|(_, folder)| folder)) {
        // The PATH often holds links to one program each: the folder behind `initdb` has the others too.
        let Some(folder) = fs::canonicalize(folder.join("initdb")).ok().and_then(|p| p.parent().map(Path::to_path_buf))
        else {
            continue;
        };
        let complete = ["postgres", "psql", "createdb"].iter().all(|name| folder.join(name).is_file());
        if complete && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The major release of the programs in `folder`, which says `postgres (PostgreSQL) 15.14 ...`.
fn major_of(folder: &Path) -> Option<u32> {
    let output = std::process::Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let release = text.split_whitespace().nth(2)?;
    release.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn release(root: &Path, major: &str) -> PathBuf {
        let folder = root.join(major).join("bin");
        fs::create_dir_all(&folder).unwrap();
        for name in ["initdb", "postgres", "psql", "createdb"] {
            fs::write(folder.join(name), "").unwrap();
        }
        fs::canonicalize(folder).unwrap()
    }

    #[test]
    fn the_newest_debian_release_comes_first_by_number() {
        let root = tempfile::tempdir().unwrap();
        let (nine, fifteen) = (release(root.path(), "9"), release(root.path(), "15"));
        assert_eq!(postgres_folders(&[], root.path()), [fifteen, nine]);
    }

    #[test]
    fn a_link_on_the_path_leads_to_its_folder_once() {
        let root = tempfile::tempdir().unwrap();
        let (fifteen, sixteen) = (release(root.path(), "15"), release(root.path(), "16"));
        let links = tempfile::tempdir().unwrap();
        symlink(fifteen.join("initdb"), links.path().join("initdb")).unwrap();
        assert_eq!(postgres_folders(&[links.path().to_path_buf()], root.path()), [fifteen, sixteen]);
    }

    #[test]
    fn a_folder_without_the_client_programs_does_not_count() {
        let root = tempfile::tempdir().unwrap();
        let folder = release(root.path(), "15");
        fs::remove_file(folder.join("createdb")).unwrap();
        assert!(postgres_folders(&[], root.path()).is_empty());
    }
}

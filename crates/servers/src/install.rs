//! Installing what is missing, as root on Debian.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::Programs;
use crate::account::is_root;
use crate::programs::Missing;

/// Held while installing, so that test processes that start together do not race.
const LOCK: &str = "/var/lib/e2i-install.lock";
/// A package that carries a service asks this script whether to start it.
const SERVICE_POLICY: &str = "/usr/sbin/policy-rc.d";
/// Overrides of `/etc/postgresql-common/createcluster.conf`, read by the Postgres package when it is installed.
const CLUSTER_CONFIGURATION: &str = "/etc/postgresql-common/createcluster.conf";

/// Finds Postgres, Redis and nginx; as root on Debian installs what is missing (no service is started, no system cluster is
/// made). Safe to call from many processes at once.
///
/// # Errors
/// When something is missing and cannot be installed: the message says what to type.
pub fn ensure_installed() -> anyhow::Result<Programs> {
    let missing = match Programs::find() {
        Ok(programs) => return Ok(programs),
        Err(missing) => missing,
    };
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        return Err(refuse(missing));
    }
    let lock = File::create(LOCK).with_context(|| format!("create {LOCK}"))?;
    lock.lock().with_context(|| format!("lock {LOCK}"))?;
    if let Err(missing) = Programs::find() {
        install(missing)?;
    }
    Programs::find().map_err(refuse)
}

/// What to tell somebody whose machine we may not change.
fn refuse(missing: Missing) -> anyhow::Error {
    let (names, packages) = names_of(missing);
    anyhow::anyhow!(
        "{} not found on the PATH or in /usr/lib/postgresql/*/bin. On Debian or Ubuntu type:\n  sudo apt-get update && \
         sudo apt-get install -y {}\nElsewhere install PostgreSQL 14, Redis 7 and nginx 1.22, or newer, and put `initdb`, \
         `redis-server` and `nginx` on the PATH.",
        names.join(" and "),
        packages.join(" "),
    )
}

fn names_of(missing: Missing) -> (Vec<&'static str>, Vec<&'static str>) {
    [
        (missing.postgres, "PostgreSQL", "postgresql"),
        (missing.redis, "Redis", "redis-server"),
        (missing.nginx, "nginx", "nginx"),
    ]
    .into_iter()
    .filter(|(is_missing, ..)| *is_missing)
    .map(|(_, name, package)| (name, package))
    .unzip()
}

fn install(missing: Missing) -> anyhow::Result<()> {
    let (names, packages) = names_of(missing);
    say(&format!("Installing {} from Debian's packages (once; takes about half a minute) ...", names.join(" and ")));
    let _policy = NoServices::declare()?;
    apt_get(&["update"])?;
    if missing.postgres {
        // First its common part, whose configuration decides whether the server package makes a system cluster.
        apt_get(&["install", "--yes", "--no-install-recommends", "postgresql-common"])?;
        forbid_system_cluster()?;
    }
    apt_get(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat())?;
    say(&format!("Installed {}.", names.join(" and ")));
    Ok(())
}

/// Printed rather than logged: it has to be seen where no log subscriber is set up, as in a first `make test`.
fn say(line: &str) {
    // A closed terminal is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn apt_get(arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("apt-get")
        .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .context("run apt-get")?;
    if !output.status.success() {
        bail!(
            "`apt-get {}` failed ({}):\n{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end(),
        );
    }
    Ok(())
}

fn forbid_system_cluster() -> anyhow::Result<()> {
    let text = fs::read_to_string(CLUSTER_CONFIGURATION).with_context(|| format!("read {CLUSTER_CONFIGURATION}"))?;
    fs::write(CLUSTER_CONFIGURATION, without_system_cluster(&text))
        .with_context(|| format!("write {CLUSTER_CONFIGURATION}"))
}

fn without_system_cluster(configuration: &str) -> String {
    let is_setting = |line: &&str| line.trim_start_matches(['#', ' ']).starts_with("create_main_cluster");
    let mut lines: Vec<&str> = configuration.lines().filter(|line| !is_setting(line)).collect();
    lines.push("create_main_cluster = false");
    lines.join("\n") + "\n"
}

/// While it lives, packages start no services: our instances are private, a second Redis on 6379 is nobody's wish.
struct NoServices {
    ours: bool,
}

impl NoServices {
    fn declare() -> anyhow::Result<Self> {
        let policy = Path::new(SERVICE_POLICY);
        if policy.exists() {
            return Ok(Self { ours: false });
        }
        fs::write(policy, "#!/bin/sh\nexit 101\n").with_context(|| format!("write {SERVICE_POLICY}"))?;
        let declared = Self { ours: true };
        fs::set_permissions(policy, fs::Permissions::from_mode(0o755)).context("make the service policy executable")?;
        Ok(declared)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = fs::remove_file(SERVICE_POLICY)
        {
            tracing::warn!(%error, "could not remove {SERVICE_POLICY}: packages will start no services until it is gone");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_names_only_what_is_missing_and_what_to_type() {
        let text = refuse(Missing { postgres: false, redis: true, nginx: false }).to_string();
        assert!(text.starts_with("Redis not found"), "{text}");
        assert!(text.contains("apt-get install -y redis-server\n"), "{text}");
        let both = refuse(Missing { postgres: true, redis: true, nginx: false }).to_string();
        assert!(both.contains("PostgreSQL and Redis not found"), "{both}");
    }

    #[test]
    fn the_cluster_setting_is_replaced_once() {
        let text = without_system_cluster("# Create a cluster\n#create_main_cluster = true\n#waldir = ''\n");
        assert_eq!(text, "# Create a cluster\n#waldir = ''\ncreate_main_cluster = false\n");
        assert_eq!(without_system_cluster(&text), text);
    }
}

//! The Docker engine of this machine, by its command line; and what the kernel says of a container's processes.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::process::Command;

use crate::command::{Said, run, run_within, said};

/// A build may take so long: on two cores, with nothing in the cache.
pub const BUILD_WITHIN: Duration = Duration::from_mins(40);

/// `docker` with arguments; gives its standard output.
///
/// # Errors
/// When it fails.
pub async fn docker(arguments: &[&str]) -> anyhow::Result<String> {
    run(Command::new("docker").args(arguments)).await
}

/// [`docker`] for what takes long.
///
/// # Errors
/// When it fails.
pub async fn docker_slowly(arguments: &[&str]) -> anyhow::Result<String> {
    run_within(Command::new("docker").args(arguments), BUILD_WITHIN).await
}

/// Docker's own description of a container, an image or a network.
///
/// # Errors
/// When there is none.
pub async fn inspect(name: &str) -> anyhow::Result<Value> {
    let text = docker(&["inspect", name]).await?;
    let mut all: Value = serde_json::from_str(&text).with_context(|| format!("read docker inspect of {name}"))?;
    Ok(all[0].take())
}

/// Runs a command in a container as whoever it runs as; its failure is no error.
///
/// # Errors
/// When the engine does not do it.
pub async fn exec(container: &str, arguments: &[&str]) -> anyhow::Result<Said> {
    said(Command::new("docker").args(["exec", container]).args(arguments), Duration::from_mins(2)).await
}

/// [`exec`] as another user, e.g. `0`.
///
/// # Errors
/// When the engine does not do it.
pub async fn exec_as(user: &str, container: &str, arguments: &[&str]) -> anyhow::Result<Said> {
    said(Command::new("docker").args(["exec", "--user", user, container]).args(arguments), Duration::from_mins(2)).await
}

/// What a container said last, both streams.
///
/// # Errors
/// When there is no such container.
pub async fn logs(container: &str, lines: usize) -> anyhow::Result<String> {
    let lines = lines.to_string();
    let said = said(Command::new("docker").args(["logs", "--tail", &lines, container]), Duration::from_mins(1)).await?;
    Ok(said.all())
}

/// An image's size in bytes.
///
/// # Errors
/// When there is no such image.
pub async fn image_bytes(image: &str) -> anyhow::Result<f64> {
    inspect(image).await?["Size"].as_f64().with_context(|| format!("{image} has no size"))
}

/// What a container holds in MiB, page cache not counted.
///
/// # Errors
/// When it does not run.
pub async fn memory_mib(container: &str) -> anyhow::Result<f64> {
    let text = docker(&["stats", "--no-stream", "--format", "{{.MemUsage}}", container]).await?;
    mebibytes(text.split('/').next().unwrap_or_default().trim())
}

/// A size as `docker stats` writes it, in MiB.
///
/// # Errors
/// When it is none.
pub fn mebibytes(text: &str) -> anyhow::Result<f64> {
    let units =
        [("KiB", 1.0 / 1024.0), ("MiB", 1.0), ("GiB", 1024.0), ("kB", 1.0 / 1048.576), ("B", 1.0 / 1_048_576.0)];
    let (number, factor) = units
        .iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))
        .with_context(|| format!("`{text}` is no size"))?;
    Ok(number.parse::<f64>().with_context(|| format!("`{text}` is no size"))? * factor)
}

/// A process as the kernel of this machine knows it.
#[derive(Clone, Debug)]
pub struct Process {
    /// Its number here, outside the container.
    pub pid: i32,
    /// Its name.
    pub name: String,
    /// Real, effective, saved and file system user.
    pub users: BTreeSet<u32>,
    /// Effective capabilities, as a mask.
    pub capabilities: u64,
    /// Whether it can gain none by running another program.
    pub no_new_privileges: bool,
    /// Whether system calls are filtered.
    pub filtered: bool,
}

/// The processes of a container, by its full id.
///
/// # Errors
/// When /proc cannot be read.
pub fn processes(container_id: &str) -> anyhow::Result<Vec<Process>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").context("list the processes")?.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let of = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
        if of("cgroup").contains(container_id) {
            // It may have ended meanwhile.
            found.extend(process(pid, &of("status")));
        }
    }
    Ok(found)
}

fn process(pid: i32, status: &str) -> Option<Process> {
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    Some(Process {
        pid,
        name: field("Name")?.to_owned(),
        users: field("Uid")?.split_whitespace().filter_map(|word| word.parse().ok()).collect(),
        capabilities: u64::from_str_radix(field("CapEff")?, 16).ok()?,
        no_new_privileges: field("NoNewPrivs")? == "1",
        filtered: field("Seccomp")? == "2",
    })
}

/// Ends a container's first process as a crash would: `docker kill` counts as "stopped by hand", after which no restart
/// policy acts.
///
/// # Errors
/// When it does not run, or runs on another machine.
pub async fn crash(container: &str) -> anyhow::Result<()> {
    let state = inspect(container).await?;
    let pid = state["State"]["Pid"].as_i64().and_then(|pid| i32::try_from(pid).ok()).and_then(Pid::from_raw);
    let pid = pid.with_context(|| format!("{container} does not run"))?;
    kill_process(pid, Signal::KILL).with_context(|| format!("kill {container}'s first process"))
}

/// How often the kernel has killed in a running container for want of memory.
///
/// # Errors
/// When its control group cannot be found.
pub async fn out_of_memory_kills(container: &str) -> anyhow::Result<u64> {
    let pid = inspect(container).await?["State"]["Pid"].as_i64().unwrap_or_default();
    ensure!(pid > 0, "{container} does not run");
    let groups = std::fs::read_to_string(format!("/proc/{pid}/cgroup")).context("read its control groups")?;
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(number), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let file = if controllers.split(',').any(|name| name == "memory") {
            format!("/sys/fs/cgroup/memory{path}/memory.oom_control")
        } else if number == "0" && controllers.is_empty() {
            format!("/sys/fs/cgroup{path}/memory.events")
        } else {
            continue;
        };
        if let Ok(text) = std::fs::read_to_string(Path::new(&file)) {
            let count = text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok());
            return count.with_context(|| format!("{file} tells no oom_kill"));
        }
    }
    anyhow::bail!("{container} has no control group for memory: {groups}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_docker_writes_them() {
        for (text, expected) in [("512KiB", 0.5), ("12.5MiB", 12.5), ("1.5GiB", 1536.0), ("0B", 0.0)] {
            assert!((mebibytes(text).unwrap() - expected).abs() < 1e-9, "{text}");
        }
        assert!(mebibytes("--").is_err());
    }

    #[test]
    fn a_process_is_read_from_its_status() {
        let status = "Name:\tnginx\nUid:\t101\t101\t0\t101\nCapEff:\t0000000000000400\nNoNewPrivs:\t1\nSeccomp:\t2\n";
        let process = process(7, status).unwrap();
        assert_eq!(process.users, BTreeSet::from([0, 101]));
        assert_eq!((process.capabilities, process.no_new_privileges, process.filtered), (0x400, true, true));
    }

    #[test]
    fn this_process_is_found_by_its_control_group() {
        let own = std::fs::read_to_string("/proc/self/cgroup").unwrap();
        let line = own.lines().next().unwrap().to_owned();
        let pid = i32::try_from(std::process::id()).unwrap();
        assert!(processes(&line).unwrap().iter().any(|process| process.pid == pid));
    }
}

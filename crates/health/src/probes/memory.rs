//! Memory: what the machine could still give, its swap, and how near this service is to its own limit.

use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::Probe;
use crate::reading::{Reading, Unit};

const WARN_AVAILABLE: f64 = 0.10;
const FAIL_AVAILABLE: f64 = 0.04;
/// Of the swap; a machine with less available besides is thrashing.
const WARN_SWAP: f64 = 0.80;
const WARN_OWN: f64 = 0.90;

/// The machine's memory.
#[derive(Debug)]
pub struct Memory {
    meminfo: PathBuf,
    cgroup: PathBuf,
}

impl Default for Memory {
    fn default() -> Self {
        Self { meminfo: PathBuf::from("/proc/meminfo"), cgroup: PathBuf::from("/sys/fs/cgroup") }
    }
}

/// What the machine has, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Machine {
    total: u64,
    available: u64,
    swap_total: u64,
    swap_free: u64,
}

/// What a control group uses and may use, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Own {
    used: u64,
    limit: u64,
}

#[async_trait]
impl Probe for Memory {
    async fn look(&self) -> Reading {
        // Both are the kernel's own files: reading them waits for no device.
        let read = std::fs::read_to_string(&self.meminfo).ok().and_then(|text| machine(&text));
        match read {
            Some(machine) => judge(machine, own(&self.cgroup)),
            None => Reading::fail(format!("{} cannot be read", self.meminfo.display())),
        }
    }
}

fn machine(meminfo: &str) -> Option<Machine> {
    let bytes = |name: &str| {
        let line = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
    };
    let (total, available) = (bytes("MemTotal")?, bytes("MemAvailable")?);
    let (swap_total, swap_free) = (bytes("SwapTotal").unwrap_or(0), bytes("SwapFree").unwrap_or(0));
    Some(Machine { total, available, swap_total, swap_free })
}

/// Of this process's control group, of either version, as far as it has a limit.
fn own(root: &Path) -> Option<Own> {
    let number = |path: PathBuf| std::fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let (folder, limit, used) = if let Some(limit) = number(root.join("memory.max")) {
        (root.to_owned(), limit, "memory.current")
    } else {
        let folder = root.join("memory");
        let limit = number(folder.join("memory.limit_in_bytes"))?;
        (folder, limit, "memory.usage_in_bytes")
    };
    let statistics = std::fs::read_to_string(folder.join("memory.stat")).unwrap_or_default();
    let inactive = ["total_inactive_file ", "inactive_file "]
        .iter()
        .find_map(|name| statistics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok()));
    // Files that nobody reads are given back when somebody wants the room.
    let used = number(folder.join(used))?.saturating_sub(inactive.unwrap_or(0));
    Some(Own { used, limit })
}

fn judge(machine: Machine, own: Option<Own>) -> Reading {
    let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let available = share(machine.available, machine.total);
    let swapped = share(machine.swap_total.saturating_sub(machine.swap_free), machine.swap_total);
    let own = own.filter(|own| own.limit < machine.total).map(|own| share(own.used, own.limit));
    let mebibytes = machine.available >> 20;
    let reading = if available <= FAIL_AVAILABLE {
        Reading::fail(format!("{mebibytes} MiB are left: the system will end processes"))
    } else if available <= WARN_AVAILABLE {
        Reading::warn(format!("{mebibytes} MiB are left"))
    } else if swapped >= WARN_SWAP {
        Reading::warn(format!("{:.0} % of the swap are used", swapped * 100.0))
    } else if let Some(own) = own.filter(|own| *own >= WARN_OWN) {
        Reading::warn(format!("this service uses {:.0} % of what its container may", own * 100.0))
    } else {
        Reading::pass()
    };
    let reading =
        reading.with("available", machine.available as f64, Unit::Bytes).with("used", 1.0 - available, Unit::Share);
    if machine.swap_total > 0 { reading.with("swap used", swapped, Unit::Share) } else { reading }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Verdict;

    const MEMINFO: &str =
        "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:   500 kB\nSwapTotal: 100 kB\nSwapFree: 90 kB\n";

    #[test]
    fn the_kernel_s_numbers_are_read() {
        let read = machine(MEMINFO).unwrap();
        let kib = |n: u64| n * 1024;
        let expected = Machine { total: kib(1000), available: kib(500), swap_total: kib(100), swap_free: kib(90) };
        assert_eq!(read, expected);
        assert_eq!(machine("MemTotal: 10 kB\n"), None);
    }

    #[test]
    fn little_left_a_full_swap_and_a_near_limit_are_told() {
        let with = |available, swap_free| Machine { total: 1000, available, swap_total: 100, swap_free };
        assert_eq!(judge(with(500, 100), None).verdict, Verdict::Pass);
        assert_eq!(judge(with(90, 100), None).verdict, Verdict::Warn);
        assert_eq!(judge(with(30, 100), None).verdict, Verdict::Fail);
        assert!(judge(with(500, 10), None).words.contains("swap"));
        assert!(judge(with(500, 100), Some(Own { used: 95, limit: 100 })).words.contains("container"));
        assert_eq!(judge(with(500, 100), Some(Own { used: 1, limit: u64::MAX })).verdict, Verdict::Pass);
    }

    #[test]
    fn both_versions_of_control_groups_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        assert_eq!(own(folder.path()), None);
        std::fs::create_dir(folder.path().join("memory")).unwrap();
        write("memory/memory.limit_in_bytes", "100\n");
        write("memory/memory.usage_in_bytes", "60\n");
        write("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 20\n");
        assert_eq!(own(folder.path()), Some(Own { used: 40, limit: 100 }));
        write("memory.max", "200\n");
        write("memory.current", "70\n");
        write("memory.stat", "inactive_file 30\n");
        assert_eq!(own(folder.path()), Some(Own { used: 40, limit: 200 }));
    }
}

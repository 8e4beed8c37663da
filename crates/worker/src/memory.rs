//! How much memory this machine, or the container the worker is in, has.

use std::fs;

/// Where a container's limit stands: cgroup v2, then v1.
const LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// Mebibytes in all.
pub(crate) fn total_mib() -> u32 {
    let machine = meminfo("MemTotal:").unwrap_or(2048);
    LIMITS.iter().filter_map(|path| limit_mib(path)).fold(machine, u32::min)
}

/// Mebibytes that could be used now without pushing anything out.
pub(crate) fn available_mib() -> u32 {
    meminfo("MemAvailable:").unwrap_or(u32::MAX)
}

fn meminfo(name: &str) -> Option<u32> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kibibytes: u64 =
        text.lines().find_map(|line| line.strip_prefix(name))?.trim().split(' ').next()?.parse().ok()?;
    u32::try_from(kibibytes >> 10).ok()
}

/// A limit that is none is written `max`, or as a number that no machine has.
fn limit_mib(path: &str) -> Option<u32> {
    let bytes: u64 = fs::read_to_string(path).ok()?.trim().parse().ok()?;
    u32::try_from(bytes >> 20).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_some_memory_and_no_more_than_that_is_available() {
        assert!(total_mib() > 100);
        assert!(available_mib() <= meminfo("MemTotal:").unwrap());
    }
}

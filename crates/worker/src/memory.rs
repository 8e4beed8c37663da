//! How much memory this machine, or the container the worker is in, has, and how much of it running jobs have declared.
//!
//! A job is claimed only when what it declares is free: neither declared by one that runs, nor used by others.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Where a container's limit stands: cgroup v2, then v1.
const LIMITS: [&str; 2] = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/// What may be declared at once, and what is; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    mib: u32,
    declared_mib: Arc<AtomicU32>,
}

/// A running job's share; given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Budget,
    mib: u32,
}

impl Budget {
    pub(crate) fn new(mib: u32) -> Self {
        Self { mib, declared_mib: Arc::default() }
    }

    /// How much the next jobs may declare.
    pub(crate) fn free_mib(&self) -> u32 {
        self.mib.saturating_sub(self.declared_mib.load(Relaxed)).min(available_mib())
    }

    /// Whether nothing runs.
    pub(crate) fn is_idle(&self) -> bool {
        self.declared_mib.load(Relaxed) == 0
    }

    pub(crate) fn take(&self, mib: u32) -> Share {
        // What a lonely job declares may be more than there is.
        let mib = mib.clamp(1, self.mib.max(1));
        self.declared_mib.fetch_add(mib, Relaxed);
        Share { budget: self.clone(), mib }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.declared_mib.fetch_sub(self.mib, Relaxed);
    }
}

/// Mebibytes in all.
pub(crate) fn total_mib() -> u32 {
    let machine = meminfo("MemTotal:").unwrap_or(2048);
    LIMITS.iter().filter_map(|path| limit_mib(path)).fold(machine, u32::min)
}

/// Mebibytes that could be used now without pushing anything out.
fn available_mib() -> u32 {
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
    fn what_runs_has_its_share_until_it_ends() {
        let budget = Budget::new(1000);
        assert!(budget.is_idle());
        let one = budget.take(600);
        assert!(budget.free_mib() <= 400);
        assert!(!budget.is_idle());
        let lonely = budget.take(u32::MAX);
        assert_eq!(budget.free_mib(), 0);
        drop((one, lonely));
        assert!(budget.is_idle());
        assert_eq!(budget.free_mib(), 1000.min(available_mib()));
    }

    #[test]
    fn this_machine_has_some_memory_and_no_more_than_that_is_available() {
        assert!(total_mib() > 100);
        assert!(available_mib() <= meminfo("MemTotal:").unwrap());
    }
}

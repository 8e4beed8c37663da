//! The disks that the platform writes to, counted as `df` counts: what the system keeps for root is neither used nor free.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use rustix::fs::{StatVfs, stat, statvfs};

use super::{Blocking, Probe};
use crate::reading::{Reading, Unit};

const WARN_SHARE: f64 = 0.75;
const FAIL_SHARE: f64 = 0.90;

/// The disks under these folders.
#[derive(Debug)]
pub struct Disk {
    folders: Vec<PathBuf>,
    blocking: Blocking,
}

/// One disk.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Room {
    total_bytes: u64,
    free_bytes: u64,
}

impl Room {
    fn of(found: &StatVfs) -> Self {
        let used = found.f_blocks.saturating_sub(found.f_bfree);
        Self { total_bytes: (used + found.f_bavail) * found.f_frsize, free_bytes: found.f_bavail * found.f_frsize }
    }

    fn used_share(self) -> f64 {
        if self.total_bytes == 0 { 0.0 } else { 1.0 - self.free_bytes as f64 / self.total_bytes as f64 }
    }
}

impl Disk {
    /// Under these folders; those that share a disk count once.
    #[must_use]
    pub fn under(folders: Vec<PathBuf>) -> Self {
        Self { folders, blocking: Blocking::default() }
    }
}

#[async_trait]
impl Probe for Disk {
    async fn look(&self) -> Reading {
        let folders = self.folders.clone();
        match self.blocking.run(move || fullest(&folders)).await {
            Ok(Ok(room)) => judge(room),
            Ok(Err(error)) => Reading::fail(format!("the disk cannot be asked: {error}")),
            Err(words) => Reading::fail(words),
        }
    }
}

fn fullest(folders: &[PathBuf]) -> rustix::io::Result<Room> {
    let mut seen = Vec::new();
    let mut fullest: Option<Room> = None;
    for folder in folders {
        let folder = existing(folder);
        let device = stat(folder)?.st_dev;
        if seen.contains(&device) {
            continue;
        }
        seen.push(device);
        let room = Room::of(&statvfs(folder)?);
        fullest = fullest.filter(|other| other.used_share() >= room.used_share()).or(Some(room));
    }
    fullest.ok_or(rustix::io::Errno::NOENT)
}

/// The folder, or the nearest above it that is there: it may not be made yet.
fn existing(folder: &Path) -> &Path {
    folder.ancestors().find(|above| above.exists()).unwrap_or(Path::new("/"))
}

fn judge(room: Room) -> Reading {
    let share = room.used_share();
    let words = format!("{:.0} % full, {:.1} GiB free", share * 100.0, room.free_bytes as f64 / f64::from(1 << 30));
    let reading = match share {
        share if share >= FAIL_SHARE => Reading::fail(format!("{words}: uploads and releases are refused")),
        share if share >= WARN_SHARE => Reading::warn(format!("{words}: make room")),
        _ => Reading::pass(),
    };
    reading.with("used", share, Unit::Share).with("free", room.free_bytes as f64, Unit::Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::Verdict;

    #[test]
    fn what_is_kept_for_root_is_neither_used_nor_free() {
        let mut found = statvfs("/").unwrap();
        (found.f_blocks, found.f_bfree, found.f_bavail, found.f_frsize) = (1000, 250, 150, 4096);
        assert_eq!(Room::of(&found), Room { total_bytes: 900 * 4096, free_bytes: 150 * 4096 });
    }

    #[test]
    fn three_quarters_warn_and_nine_tenths_fail() {
        let judged = |free_bytes| judge(Room { total_bytes: 1000, free_bytes }).verdict;
        assert_eq!([judged(260), judged(250), judged(100)], [Verdict::Pass, Verdict::Warn, Verdict::Fail]);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_counts_as_the_one_above() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(existing(&folder.path().join("not/yet")), folder.path());
        assert!(fullest(&[folder.path().join("not/yet")]).unwrap().total_bytes > 0);
    }
}

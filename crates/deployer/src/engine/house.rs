//! The house: the disk's budget, what is kept, what is removed.

use super::Engine;
use super::steps::prepare_same;
use crate::journal::{JournalError, Record};
use crate::ports::Log;
use crate::release::{Manifest, Service};
use crate::view::{DiskLevel, DiskView};

/// How many releases are looked through for those that are kept.
pub(super) const LOOKED_THROUGH: usize = 100;

impl Engine {
    /// Measures the disk and notes it.
    pub(crate) async fn measure(&self) -> anyhow::Result<DiskView> {
        let disk = self.ports.housekeeping.disk().await?;
        let shares = self.settings.disk_shares;
        let used_share = disk.used_share();
        let level = match used_share {
            share if share >= shares.releases => DiskLevel::ReleasesRefused,
            share if share >= shares.uploads => DiskLevel::UploadsRefused,
            share if share >= shares.warn => DiskLevel::Warn,
            _ => DiskLevel::Ok,
        };
        let view = DiskView {
            total_bytes: disk.total_bytes,
            free_bytes: disk.free_bytes,
            used_share,
            level,
            parts: disk.parts,
        };
        match self.journal.set_disk(&view) {
            Err(cause) if !cause.may_pass() => Err(cause.into()),
            _ => Ok(view),
        }
    }

    /// Removes what is neither live nor kept nor about to be.
    pub(crate) async fn make_room(&self, under_way: Option<&Record>, log: &dyn Log) -> anyhow::Result<()> {
        let mut keep: Vec<Manifest> = self.kept()?.into_iter().map(|record| record.work.manifest).collect();
        let base = self.base().map_err(|_| anyhow::anyhow!("the journal cannot be read"))?;
        keep.extend(base.map(|base| base.work.manifest));
        if let Some(record) = under_way {
            keep.push(record.work.manifest.clone());
            // What is here already of the release that comes: somebody may have built it for that.
            let revisions = self.ports.source.revisions(&record.commit.id).await?;
            let pieces = self.ports.images.present(&revisions).await?;
            keep.push(Manifest { pieces, ..Manifest::default() });
        }
        if let Some(waiting) = self.journal.waiting()?.and_then(|waiting| waiting.target)
            && let Some(target) = self.journal.deployment(waiting)?
        {
            keep.push(target.work.manifest);
        }
        if let Some(previous) = under_way.and_then(|record| record.previous)
            && let Some(previous) = self.journal.deployment(previous)?
        {
            keep.push(previous.work.manifest);
        }
        self.ports.housekeeping.reclaim(&keep, log).await
    }

    /// Releases that one can go back to, newest first: different from what is live and from each other.
    pub(crate) fn kept(&self) -> Result<Vec<Record>, JournalError> {
        let live = self.journal.live()?;
        let mut kept: Vec<Record> = Vec::new();
        for record in self.journal.once_live(LOOKED_THROUGH)? {
            let is_known = |other: &Record| is_same_release(&other.work.manifest, &record.work.manifest);
            if kept.len() >= self.settings.keep_releases {
                break;
            }
            if live.as_ref().is_some_and(is_known) || kept.iter().any(is_known) {
                continue;
            }
            kept.push(record);
        }
        Ok(kept)
    }
}

/// Whether both run the same images under the same configuration.
pub(crate) fn is_same_release(one: &Manifest, other: &Manifest) -> bool {
    one.configuration == other.configuration
        && Service::ROLLED.into_iter().all(|service| prepare_same(one, other, service))
}

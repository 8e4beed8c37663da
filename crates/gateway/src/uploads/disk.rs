//! The disk that holds uploaded files: nearly full, it takes no new upload. Results, logs and the database may need what is
//! left. What has begun may finish, and a bucket has no disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chassis::http::Problem;
use http::StatusCode;
use rustix::fs::{StatVfs, statvfs};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::config::DiskConfig;
use crate::error::Result;
use crate::state::AppState;

/// How often it is looked at when nobody uploads.
const LOOK: Duration = Duration::from_secs(30);

/// The disk; clones share it.
#[derive(Debug, Clone)]
pub struct Disk {
    /// None for a bucket.
    folder: Option<Arc<Path>>,
    limits: DiskConfig,
}

/// How full is how bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Fine,
    Warn,
    Refuse,
}

impl Disk {
    /// Of the object store at `location`, a folder's path or a bucket's URL.
    #[must_use]
    pub fn of(location: &str, limits: DiskConfig) -> Self {
        let folder = (!location.starts_with("s3://")).then(|| PathBuf::from(location).into());
        Self { folder, limits }
    }

    /// Whether a new upload may begin. A disk that cannot be looked at is no reason to refuse one.
    ///
    /// # Errors
    /// 507, with how full it is and what to do.
    pub(crate) async fn admit(&self) -> Result<()> {
        match self.used_share().await {
            Some(used) if self.level(used) == Level::Refuse => {
                metrics::counter!("gateway_uploads_total", "outcome" => "disk_full").increment(1);
                Err(nearly_full(used, self.limits.limit_share).into())
            }
            _ => Ok(()),
        }
    }

    /// For readiness, which goes on without: uploads are refused now.
    ///
    /// # Errors
    /// How full it is.
    pub(crate) async fn check(&self) -> anyhow::Result<()> {
        match self.used_share().await {
            Some(used) if self.level(used) == Level::Refuse => {
                anyhow::bail!("{:.0} % of the disk is used: new uploads are refused", used * 100.0)
            }
            _ => Ok(()),
        }
    }

    /// The used share, as `df` counts it; none of a bucket, or where it cannot be told.
    async fn used_share(&self) -> Option<f64> {
        let folder = Arc::clone(self.folder.as_ref()?);
        // A network's file system may keep one waiting.
        let looked = tokio::task::spawn_blocking(move || statvfs(&*folder)).await.ok()?;
        let looked = looked.inspect_err(|error| tracing::warn!(%error, "the disk of uploads cannot be looked at"));
        let used = used_share(&looked.ok()?);
        metrics::gauge!("gateway_upload_disk_used_share").set(used);
        Some(used)
    }

    fn level(&self, used_share: f64) -> Level {
        if used_share >= self.limits.limit_share {
            Level::Refuse
        } else if used_share >= self.limits.warn_share {
            Level::Warn
        } else {
            Level::Fine
        }
    }
}

/// What the system keeps for root counts as neither used nor free.
#[expect(clippy::cast_precision_loss, reason = "a share of blocks needs no last bit")]
fn used_share(disk: &StatVfs) -> f64 {
    let used = disk.f_blocks.saturating_sub(disk.f_bfree);
    let all = used + disk.f_bavail;
    if all == 0 { 0.0 } else { used as f64 / all as f64 }
}

fn nearly_full(used_share: f64, limit_share: f64) -> Problem {
    let detail = format!(
        "{:.0} % of the disk for uploaded files is used, and from {:.0} % on no new upload is taken; delete datasets that \
         are not needed any more, or ask whoever runs this platform for more room (uploads that have begun may go on)",
        used_share * 100.0,
        limit_share * 100.0
    );
    Problem::new(StatusCode::INSUFFICIENT_STORAGE, "disk-nearly-full", "Disk nearly full")
        .detail(detail)
        .extra("used_share", json!(used_share))
        .extra("limit_share", json!(limit_share))
}

/// Says in the log when it becomes full, or has room again, until the service ends softly.
pub(crate) async fn watch(state: AppState) {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut before = Level::Fine;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = state.shutdown.soft.cancelled() => return,
        }
        let Some(used) = state.upload_disk.used_share().await else { continue };
        let level = state.upload_disk.level(used);
        if level != before {
            say(level, (used * 100.0).round());
        }
        before = level;
    }
}

fn say(level: Level, used_percent: f64) {
    match level {
        Level::Fine => tracing::info!(used_percent, "the disk of uploads has room again"),
        Level::Warn => {
            tracing::warn!(used_percent, "the disk of uploads fills up; make room before uploads are refused");
        }
        Level::Refuse => tracing::error!(used_percent, "the disk of uploads is nearly full: new uploads are refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_root_is_neither_used_nor_free() {
        let mut disk = statvfs("/").unwrap();
        (disk.f_blocks, disk.f_bfree, disk.f_bavail) = (1000, 250, 150);
        assert!((used_share(&disk) - 750.0 / 900.0).abs() < 1e-12);
        (disk.f_blocks, disk.f_bfree, disk.f_bavail) = (0, 0, 0);
        assert!(used_share(&disk).abs() < 1e-12, "a file system without blocks is not full");
    }

    #[test]
    fn the_levels_begin_where_they_are_said_to() {
        let disk = Disk::of("/tmp", DiskConfig { warn_share: 0.75, limit_share: 0.85 });
        assert_eq!([0.0, 0.749, 0.75, 0.849, 0.85, 1.0].map(|used| disk.level(used)), {
            use Level::{Fine, Refuse, Warn};
            [Fine, Fine, Warn, Warn, Refuse, Refuse]
        });
    }

    #[tokio::test]
    async fn a_bucket_has_no_disk() {
        let disk = Disk::of("s3://bucket/prefix", DiskConfig { warn_share: 0.001, limit_share: 0.001 });
        assert_eq!(disk.used_share().await, None);
        assert!(disk.admit().await.is_ok());
    }
}

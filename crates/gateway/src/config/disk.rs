//! How full the disk of uploaded files may be.

use chassis::config::Reader;

/// Shares of the disk that is used, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiskConfig {
    /// `UPLOADS_DISK_WARN`: from here on it is said in the log.
    pub warn_share: f64,
    /// `UPLOADS_DISK_LIMIT`: from here on no new upload is begun.
    pub limit_share: f64,
}

impl DiskConfig {
    pub(super) fn read(read: &mut Reader<'_>) -> Self {
        let limit_share = read.parse_or("UPLOADS_DISK_LIMIT", 0.85);
        let is_share = limit_share > 0.0 && limit_share <= 1.0;
        read.check("UPLOADS_DISK_LIMIT", is_share, "must be above 0 and at most 1, a share; 0.85 is usual");
        let warn_share = read.parse_or("UPLOADS_DISK_WARN", f64::min(0.75, limit_share));
        let is_below = warn_share > 0.0 && warn_share <= limit_share;
        read.check("UPLOADS_DISK_WARN", is_below, "must be above 0 and at most UPLOADS_DISK_LIMIT; 0.75 is usual");
        Self { warn_share, limit_share }
    }
}

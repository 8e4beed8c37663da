//! Who did what.

use chrono::{DateTime, Utc};
use rusqlite::named_params;

use super::{Journal, Result, stamp, time};
use crate::release::DeploymentId;

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a person's address, or `deployer`.
    pub by: String,
    /// `deploy`, `rollback`, `cancel`, `resume`, `pause`, `adopt`, `self_update`, `unpin`, `stray`.
    pub what: String,
    /// On which deployment.
    pub deployment: Option<DeploymentId>,
    /// In words.
    pub detail: String,
}

impl Journal {
    /// Writes a line.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn audit(&self, line: &Audit) -> Result<()> {
        self.write(|tx| {
            tx.execute(
                "INSERT INTO audit (at, by, what, deployment, detail) VALUES (:at, :by, :what, :deployment, :detail)",
                named_params! {
                    ":at": stamp(line.at),
                    ":by": line.by,
                    ":what": line.what,
                    ":deployment": line.deployment.map(|id| id.0),
                    ":detail": line.detail,
                },
            )?;
            Ok(())
        })
    }

    /// The last lines, newest first.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn audited(&self, limit: usize) -> Result<Vec<Audit>> {
        self.read(|connection| {
            let mut statement =
                connection.prepare("SELECT at, by, what, deployment, detail FROM audit ORDER BY id DESC LIMIT ?1")?;
            let mut rows = statement.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
            let mut lines = Vec::new();
            while let Some(row) = rows.next()? {
                lines.push(Audit {
                    at: time("audit", &row.get::<_, String>(0)?)?,
                    by: row.get(1)?,
                    what: row.get(2)?,
                    deployment: row.get::<_, Option<i64>>(3)?.map(DeploymentId),
                    detail: row.get(4)?,
                });
            }
            Ok(lines)
        })
    }
}

//! Commits that were considered: deployed, refused, superseded, taken back, or of no interest. What was considered is not
//! deployed again by itself.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, Transaction, named_params};

use super::{Inside, InsideError, Journal, JournalError, Result, stamp, time};
use crate::release::{Commit, DeploymentId};

/// A commit, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// Which.
    pub commit: Commit,
    /// When.
    pub at: DateTime<Utc>,
    /// What came of it, in words.
    pub why: String,
    /// The deployment that came of it.
    pub deployment: Option<DeploymentId>,
}

impl Journal {
    /// Writes down that a commit was considered without a deployment.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn consider(&self, considered: &Considered) -> Result<()> {
        self.write(|tx| insert(tx, considered))
    }

    /// The last commit that was considered.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn last_considered(&self) -> Result<Option<Considered>> {
        self.read(|connection| {
            let found = connection
                .query_row("SELECT commit_id, at, why, deployment FROM heads ORDER BY id DESC LIMIT 1", [], |row| {
                    Ok(considered(row))
                })
                .optional()?;
            found.transpose()
        })
    }

    /// What came of the commit, where it was considered: the last time.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn considered(&self, commit: &Commit) -> Result<Option<Considered>> {
        self.read(|connection| {
            let found = connection
                .query_row(
                    "SELECT commit_id, at, why, deployment FROM heads WHERE commit_id = ?1 ORDER BY id DESC LIMIT 1",
                    [commit.as_str()],
                    |row| Ok(considered(row)),
                )
                .optional()?;
            found.transpose()
        })
    }
}

pub(super) fn insert(tx: &Transaction<'_>, considered: &Considered) -> Inside<()> {
    tx.execute(
        "INSERT INTO heads (commit_id, at, why, deployment) VALUES (:commit, :at, :why, :deployment)",
        named_params! {
            ":commit": considered.commit.as_str(),
            ":at": stamp(considered.at),
            ":why": considered.why,
            ":deployment": considered.deployment.map(|id| id.0),
        },
    )?;
    Ok(())
}

fn considered(row: &Row<'_>) -> Inside<Considered> {
    let commit: String = row.get(0)?;
    let commit = Commit::try_from(commit).map_err(|cause| {
        InsideError::Journal(JournalError::Shape { what: "head".to_owned(), cause: cause.to_string() })
    })?;
    Ok(Considered {
        commit,
        at: time("head", &row.get::<_, String>(1)?)?,
        why: row.get(2)?,
        deployment: row.get::<_, Option<i64>>(3)?.map(DeploymentId),
    })
}

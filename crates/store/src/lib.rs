//! Postgres: the one place where SQL stands.
//!
//! Postgres is the truth about every job; Redis only tells workers where to look. What can be lost is therefore
//! decided here, in single statements:
//!
//! * [`jobs`]: submit (job and outbox row in one statement), read, cancel, retry, delete, for people.
//! * [`dispatch`]: what the relay, the sweep and a new Redis epoch put on Redis.
//! * [`attempts`]: claim, heartbeat, finish, hand back, reap: what workers do, every write fenced by the attempt.
//! * [`counters`]: what dispatch counts, over all processes.
//! * [`history`]: how long attempts really took.
//! * [`datasets`], [`derivations`], [`people`]: tables, those made from others, and who may see them. [`uploads`]: what is
//!   not a dataset yet.
//! * [`mlflow_runs`]: which analyses are still to be logged to MLflow, and which run each became.
//! * [`schema`]: migrations and which release may run on which schema.
//! * [`glance`]: what the health service asks.
//!
//! Every query on a workspace's row carries the caller's memberships ([`Access`]): what is not the caller's does not
//! exist. Times are the database's own (`now()`), so that no two machines' clocks are ever compared.
//! Multi-row updates lock rows in id order, so that two of them can never wait for each other.

pub mod attempts;
mod connect;
pub mod counters;
pub mod datasets;
pub mod derivations;
pub mod dispatch;
pub mod glance;
pub mod history;
pub mod jobs;
pub mod mlflow_runs;
pub mod people;
mod row;
pub mod schema;
pub mod uploads;
mod watching;

use std::sync::Arc;

use domain::ids::UserId;
use domain::people::WorkspaceRole;
use sqlx::PgPool;

pub use connect::{ConnectError, Options};

/// A handle on the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    /// The revision of a worker that logs runs to MLflow: attempts that it ends are noted for that.
    logs_runs_as: Option<Arc<str>>,
}

/// Who asks, and what role in the row's workspace the question needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The caller.
    pub user: UserId,
    /// Members with less than this role do not see the row.
    pub at_least: WorkspaceRole,
}

impl Access {
    /// To read.
    #[must_use]
    pub const fn read(user: UserId) -> Self {
        Self { user, at_least: WorkspaceRole::Viewer }
    }

    /// To submit, upload, cancel, delete.
    #[must_use]
    pub const fn write(user: UserId) -> Self {
        Self { user, at_least: WorkspaceRole::Analyst }
    }

    /// The role names that suffice, for `role = ANY($n)`.
    pub(crate) fn roles(self) -> Vec<&'static str> {
        [WorkspaceRole::Viewer, WorkspaceRole::Analyst, WorkspaceRole::Owner]
            .into_iter()
            .filter(|role| *role >= self.at_least)
            .map(WorkspaceRole::as_str)
            .collect()
    }
}

/// What can go wrong on the way to the database and back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Postgres is away or says no.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row holds what this release cannot read.
    #[error("a row of {table} cannot be read: {detail}")]
    Unreadable {
        /// Where it stands.
        table: &'static str,
        /// What is wrong with it.
        detail: String,
    },
}

impl StoreError {
    /// The same word to one of several who asked together of a database that was away.
    #[must_use]
    pub fn away() -> Self {
        Self::Database(sqlx::Error::PoolTimedOut)
    }

    /// Whether a text of the caller's holds what Postgres cannot store: U+0000, which JSON and URLs can write.
    #[must_use]
    pub fn is_unstorable_text(&self) -> bool {
        // 22021: as a text; 22P05: as `\u0000` in a jsonb.
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        error.code().is_some_and(|code| code == "22021" || code == "22P05")
    }

    /// Whether the database was away, so that the same call may succeed later.
    #[must_use]
    pub fn is_away(&self) -> bool {
        match self {
            Self::Database(
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Protocol(_),
            ) => true,
            // 57P: the server shuts down or starts up; 08: connection trouble; 53300: too many connections.
            Self::Database(sqlx::Error::Database(error)) => {
                error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == "53300")
            }
            _ => false,
        }
    }
}

/// What every call here gives.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

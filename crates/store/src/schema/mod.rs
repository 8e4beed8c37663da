//! Migrations, and which release may run on which schema.
//!
//! A migration is a timestamped file that is never edited. Its line `-- readable-by: VERSION` names the oldest
//! release schema that can still run once it is applied: an expand step keeps the last release's version there, a
//! contract step (in a later release) raises it. A service refuses a schema older than its own and accepts a newer
//! one that names it as still readable; so a release is rolled back without ever migrating back.

mod migrate;
mod standing;

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use sqlx::PgConnection;
use sqlx::migrate::{Migration, Migrator};

pub use self::migrate::{Patience, migrate};
pub use self::standing::{Standing, standing};
use crate::{ConnectError, Store, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why the schema cannot be used or made.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database itself.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A statement failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A migration failed; nothing of it is applied.
    #[error("migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// No migration has run yet, or not all of this release's.
    #[error("the database schema is at {found}, this release needs {needed}: run the `migrate` subcommand first")]
    TooOld {
        /// The newest applied migration, 0 for none.
        found: i64,
        /// The newest migration this release knows.
        needed: i64,
    },
    /// A newer release has made the schema unreadable for this one.
    #[error(
        "the database schema is at {found} and can only be read by releases from {readable_by} on; this one is {own}: \
         start a newer release"
    )]
    TooNew {
        /// The newest applied migration.
        found: i64,
        /// The oldest release schema that can run on it.
        readable_by: i64,
        /// This release's.
        own: i64,
    },
    /// The database has what this release does not know, and lacks what it needs: two lines of releases have met.
    #[error(
        "the database has migration {unknown}, which this release does not know, and lacks {missing}: releases that do \
         not follow one another have met; start one that has both"
    )]
    Diverged {
        /// Applied, and not this release's.
        unknown: i64,
        /// This release's, and not applied.
        missing: String,
    },
    /// A lock was held for too long; nothing of what met it is done.
    #[error(
        "{what} waited {tries} times for {lock_timeout:?} for a lock and gave way each time; nothing of it is applied. \
         Open transactions: {holders}. End what holds the lock (`SELECT pg_terminate_backend(PID)`) or try again later"
    )]
    Blocked {
        /// What waited.
        what: String,
        /// How often.
        tries: u32,
        /// How long each time.
        lock_timeout: Duration,
        /// Who had a transaction open.
        holders: String,
    },
    /// A migration file without its `readable-by` line.
    #[error("migration {0} does not say `-- readable-by: VERSION`")]
    Undeclared(i64),
}

/// The newest migration this release knows.
#[must_use]
pub fn own_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Of all that this release's migrations say, the oldest release schema that can still run once they are applied.
#[must_use]
pub fn own_readable_by() -> i64 {
    MIGRATIONS.iter().filter_map(|migration| readable_by(migration.sql.as_str())).max().unwrap_or(0)
}

/// The file's name without its ending, as in `20261126060000_mlflow_runs`.
fn name(migration: &Migration) -> String {
    format!("{}_{}", migration.version, migration.description.replace(' ', "_"))
}

/// Versions that were applied, with their checksums.
async fn applied(connection: &mut PgConnection) -> Result<BTreeMap<i64, Vec<u8>>, sqlx::Error> {
    let exists: bool = sqlx::query_scalar("SELECT to_regclass('e2i._sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM e2i._sqlx_migrations").fetch_all(connection).await?;
    Ok(rows.into_iter().collect())
}

async fn declare(connection: &mut PgConnection) -> Result<(), SchemaError> {
    for migration in MIGRATIONS.iter() {
        let readable_by = readable_by(migration.sql.as_str()).ok_or(SchemaError::Undeclared(migration.version))?;
        sqlx::query("INSERT INTO e2i.schema_releases VALUES ($1, $2) ON CONFLICT (version) DO NOTHING")
            .bind(migration.version)
            .bind(readable_by)
            .execute(&mut *connection)
            .await
            .map_err(StoreError::from)?;
    }
    Ok(())
}

fn readable_by(sql: &str) -> Option<i64> {
    let line = sql.lines().find_map(|line| line.strip_prefix("-- readable-by:"))?;
    i64::from_str(line.trim()).ok()
}

/// The newest version that the schema says it has, and who can read it; `None` before the first migration.
async fn declared(connection: &mut PgConnection) -> Result<Option<(i64, i64)>, StoreError> {
    let exists: bool =
        sqlx::query_scalar("SELECT to_regclass('e2i.schema_releases') IS NOT NULL").fetch_one(&mut *connection).await?;
    if !exists {
        return Ok(None);
    }
    let (found, readable_by): (Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT max(version), max(readable_by) FROM e2i.schema_releases").fetch_one(connection).await?;
    Ok(found.zip(readable_by))
}

impl Store {
    /// Whether this release may run on the schema as it is.
    ///
    /// # Errors
    /// [`SchemaError::TooOld`] or [`SchemaError::TooNew`], with what to do.
    pub async fn check_schema(&self) -> Result<(), SchemaError> {
        let mut connection = self.pool.acquire().await.map_err(StoreError::from)?;
        let (found, readable_by) = declared(&mut connection).await?.unwrap_or((0, 0));
        compatible(own_version(), found, readable_by)
    }
}

/// The newest migration that the database has, and why this release could not run there.
pub(crate) async fn stands(connection: &mut PgConnection) -> Result<(Option<i64>, Option<String>), sqlx::Error> {
    let declared = declared(connection).await.map_err(|error| match error {
        StoreError::Database(error) => error,
        unreadable @ StoreError::Unreadable { .. } => sqlx::Error::Protocol(unreadable.to_string()),
    })?;
    let (found, readable_by) = declared.unwrap_or((0, 0));
    let problem = compatible(own_version(), found, readable_by).err().map(|error| error.to_string());
    Ok((declared.map(|(found, _)| found), problem))
}

fn compatible(own: i64, found: i64, readable_by: i64) -> Result<(), SchemaError> {
    if found < own {
        return Err(SchemaError::TooOld { found, needed: own });
    }
    if own < readable_by {
        return Err(SchemaError::TooNew { found, readable_by, own });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_says_who_can_still_read_it() {
        for migration in MIGRATIONS.iter() {
            let declared = readable_by(migration.sql.as_str());
            assert!(declared.is_some_and(|oldest| oldest <= migration.version), "{}", migration.version);
        }
    }

    #[test]
    fn an_older_schema_is_refused_and_a_newer_readable_one_accepted() {
        assert!(matches!(compatible(5, 4, 4), Err(SchemaError::TooOld { .. })));
        assert!(compatible(5, 5, 5).is_ok());
        assert!(compatible(5, 9, 5).is_ok());
        assert!(matches!(compatible(5, 9, 7), Err(SchemaError::TooNew { .. })));
    }
}

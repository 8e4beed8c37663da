//! Migrations, and which release may run on which schema.
//!
//! A migration is a timestamped file that is never edited. Its line `-- readable-by: VERSION` names the oldest
//! release schema that can still run once it is applied: an expand step keeps the last release's version there, a
//! contract step (in a later release) raises it. A service refuses a schema older than its own and accepts a newer
//! one that names it as still readable; so a release is rolled back without ever migrating back.

use std::str::FromStr;

use sqlx::migrate::{Migrate, Migrator};
use sqlx::{Connection, PgConnection};

use crate::connect::session_options;
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
    /// A migration file without its `readable-by` line.
    #[error("migration {0} does not say `-- readable-by: VERSION`")]
    Undeclared(i64),
}

/// The newest migration this release knows.
#[must_use]
pub fn own_version() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Applies what is missing, under an advisory lock; gives the versions applied now.
///
/// # Errors
/// [`SchemaError`]; a failed migration leaves no trace.
pub async fn migrate(database_url: &str) -> Result<Vec<i64>, SchemaError> {
    let mut connection =
        PgConnection::connect_with(&session_options(database_url)?).await.map_err(ConnectError::Away)?;
    let away = |error: sqlx::Error| SchemaError::Store(error.into());
    connection.lock().await?;
    sqlx::query("CREATE SCHEMA IF NOT EXISTS e2i").execute(&mut connection).await.map_err(away)?;
    // The table of applied migrations belongs into our schema too: `public` is seen by Supabase's Data API.
    sqlx::query("SET search_path TO e2i").execute(&mut connection).await.map_err(away)?;
    let before = applied(&mut connection).await.map_err(away)?;
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    sqlx::query("ALTER TABLE e2i._sqlx_migrations ENABLE ROW LEVEL SECURITY")
        .execute(&mut connection)
        .await
        .map_err(away)?;
    declare(&mut connection).await?;
    connection.unlock().await?;
    connection.close().await.map_err(away)?;
    Ok(MIGRATIONS.iter().map(|migration| migration.version).filter(|version| !before.contains(version)).collect())
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<i64>, sqlx::Error> {
    let exists: bool = sqlx::query_scalar("SELECT to_regclass('e2i._sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        return Ok(Vec::new());
    }
    sqlx::query_scalar("SELECT version FROM e2i._sqlx_migrations").fetch_all(connection).await
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

impl Store {
    /// Whether this release may run on the schema as it is.
    ///
    /// # Errors
    /// [`SchemaError::TooOld`] or [`SchemaError::TooNew`], with what to do.
    pub async fn check_schema(&self) -> Result<(), SchemaError> {
        let exists: bool = sqlx::query_scalar("SELECT to_regclass('e2i.schema_releases') IS NOT NULL")
            .fetch_one(&self.pool)
            .await
            .map_err(StoreError::from)?;
        if !exists {
            return Err(SchemaError::TooOld { found: 0, needed: own_version() });
        }
        let (found, readable_by): (i64, i64) =
            sqlx::query_as("SELECT coalesce(max(version), 0), coalesce(max(readable_by), 0) FROM e2i.schema_releases")
                .fetch_one(&self.pool)
                .await
                .map_err(StoreError::from)?;
        compatible(own_version(), found, readable_by)
    }
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

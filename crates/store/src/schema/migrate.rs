//! Applying migrations without standing in anybody's way.
//!
//! A statement that waits for a lock on a table makes everybody who comes after it wait too. So none waits for longer than
//! [`Patience::lock_timeout`]: it gives up, nothing of its migration is applied, and after a pause it is tried again, a
//! bounded number of times. What is in the way is named.

use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migration};
use sqlx::{Connection, PgConnection};
use tokio::time::sleep;

use super::{MIGRATIONS, SchemaError, applied, declare, declared, name, own_version};
use crate::connect::session_options;
use crate::{ConnectError, StoreError};

/// sqlx's own name for its table of applied migrations, which the search path puts into our schema.
const TABLE: &str = "_sqlx_migrations";
/// What a lock timeout is called (`lock_not_available`).
const LOCK_TIMEOUT: &str = "55P03";

/// How to wait for locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Longest wait for one lock: for so long at most traffic waits behind it.
    pub lock_timeout: Duration,
    /// How often what met a lock is tried.
    pub tries: u32,
    /// Between two tries.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { lock_timeout: Duration::from_secs(3), tries: 10, pause: Duration::from_secs(2) }
    }
}

/// Applies what is missing, under an advisory lock, and says so line by line; gives the versions applied now. On a newer
/// schema that this release can read there is nothing to do.
///
/// # Errors
/// [`SchemaError`]; a failed migration leaves no trace, those before it stay.
pub async fn migrate(database_url: &str, patience: &Patience) -> Result<Vec<i64>, SchemaError> {
    let mut connection =
        PgConnection::connect_with(&session_options(database_url)?).await.map_err(ConnectError::Away)?;
    sqlx::query("SELECT set_config('lock_timeout', $1, false)")
        .bind(format!("{}ms", patience.lock_timeout.as_millis().max(1)))
        .execute(&mut connection)
        .await
        .map_err(StoreError::from)?;
    let mut tries = Tries::of(patience, "another `migrate` of this database".to_owned());
    while let Err(error) = connection.lock().await {
        tries.after(&mut connection, error).await?;
    }
    let now = under_lock(&mut connection, patience).await?;
    connection.unlock().await?;
    connection.close().await.map_err(StoreError::from)?;
    Ok(now)
}

async fn under_lock(connection: &mut PgConnection, patience: &Patience) -> Result<Vec<i64>, SchemaError> {
    let missing = prepare(connection).await?;
    if let Some((found, readable_by)) = declared(connection).await?
        && found > own_version()
    {
        super::compatible(own_version(), found, readable_by)?;
        if missing.is_empty() {
            tracing::info!(found, own = own_version(), "the schema is a newer release's, which this one can read");
            return Ok(Vec::new());
        }
    }
    let count = missing.len();
    let mut now = Vec::with_capacity(count);
    for (index, migration) in missing.into_iter().enumerate() {
        let name = name(migration);
        tracing::info!("migration {} of {count}: {name}", index + 1);
        let mut tries = Tries::of(patience, format!("migration {name}"));
        let took = loop {
            match connection.apply(TABLE, migration).await {
                Ok(took) => break took,
                Err(error) => tries.after(connection, error).await?,
            }
        };
        tracing::info!(took_ms = took.as_millis(), "migration {} of {count}: applied", index + 1);
        now.push(migration.version);
    }
    declare(connection).await?;
    Ok(now)
}

/// Makes the place for migrations and gives those that are not applied, after a look at those that are.
async fn prepare(connection: &mut PgConnection) -> Result<Vec<&'static Migration>, SchemaError> {
    // The table of applied migrations belongs into our schema too: `public` is seen by Supabase's Data API.
    sqlx::raw_sql("CREATE SCHEMA IF NOT EXISTS e2i; SET search_path TO e2i")
        .execute(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    connection.ensure_migrations_table(TABLE).await?;
    sqlx::query("ALTER TABLE e2i._sqlx_migrations ENABLE ROW LEVEL SECURITY")
        .execute(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    if let Some(version) = connection.dirty_version(TABLE).await? {
        return Err(MigrateError::Dirty(version).into());
    }
    let before = applied(connection).await.map_err(StoreError::from)?;
    let missing: Vec<&Migration> = MIGRATIONS.iter().filter(|one| !before.contains_key(&one.version)).collect();
    for (version, checksum) in &before {
        match MIGRATIONS.iter().find(|migration| migration.version == *version) {
            Some(known) if known.checksum.as_ref() != checksum.as_slice() => {
                return Err(MigrateError::VersionMismatch(*version).into());
            }
            // A newer release's.
            None if missing.is_empty() => {}
            None => return Err(SchemaError::Diverged { unknown: *version, missing: names(&missing) }),
            Some(_) => {}
        }
    }
    Ok(missing)
}

pub(super) fn names(migrations: &[&Migration]) -> String {
    migrations.iter().map(|migration| name(migration)).collect::<Vec<_>>().join(", ")
}

/// Tries that are left for something that may meet a lock.
struct Tries<'a> {
    patience: &'a Patience,
    left: u32,
    what: String,
}

impl<'a> Tries<'a> {
    fn of(patience: &'a Patience, what: String) -> Self {
        Self { patience, left: patience.tries.max(1), what }
    }

    /// After a try that met a lock: waits for the next. Any other error, or no try left, is the end.
    async fn after(&mut self, connection: &mut PgConnection, error: MigrateError) -> Result<(), SchemaError> {
        if !is_lock_timeout(&error) {
            return Err(error.into());
        }
        self.left -= 1;
        let holders = oldest_transactions(connection).await?;
        if self.left == 0 {
            let Patience { lock_timeout, tries, .. } = *self.patience;
            return Err(SchemaError::Blocked { what: std::mem::take(&mut self.what), tries, lock_timeout, holders });
        }
        tracing::warn!(
            "{} met a lock and gave way to the traffic behind it; {} tries left. Open transactions: {holders}",
            self.what,
            self.left
        );
        sleep(self.patience.pause).await;
        Ok(())
    }
}

fn is_lock_timeout(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else { return false };
    cause.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == LOCK_TIMEOUT)
}

/// Who is most likely in the way, without what they say: that may hold people's data.
async fn oldest_transactions(connection: &mut PgConnection) -> Result<String, SchemaError> {
    let found: Vec<(i32, String, String, f64)> = sqlx::query_as(
        "SELECT pid, coalesce(application_name, ''), coalesce(state, ''), extract(epoch FROM clock_timestamp() - xact_start)::float8
         FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
         ORDER BY xact_start LIMIT 3",
    )
    .fetch_all(connection)
    .await
    .map_err(StoreError::from)?;
    let told = found.into_iter().map(|(pid, application, state, seconds)| {
        let application = if application.is_empty() { "nameless".to_owned() } else { application };
        format!("pid {pid} ({application}, {state}, for {seconds:.0} s)")
    });
    Ok(Some(told.collect::<Vec<_>>().join(", ")).filter(|told| !told.is_empty()).unwrap_or_else(|| "none".to_owned()))
}

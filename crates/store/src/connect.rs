//! Opening the pool: a session connection, proven.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::Store;

/// A connection that was idle for longer is tried before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct Options {
    /// Shown in `pg_stat_activity`.
    pub application_name: String,
    /// At most so many connections.
    pub max_connections: u32,
    /// How long a caller waits for one of them.
    pub acquire_timeout: Duration,
}

/// Why the database cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL itself.
    #[error("DATABASE_URL cannot be read: {0}; write postgresql://USER:PASSWORD@HOST:5432/DATABASE")]
    Url(sqlx::Error),
    /// Supabase's transaction pooler.
    #[error(
        "DATABASE_URL points at port 6543, Supabase's transaction pooler, where sessions, advisory locks and prepared \
         statements do not hold; use the direct connection or the session pooler (port 5432)"
    )]
    TransactionPooler,
    /// Some other transaction pooler.
    #[error(
        "DATABASE_URL does not give a session of one's own (a setting made in one transaction was gone in the next): \
         a pooler in transaction mode stands between; use a direct connection or a session pooler"
    )]
    NoSession,
    /// It does not answer.
    #[error("the database does not answer: {0}")]
    Away(#[from] sqlx::Error),
}

impl Store {
    /// Opens a pool and proves that its connections are sessions.
    ///
    /// # Errors
    /// [`ConnectError`], worded for the operator.
    pub async fn connect(url: &str, options: &Options) -> Result<Self, ConnectError> {
        let connect = session_options(url)?.application_name(&options.application_name);
        prove_session(&connect).await?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                // A ping on each use would double the round trips; one that has rested may have died in its sleep.
                Box::pin(async move {
                    if meta.idle_for > RESTED { connection.ping().await.map(|()| true) } else { Ok(true) }
                })
            })
            .connect_with(connect)
            .await?;
        Ok(Self { pool, logs_runs_as: None })
    }

    /// Whether the database answers now.
    ///
    /// # Errors
    /// What it said instead.
    pub async fn ping(&self) -> crate::Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// The pool, for the modules of this crate's tests.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Reads the URL, refuses the transaction pooler, and makes every commit durable: a claim that is lost would hand out
/// the same attempt twice.
pub(crate) fn session_options(url: &str) -> Result<PgConnectOptions, ConnectError> {
    let options = PgConnectOptions::from_str(url).map_err(ConnectError::Url)?;
    if options.get_port() == 6543 {
        return Err(ConnectError::TransactionPooler);
    }
    Ok(options.options([
        ("synchronous_commit", "on"),
        ("timezone", "UTC"),
        ("client_min_messages", "warning"),
        // A plan that was made and kept while a table was small would read all of it when 20,000 jobs have come since.
        ("enable_seqscan", "off"),
    ]))
}

async fn prove_session(options: &PgConnectOptions) -> Result<(), ConnectError> {
    let mut connection = PgConnection::connect_with(options).await?;
    sqlx::query("SELECT set_config('e2i.session_probe', 'kept', false)").execute(&mut connection).await?;
    let kept: Option<String> =
        sqlx::query_scalar("SELECT current_setting('e2i.session_probe', true)").fetch_one(&mut connection).await?;
    connection.close().await?;
    if kept.as_deref() == Some("kept") { Ok(()) } else { Err(ConnectError::NoSession) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transaction_pooler_is_refused_with_the_reason() {
        let error = session_options("postgresql://u:p@db.example:6543/postgres").unwrap_err();
        assert!(error.to_string().contains("session pooler (port 5432)"), "{error}");
    }
}

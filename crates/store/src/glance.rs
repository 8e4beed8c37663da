//! What the health service asks: reads, changes nothing, and holds no connection from one look to the next, so that each
//! look tells whether the database takes one.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::connect::session_options;
use crate::{ConnectError, row, schema};

/// Shown in `pg_stat_activity`.
const APPLICATION: &str = "e2i-health";
/// The server itself ends what takes longer: a look that was given up leaves nothing running.
const STATEMENT_TIMEOUT: &str = "4s";

/// How the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseGlance {
    /// Its clock.
    pub now: DateTime<Utc>,
    /// Its version, as it says it ("16.4").
    pub version: String,
    /// Connections that are open, of all databases.
    pub connections: u64,
    /// How many it takes.
    pub max_connections: u64,
    /// The newest migration that it has; `None` before the first.
    pub schema: Option<i64>,
    /// Why this release could not run on that schema.
    pub schema_problem: Option<String>,
}

/// How work stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorkGlance {
    /// Jobs that are due and wait.
    pub waiting: u64,
    /// Jobs whose time is still to come.
    pub delayed: u64,
    /// Jobs that run.
    pub running: u64,
    /// How long the oldest due job has waited.
    pub oldest_waiting_s: Option<f64>,
    /// Workers with places, heard of within the last half minute.
    pub workers: u64,
    /// When any worker was last heard of, in seconds from now; `None` when there never was one.
    pub heard_s_ago: Option<f64>,
}

/// Connects, and asks how the database is.
///
/// # Errors
/// [`ConnectError`], worded for the operator.
pub async fn database(url: &str) -> Result<DatabaseGlance, ConnectError> {
    let mut connection = open(session_options(url)?).await?;
    let (now, version, connections, max_connections): (DateTime<Utc>, String, i64, String) = sqlx::query_as(
        "SELECT clock_timestamp(), split_part(current_setting('server_version'), ' ', 1),
                (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                current_setting('max_connections')",
    )
    .fetch_one(&mut connection)
    .await?;
    let (schema, schema_problem) = schema::stands(&mut connection).await?;
    connection.close().await?;
    Ok(DatabaseGlance {
        now,
        version,
        connections: row::count(connections),
        max_connections: max_connections.parse().unwrap_or(0),
        schema,
        schema_problem,
    })
}

/// The database's clock.
///
/// # Errors
/// [`ConnectError`], worded for the operator.
pub async fn clock(url: &str) -> Result<DateTime<Utc>, ConnectError> {
    let mut connection = open(session_options(url)?).await?;
    let now = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(now)
}

/// Connects, and asks how work stands. Reads every job that has not ended.
///
/// # Errors
/// [`ConnectError`], worded for the operator; also before the first migration.
pub async fn work(url: &str) -> Result<WorkGlance, ConnectError> {
    type Jobs = (i64, i64, i64, Option<f64>);
    let mut connection = open(session_options(url)?).await?;
    let (waiting, delayed, running, oldest_waiting_s): Jobs = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE state = 'queued' AND run_at <= now()),
                count(*) FILTER (WHERE state = 'queued' AND run_at > now()),
                count(*) FILTER (WHERE state = 'running'),
                extract(epoch FROM now() - min(due_from) FILTER (WHERE state = 'queued' AND run_at <= now()))::float8
         FROM e2i.jobs WHERE state IN ('queued', 'running')",
    )
    .fetch_one(&mut connection)
    .await?;
    let (workers, heard_s_ago): (i64, Option<f64>) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE small_places + large_places > 0 AND seen_at > now() - interval '30 s'),
                extract(epoch FROM now() - max(seen_at))::float8
         FROM e2i.workers",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(WorkGlance {
        waiting: row::count(waiting),
        delayed: row::count(delayed),
        running: row::count(running),
        oldest_waiting_s,
        workers: row::count(workers),
        heard_s_ago,
    })
}

/// How many jobs ended as dead letters within the last day. Reads every failed job: not for every look.
///
/// # Errors
/// [`ConnectError`], worded for the operator; also before the first migration.
pub async fn dead_letters(url: &str) -> Result<u64, ConnectError> {
    let mut connection = open(session_options(url)?).await?;
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM e2i.jobs
         WHERE state = 'failed' AND failure->>'reason' IN ('crash', 'lease_expired', 'oom', 'unavailable')
           AND (crash_count > 0 OR lease_expiries > 0) AND finished_at > now() - interval '1 day'",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    Ok(row::count(count))
}

/// Asks one statement of an operator's own, which may change nothing: the first column of its first row, as text; `None`
/// when there is no row, or nothing in it.
///
/// # Errors
/// [`ConnectError`], worded for the operator.
pub async fn ask(url: &str, statement: &str) -> Result<Option<String>, ConnectError> {
    let options = PgConnectOptions::from_str(url).map_err(ConnectError::Url)?;
    let mut connection = open(options.options([("default_transaction_read_only", "on")])).await?;
    // The operator's own file holds it; it is no more trusted than the address beside it.
    let row: Option<PgRow> = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).fetch_optional(&mut connection).await?;
    let answer = match row {
        Some(row) if !row.is_empty() => row.try_get_raw(0)?.as_str().ok().map(str::to_owned),
        _ => None,
    };
    connection.close().await?;
    Ok(answer)
}

async fn open(options: PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let options = options.application_name(APPLICATION).options([("statement_timeout", STATEMENT_TIMEOUT)]);
    PgConnection::connect_with(&options).await
}

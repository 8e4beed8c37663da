//! How dispatch stands: depths, who runs, workers seen.

use chrono::{DateTime, Utc};
use domain::job::{JobClass, Priority};

use super::Stream;
use crate::{Result, Store, row};

/// A worker that has not been seen for so long is gone.
const SEEN_WITHIN_S: f64 = 30.0;

/// How dispatch stands at this moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Streams with anything on or behind them.
    pub streams: Vec<StreamDepth>,
    /// Submitted with a time that is still to come.
    pub delayed: u64,
    /// The oldest job that is due and waits, on Redis or behind it.
    pub oldest_waiting: Option<DateTime<Utc>>,
    /// Workers seen within the last half minute.
    pub workers: Vec<WorkerSeen>,
}

/// One stream's depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamDepth {
    /// Which.
    pub stream: Stream,
    /// On Redis, not claimed.
    pub on_redis: u64,
    /// In Postgres, waiting for their turn or their time.
    pub behind: u64,
    /// Claimed.
    pub running: u64,
}

/// A worker and its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerSeen {
    /// Its name.
    pub name: String,
    /// Places for small jobs.
    pub small_places: u32,
    /// Places for large jobs.
    pub large_places: u32,
    /// Jobs it runs.
    pub running: u64,
    /// Since when.
    pub started_at: DateTime<Utc>,
    /// When it was last heard.
    pub seen_at: DateTime<Utc>,
}

/// Class, priority, on Redis, behind, running, delayed, the oldest that is due.
type DepthRow = (String, i16, i64, i64, i64, i64, Option<DateTime<Utc>>);
/// Name, places for small and for large jobs, running, started, seen.
type WorkerRow = (String, i32, i32, i64, DateTime<Utc>, DateTime<Utc>);

impl Store {
    /// How dispatch stands. Reads every job that has not ended.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn overview(&self) -> Result<Overview> {
        let rows: Vec<DepthRow> = sqlx::query_as(
            "SELECT class, priority,
                    count(*) FILTER (WHERE state = 'queued' AND dispatched_at IS NOT NULL),
                    count(*) FILTER (WHERE state = 'queued' AND dispatched_at IS NULL),
                    count(*) FILTER (WHERE state = 'running'),
                    count(*) FILTER (WHERE state = 'queued' AND run_at > now()),
                    min(due_from) FILTER (WHERE state = 'queued' AND run_at <= now())
             FROM e2i.jobs WHERE state IN ('queued', 'running') GROUP BY class, priority ORDER BY class DESC, priority",
        )
        .fetch_all(&self.pool)
        .await?;
        let mut overview =
            Overview { streams: Vec::new(), delayed: 0, oldest_waiting: None, workers: self.workers_seen().await? };
        for (class, priority, on_redis, behind, running, delayed, oldest) in rows {
            let stream = (row::name::<JobClass>("jobs", &class)?, Priority::from_rank(priority));
            let (on_redis, behind, running) = (row::count(on_redis), row::count(behind), row::count(running));
            overview.streams.push(StreamDepth { stream, on_redis, behind, running });
            overview.delayed += row::count(delayed);
            overview.oldest_waiting = [overview.oldest_waiting, oldest].into_iter().flatten().min();
        }
        Ok(overview)
    }

    /// Workers seen within the last half minute.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn workers_seen(&self) -> Result<Vec<WorkerSeen>> {
        let rows: Vec<WorkerRow> = sqlx::query_as(
            "SELECT w.name, w.small_places, w.large_places,
                    (SELECT count(*) FROM e2i.jobs j WHERE j.state = 'running' AND j.lease_owner = w.name),
                    w.started_at, w.seen_at
             FROM e2i.workers w WHERE w.seen_at > now() - make_interval(secs => $1) ORDER BY w.name",
        )
        .bind(SEEN_WITHIN_S)
        .fetch_all(&self.pool)
        .await?;
        let worker = |(name, small, large, running, started_at, seen_at): WorkerRow| WorkerSeen {
            name,
            small_places: u32::try_from(small).unwrap_or(0),
            large_places: u32::try_from(large).unwrap_or(0),
            running: row::count(running),
            started_at,
            seen_at,
        };
        Ok(rows.into_iter().map(worker).collect())
    }

    /// Whether any other worker that was seen within the last half minute takes jobs: has places.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn others_take_jobs(&self, name: &str) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM e2i.workers WHERE name <> $1 AND small_places + large_places > 0
                            AND seen_at > now() - make_interval(secs => $2))",
        )
        .bind(name)
        .bind(SEEN_WITHIN_S)
        .fetch_one(&self.pool)
        .await?)
    }

    /// A worker says that it is there, with its places; those not seen for a day are forgotten.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn worker_is_here(&self, name: &str, small_places: usize, large_places: usize) -> Result<()> {
        sqlx::query(
            "WITH gone AS (DELETE FROM e2i.workers WHERE seen_at < now() - interval '1 day' AND name <> $1)
             INSERT INTO e2i.workers (name, small_places, large_places) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET seen_at = now(), small_places = excluded.small_places,
                 large_places = excluded.large_places",
        )
        .bind(name)
        .bind(i32::try_from(small_places).unwrap_or(i32::MAX))
        .bind(i32::try_from(large_places).unwrap_or(i32::MAX))
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

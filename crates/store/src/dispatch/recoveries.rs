//! Jobs that were lost and found: taken from a worker that vanished, or forgotten by Redis.
//!
//! A loss is noted when it is noticed, and closed by the job's next claim. **Recovery seconds** are the time between: from
//! the moment the lease ran out (a worker that dies is noticed up to one lease after its last heartbeat; that comes on top),
//! or from the moment Redis was found to have lost the entry, to the next claim.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use uuid::Uuid;

use crate::attempts::Lease;
use crate::{Result, Store, row};

/// How long closed losses are kept for the percentiles.
const KEPT_DAYS: i32 = 7;

/// A lease that has run out and was not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Which.
    pub lease: Lease,
    /// When it ran out.
    pub at: DateTime<Utc>,
}

/// How long recoveries took, over the last seven days.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RecoveryTimes {
    /// How many.
    pub count: u64,
    /// Lost and not claimed again yet.
    pub open: u64,
    /// Half took at most so many seconds.
    pub p50_s: Option<f64>,
    /// 99 of 100 did.
    pub p99_s: Option<f64>,
    /// All did.
    pub max_s: Option<f64>,
}

impl Store {
    /// Leases that have run out: what the reaper is about to take.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn expired_leases(&self) -> Result<Vec<Loss>> {
        let rows: Vec<(Uuid, i32, DateTime<Utc>)> = sqlx::query_as(
            "SELECT id, attempt, lease_until FROM e2i.jobs WHERE state = 'running' AND lease_until < now()
             ORDER BY lease_until LIMIT 1000",
        )
        .fetch_all(&self.pool)
        .await?;
        let loss = |(job, attempt, at): (Uuid, i32, _)| Loss {
            lease: Lease { job: job.into(), attempt: row::attempt(attempt) },
            at,
        };
        Ok(rows.into_iter().map(loss).collect())
    }

    /// Notes that these were taken from workers that vanished.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_losses(&self, losses: &[Loss]) -> Result<()> {
        let jobs: Vec<Uuid> = losses.iter().map(|loss| loss.lease.job.0).collect();
        let attempts: Vec<i32> = losses.iter().map(|loss| row::attempt_column(loss.lease.attempt)).collect();
        let times: Vec<DateTime<Utc>> = losses.iter().map(|loss| loss.at).collect();
        sqlx::query(
            "INSERT INTO e2i.recoveries (job_id, attempt, why, lost_at)
             SELECT job, attempt, 'lease', at FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS t(job, attempt, at)",
        )
        .bind(jobs)
        .bind(attempts)
        .bind(times)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Closes the losses whose job was claimed since, and drops those that ended otherwise and those that are old. Gives
    /// the jobs that were recovered.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn close_losses(&self) -> Result<Vec<JobId>> {
        let rows: Vec<Uuid> = sqlx::query_scalar(
            "WITH open AS (
                 SELECT r.id, r.job_id, a.started_at FROM e2i.recoveries r
                 JOIN e2i.attempts a ON a.job_id = r.job_id AND a.attempt = r.attempt + 1
                 WHERE r.claimed_at IS NULL ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
             ), moot AS (
                 DELETE FROM e2i.recoveries r
                 WHERE r.claimed_at IS NULL AND NOT EXISTS (
                     SELECT 1 FROM e2i.jobs j
                     WHERE j.id = r.job_id AND (j.state IN ('queued', 'running') OR j.attempt > r.attempt))
             ), old AS (
                 DELETE FROM e2i.recoveries r WHERE r.claimed_at < now() - make_interval(days => $1)
             )
             UPDATE e2i.recoveries r SET claimed_at = greatest(open.started_at, r.lost_at)
             FROM open WHERE r.id = open.id RETURNING r.job_id",
        )
        .bind(KEPT_DAYS)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(JobId::from).collect())
    }

    /// How long recoveries took.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn recovery_times(&self) -> Result<RecoveryTimes> {
        let (count, open, p50_s, p99_s, max_s): (i64, i64, Option<f64>, Option<f64>, Option<f64>) = sqlx::query_as(
            "SELECT count(took), count(*) FILTER (WHERE took IS NULL),
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY took), percentile_cont(0.99) WITHIN GROUP (ORDER BY took),
                    max(took)
             FROM (SELECT extract(epoch FROM claimed_at - lost_at)::float8 AS took FROM e2i.recoveries) AS t",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(RecoveryTimes { count: row::count(count), open: row::count(open), p50_s, p99_s, max_s })
    }
}

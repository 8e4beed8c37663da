//! From Postgres to Redis: which queued jobs to put on which stream, and when.
//!
//! A queued job is either on Redis (`dispatched_at` set) or has its row in `outbox`. Only a bounded window per class
//! and priority is on Redis, so that what waits behind it can still be ordered fairly: the owner with the least in flight
//! is next ([`Relay`]). A class may be paused ([`pauses`]); what went wrong and was made good is kept ([`Loss`]).
//! Putting a job on Redis twice is harmless, the claim compares `dispatch_seq`; so the order is always: entry on
//! Redis first, then [`Store::mark_dispatched`].

mod in_hand;
mod overview;
pub mod pauses;
mod place;
mod recoveries;
mod relay;
mod stranded;

use domain::ids::JobId;
use domain::job::{JobClass, Priority};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

pub use in_hand::InHand;
pub use overview::{Overview, StreamDepth, WorkerSeen};
pub use place::Place;
pub use recoveries::{Loss, RecoveryTimes};
pub use relay::{Load, Relay, Room, Stream};
pub use stranded::Stranded;

use crate::{Result, Store, row};

/// A queued job to put on Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The job.
    pub job: JobId,
    /// Which dispatch of it; a claim must name the same.
    pub dispatch_seq: i64,
    /// Which stream.
    pub class: JobClass,
    /// Which stream.
    pub priority: Priority,
    /// Trace context of the request that asked for it.
    pub traceparent: Option<String>,
}

#[derive(FromRow)]
struct PendingRow {
    id: Uuid,
    dispatch_seq: i64,
    class: String,
    priority: i16,
    traceparent: Option<String>,
}

impl TryFrom<PendingRow> for Pending {
    type Error = crate::StoreError;
    fn try_from(pending: PendingRow) -> Result<Self> {
        Ok(Self {
            job: pending.id.into(),
            dispatch_seq: pending.dispatch_seq,
            class: row::name("jobs", &pending.class)?,
            priority: Priority::from_rank(pending.priority),
            traceparent: pending.traceparent,
        })
    }
}

/// Advisory locks, one number each: one relay at a time, one recovery at a time.
const RELAY_LOCK: i64 = 0x6532_6901;
const RECOVERY_LOCK: i64 = 0x6532_6902;
/// For how long one who holds such a lock may say nothing to Postgres.
const LOCK_HELD_IDLE: &str = "3s";

/// Queues a set of jobs (in `hit`) anew under the next dispatch number.
const REDISPATCH: &str = "
, changed AS (
    UPDATE e2i.jobs j SET dispatch_seq = j.dispatch_seq + 1, dispatched_at = NULL
    FROM hit WHERE j.id = hit.id RETURNING j.id, j.dispatch_seq, j.attempt
), entry AS (
    INSERT INTO e2i.outbox (job_id, dispatch_seq) SELECT id, dispatch_seq FROM changed
    ON CONFLICT (job_id) DO UPDATE SET dispatch_seq = excluded.dispatch_seq, due_at = now()
), lost AS (
    INSERT INTO e2i.recoveries (job_id, attempt, why) SELECT id, attempt, ";
const REDISPATCHED: &str = " FROM changed
)
SELECT count(*) FROM changed";

impl Store {
    /// Notes that these are on Redis now. One that was claimed meanwhile, or queued anew, is left alone.
    ///
    /// # Errors
    /// When the database is away; then the relay puts them on Redis again, which is harmless.
    pub async fn mark_dispatched(&self, pending: &[Pending]) -> Result<()> {
        mark(&mut *self.pool.acquire().await?, pending).await
    }

    /// Redis lost everything (a new epoch): whatever was on it and is not claimed goes back to the outbox under a new
    /// dispatch number. One caller at a time; the others get 0.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn redispatch_all(&self) -> Result<u64> {
        let sql = format!(
            "WITH hit AS (SELECT id FROM e2i.jobs WHERE state = 'queued' AND dispatched_at IS NOT NULL
                          ORDER BY id FOR UPDATE) {REDISPATCH} 'epoch' {REDISPATCHED}"
        );
        let mut transaction = self.pool.begin().await?;
        if !try_lock(&mut transaction, RECOVERY_LOCK).await? {
            return Ok(0);
        }
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(row::count(count))
    }

    /// Redis lost some entries (the tail of its log, a fail-over): jobs put on this stream over `older_than_s` ago and
    /// still not claimed are dispatched anew. Call only when the stream has neither lag nor pending entries.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn sweep(&self, class: JobClass, priority: Priority, older_than_s: i32) -> Result<u64> {
        let sql = format!(
            "WITH hit AS (SELECT id FROM e2i.jobs WHERE state = 'queued' AND class = $1 AND priority = $2
                          AND dispatched_at < now() - make_interval(secs => $3) ORDER BY id FOR UPDATE) {REDISPATCH} 'sweep' {REDISPATCHED}"
        );
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(class.as_str())
            .bind(priority.rank())
            .bind(f64::from(older_than_s))
            .fetch_one(&self.pool)
            .await?;
        Ok(row::count(count))
    }
}

/// Rows that somebody else has at hand are left alone, so that this never waits for a claim or a pause. A class that was
/// paused since the entry was meant for Redis is taken back at once.
async fn mark(connection: &mut PgConnection, pending: &[Pending]) -> Result<()> {
    let (ids, sequences): (Vec<Uuid>, Vec<i64>) = pending.iter().map(|entry| (entry.job.0, entry.dispatch_seq)).unzip();
    sqlx::query(
        "WITH hit AS (
             SELECT j.id, j.dispatch_seq, p.class IS NOT NULL AS paused FROM e2i.jobs j
             JOIN unnest($1::uuid[], $2::bigint[]) AS given(id, dispatch_seq) USING (id, dispatch_seq)
             LEFT JOIN e2i.dispatch_pauses p ON p.class = j.class
             WHERE j.state = 'queued' ORDER BY j.id FOR UPDATE OF j SKIP LOCKED
         ), gone AS (
             DELETE FROM e2i.outbox o USING hit
             WHERE o.job_id = hit.id AND o.dispatch_seq = hit.dispatch_seq AND NOT hit.paused
         ), again AS (
             UPDATE e2i.outbox o SET dispatch_seq = o.dispatch_seq + 1 FROM hit WHERE o.job_id = hit.id AND hit.paused
         )
         UPDATE e2i.jobs j SET dispatched_at = CASE WHEN hit.paused THEN NULL ELSE now() END,
             dispatch_seq = j.dispatch_seq + hit.paused::int
         FROM hit WHERE j.id = hit.id",
    )
    .bind(ids)
    .bind(sequences)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a lock until the transaction's end. Who is frozen or cut off in the middle loses it: Postgres ends the session.
async fn try_lock(connection: &mut PgConnection, lock: i64) -> Result<bool> {
    let (locked, _): (bool, String) = sqlx::query_as(
        "SELECT pg_try_advisory_xact_lock($1), set_config('idle_in_transaction_session_timeout', $2, true)",
    )
    .bind(lock)
    .bind(LOCK_HELD_IDLE)
    .fetch_one(connection)
    .await?;
    Ok(locked)
}

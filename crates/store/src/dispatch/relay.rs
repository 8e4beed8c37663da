//! The relay's side: which waiting jobs go on Redis next, and which entries there stand in somebody's way.
//!
//! A job's **turn** is the number of its owner's jobs that run or stand in front of it. Streams are filled by turn: whoever
//! has the least in flight is next, and 10,000 jobs of one owner count as little as ten. Where a new owner's job comes
//! behind entries of a later turn that wait already ([`Relay::recall`]), those are taken back: their dispatch number is
//! raised, so that the entries are worth nothing, and they follow in their turn.

use std::time::Duration;

use domain::job::{JobClass, Priority};
use sqlx::{Postgres, Transaction};

use super::{Pending, PendingRow, RELAY_LOCK, mark, try_lock};
use crate::{Result, Store, row};

const DUE: &str = concat!(include_str!("lanes.sql"), include_str!("due.sql"));
const RECALL: &str = concat!(include_str!("lanes.sql"), include_str!("recall.sql"));

/// One stream: a class and a priority.
pub type Stream = (JobClass, Priority);

/// How much may be on Redis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Queued jobs on one stream.
    pub window: i64,
    /// Analyses of one owner that run or stand on Redis, over all streams. The platform's own jobs do not count.
    pub in_flight_per_owner: i64,
    /// Of these on each stream, one owner's; a stream that is not named gets nothing.
    pub of_one_owner: Vec<(Stream, i64)>,
}

impl Room {
    /// The same for everybody on every stream.
    #[must_use]
    pub fn even(window: i64) -> Self {
        let streams = JobClass::ALL.into_iter().flat_map(|class| Priority::ALL.map(|priority| (class, priority)));
        let of_one_owner = streams.map(|stream| (stream, window)).collect();
        Self { window, in_flight_per_owner: i64::MAX / 2, of_one_owner }
    }

    fn columns(&self) -> (Vec<&'static str>, Vec<i16>, Vec<i64>) {
        let mut columns = (Vec::new(), Vec::new(), Vec::new());
        for ((class, priority), of_one) in &self.of_one_owner {
            columns.0.push(class.as_str());
            columns.1.push(priority.rank());
            columns.2.push(*of_one);
        }
        columns
    }
}

/// What stands on a stream, unclaimed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Which.
    pub stream: Stream,
    /// How many jobs.
    pub jobs: i64,
    /// For how long the first of them has.
    pub oldest: Duration,
}

/// One round of the relay; nobody else has one at the same time.
#[derive(Debug)]
pub struct Relay {
    transaction: Transaction<'static, Postgres>,
}

impl Store {
    /// A round of the relay; `None` while another worker has one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn relay(&self) -> Result<Option<Relay>> {
        let mut transaction = self.pool.begin().await?;
        if !try_lock(&mut transaction, RELAY_LOCK).await? {
            return Ok(None);
        }
        // Statistics of a table of which most rows come and go within seconds are always wrong: no plan may rest on them.
        sqlx::query("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
            .execute(&mut *transaction)
            .await?;
        Ok(Some(Relay { transaction }))
    }

    /// What the relay would put on Redis now, were all owners' shares as large as the window; empty while another relay
    /// is at it.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn due(&self, window: i64) -> Result<Vec<Pending>> {
        let Some(mut relay) = self.relay().await? else { return Ok(Vec::new()) };
        let due = relay.due(&Room::even(window)).await?;
        relay.finish(&[]).await?;
        Ok(due)
    }
}

impl Relay {
    /// What stands on the streams; one that is not named is empty.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn loads(&mut self) -> Result<Vec<Load>> {
        let rows: Vec<(String, i16, i64, f64)> = sqlx::query_as(
            "SELECT class, priority, count(*), extract(epoch FROM now() - min(dispatched_at))::float8 FROM e2i.jobs
             WHERE state = 'queued' AND dispatched_at IS NOT NULL GROUP BY class, priority",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let load = |(class, priority, jobs, oldest_s): (String, i16, i64, f64)| {
            let stream = (row::name("jobs", &class)?, Priority::from_rank(priority));
            Ok(Load { stream, jobs, oldest: Duration::from_secs_f64(oldest_s.max(0.0)) })
        };
        rows.into_iter().map(load).collect()
    }

    /// Takes entries back that have stood on Redis for `settled` and longer and that another owner's job of an earlier
    /// turn stands behind, or would. Ends the round: their new numbers must be safe before they are put there again.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn recall(mut self, room: &Room, settled: Duration) -> Result<u64> {
        let (classes, priorities, of_one) = room.columns();
        let count: i64 = sqlx::query_scalar(RECALL)
            .bind(room.window)
            .bind(room.in_flight_per_owner)
            .bind(classes)
            .bind(priorities)
            .bind(of_one)
            .bind(settled.as_secs_f64())
            .fetch_one(&mut *self.transaction)
            .await?;
        self.transaction.commit().await?;
        Ok(row::count(count))
    }

    /// What to put on Redis now, in this order.
    ///
    /// # Errors
    /// When the database is away or a row unreadable.
    pub async fn due(&mut self, room: &Room) -> Result<Vec<Pending>> {
        let (classes, priorities, of_one) = room.columns();
        let rows: Vec<PendingRow> = sqlx::query_as(DUE)
            .bind(room.window)
            .bind(room.in_flight_per_owner)
            .bind(classes)
            .bind(priorities)
            .bind(of_one)
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.into_iter().map(Pending::try_from).collect()
    }

    /// Notes that these are on Redis, and ends the round. One that somebody else has at hand is left: the next round
    /// puts it there again, which is harmless.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn finish(mut self, dispatched: &[Pending]) -> Result<()> {
        if !dispatched.is_empty() {
            mark(&mut self.transaction, dispatched).await?;
        }
        Ok(self.transaction.commit().await?)
    }
}

//! What dispatch counts, over all processes that ever ran: a tally in each process, added to one row a name in Postgres.
//!
//! Counting is one atomic addition. [`Tally::flush`] adds what was counted since the last time, in one statement, at most
//! once a second: call it in a loop. A process that is killed takes up to a second of its counts with it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Result, Store, row};

macro_rules! counts {
    ($($(#[$doc:meta])* $variant:ident => $name:literal),+ $(,)?) => {
        /// What is counted. The meanings stand in `docs/DISPATCH.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Count { $($(#[$doc])* $variant),+ }

        impl Count {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in Postgres and in the API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

counts! {
    /// Analyses accepted.
    Submitted => "submitted",
    /// Jobs put on Redis, at once by a gateway or by the relay.
    Dispatched => "dispatched",
    /// Entries taken back because another owner's job was due before them.
    Recalled => "recalled",
    /// Claims.
    Claimed => "claimed",
    /// Entries whose claim hit nothing.
    DuplicateClaimsDropped => "duplicate_claims_dropped",
    /// Jobs of agent versions that a worker did not have.
    HandedOn => "handed_on",
    /// Writes of attempts that were not the current one.
    FencedWritesRefused => "fenced_writes_refused",
    /// Progress of attempts that were not the current one.
    StaleEventsRefused => "stale_events_refused",
    /// Attempts that ended.
    AttemptsEnded => "attempts_ended",
    /// Attempts whose child died.
    Crashes => "crashes",
    /// Jobs failed for good by crashes.
    CrashLooped => "crash_looped",
    /// Jobs taken from workers that vanished.
    LeaseExpiries => "lease_expiries",
    /// Jobs dispatched anew because Redis was wiped, restarted or failed over.
    EpochRedispatched => "epoch_redispatched",
    /// Jobs dispatched anew because Redis had lost their entry.
    Swept => "swept",
    /// Lost jobs that were claimed again.
    Recovered => "recovered",
}

/// What this process has counted and not yet flushed.
#[derive(Debug)]
pub struct Tally([AtomicU64; Count::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self::new()
    }
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; Count::ALL.len()])
    }

    /// Counts.
    pub fn add(&self, what: Count, by: u64) {
        self.0[what as usize].fetch_add(by, Ordering::Relaxed);
    }

    /// Adds what was counted to the totals; does nothing when nothing was.
    ///
    /// # Errors
    /// When the database is away; then it is kept for the next time.
    pub async fn flush(&self, store: &Store) -> Result<()> {
        let taken: Vec<(Count, u64)> = Count::ALL
            .iter()
            .map(|count| (*count, self.0[*count as usize].swap(0, Ordering::Relaxed)))
            .filter(|(_, by)| *by > 0)
            .collect();
        if taken.is_empty() {
            return Ok(());
        }
        let added = store.add_to_counters(&taken).await;
        if added.is_err() {
            for (count, by) in taken {
                self.add(count, by);
            }
        }
        added
    }
}

impl Store {
    async fn add_to_counters(&self, counted: &[(Count, u64)]) -> Result<()> {
        let names: Vec<&str> = counted.iter().map(|(count, _)| count.name()).collect();
        let by: Vec<i64> = counted.iter().map(|(_, by)| i64::try_from(*by).unwrap_or(i64::MAX)).collect();
        // In the order of names: two processes can never wait for each other.
        sqlx::query(
            "INSERT INTO e2i.dispatch_counters AS c (name, total)
             SELECT name, by FROM unnest($1::text[], $2::bigint[]) AS t(name, by) ORDER BY name
             ON CONFLICT (name) DO UPDATE SET total = c.total + excluded.total",
        )
        .bind(names)
        .bind(by)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The totals, in the order of [`Count::ALL`]; 0 for what was never counted.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn counters(&self) -> Result<Vec<(Count, u64)>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT name, total FROM e2i.dispatch_counters").fetch_all(&self.pool).await?;
        let total = |count: &Count| rows.iter().find(|(name, _)| name == count.name()).map_or(0, |(_, total)| *total);
        Ok(Count::ALL.iter().map(|count| (*count, row::count(total(count)))).collect())
    }
}

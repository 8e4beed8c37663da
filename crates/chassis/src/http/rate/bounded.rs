//! The memory of a limit, with a most.
//!
//! A bucket that is full again tells nothing and is dropped by [`super::Limiter::tidy`]. Between two tidyings somebody
//! with many addresses could still fill the memory, so each of the [`SHARDS`] parts holds at most its share of keys; keys
//! that come when their part is full share one bucket. They are then limited together, which is the attacker's doing and
//! lasts until the next tidying; keys that were there before keep their own.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::state::keyed::ShrinkableKeyedStateStore;

/// Parts with a lock each: requests of different callers seldom wait for one another.
const SHARDS: usize = 16;

/// Buckets by key: for each, in nanoseconds, when it is full again.
#[derive(Debug)]
pub struct Bounded<K> {
    shards: [Mutex<Shard<K>>; SHARDS],
    hasher: RandomState,
    most_per_shard: usize,
}

#[derive(Debug)]
struct Shard<K> {
    full_at: HashMap<K, u64>,
    /// The bucket of keys that found no place.
    shared_full_at: Option<u64>,
}

impl<K: Eq + Hash> Bounded<K> {
    /// Room for about `most_keys`.
    #[must_use]
    pub fn new(most_keys: usize) -> Self {
        let shard = || Mutex::new(Shard { full_at: HashMap::new(), shared_full_at: None });
        let most_per_shard = most_keys.div_ceil(SHARDS).max(1);
        Self { shards: std::array::from_fn(|_| shard()), hasher: RandomState::new(), most_per_shard }
    }

    /// Most keys that are ever held.
    #[must_use]
    pub fn most_keys(&self) -> usize {
        self.most_per_shard * SHARDS
    }

    #[expect(clippy::cast_possible_truncation, reason = "any part of the hash will do")]
    fn shard(&self, key: &K) -> MutexGuard<'_, Shard<K>> {
        lock(&self.shards[self.hasher.hash_one(key) as usize % SHARDS])
    }
}

fn lock<K>(shard: &Mutex<Shard<K>>) -> MutexGuard<'_, Shard<K>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Eq + Hash + Clone> StateStore for Bounded<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut shard = self.shard(key);
        if let Some(full_at) = shard.full_at.get_mut(key) {
            let (outcome, next) = measure(Some(Nanos::new(*full_at)))?;
            *full_at = next.as_u64();
            return Ok(outcome);
        }
        if shard.full_at.len() < self.most_per_shard {
            let (outcome, next) = measure(None)?;
            shard.full_at.insert(key.clone(), next.as_u64());
            return Ok(outcome);
        }
        metrics::counter!("rate_limit_keys_shared_total").increment(1);
        let (outcome, next) = measure(shard.shared_full_at.map(Nanos::new))?;
        shard.shared_full_at = Some(next.as_u64());
        Ok(outcome)
    }
}

impl<K: Eq + Hash + Clone> ShrinkableKeyedStateStore<K> for Bounded<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        for shard in &self.shards {
            lock(shard).full_at.retain(|_, full_at| *full_at > drop_below.as_u64());
        }
    }

    fn shrink_to_fit(&self) {
        for shard in &self.shards {
            lock(shard).full_at.shrink_to_fit();
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).full_at.len()).sum()
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

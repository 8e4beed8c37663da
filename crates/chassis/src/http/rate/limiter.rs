//! One limit: so many requests a window, for each key of its own.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter};

use super::bounded::Bounded;
use crate::clock::SharedMonotonic;
use crate::http::Problem;

/// Our clock, as governor knows clocks.
#[derive(Debug, Clone)]
struct Time(SharedMonotonic);

impl Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets each key in `quota` times at once, and refills evenly, all of it within `window`.
#[derive(Debug)]
pub struct Limiter<K: Eq + Hash + Clone> {
    policy: &'static str,
    quota: NonZeroU32,
    window: Duration,
    time: Time,
    buckets: RateLimiter<K, Bounded<K>, Time, StateInformationMiddleware>,
}

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The limit's name in the headers.
    pub policy: &'static str,
    /// Requests at most.
    pub quota: u32,
    /// Seconds in which all of it is refilled.
    pub window_seconds: u64,
    /// Requests that would be let in now.
    pub remaining: u32,
    /// Seconds until all of the quota is there again.
    pub full_in_seconds: u64,
}

/// A key that asked too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// Where it stands.
    pub reading: Reading,
    /// Who waits so long is let in, unless others with the same key come first.
    pub retry_after_seconds: u64,
}

impl<K: Eq + Hash + Clone> Limiter<K> {
    /// A limit called `policy`, which remembers at most about `most_keys` keys.
    pub fn new(
        policy: &'static str,
        quota: NonZeroU32,
        window: Duration,
        most_keys: usize,
        clock: SharedMonotonic,
    ) -> Self {
        let time = Time(clock);
        // A period of zero, from a window shorter than as many nanoseconds, is no limit; governor takes none either.
        let each = (window / quota.get()).max(Duration::from_nanos(1));
        let rate = Quota::with_period(each).unwrap_or(Quota::per_minute(quota)).allow_burst(quota);
        let buckets = RateLimiter::new(rate, Bounded::new(most_keys), time.clone());
        Self { policy, quota, window, time, buckets }
    }

    /// Counts one request of `key`.
    ///
    /// # Errors
    /// When it is one too many; it is not counted then.
    pub fn check(&self, key: &K) -> Result<Reading, Exceeded> {
        match self.buckets.check_key(key) {
            Ok(state) => Ok(self.reading(state.remaining_burst_capacity())),
            Err(until) => {
                // Read after the decision: the time until the answer is on its way is the client's to have waited.
                let wait = until.wait_time_from(self.time.now());
                Err(Exceeded { reading: self.reading(0), retry_after_seconds: rounded_up(wait).max(1) })
            }
        }
    }

    fn reading(&self, remaining: u32) -> Reading {
        let quota = self.quota.get();
        let missing = quota.saturating_sub(remaining);
        Reading {
            policy: self.policy,
            quota,
            window_seconds: rounded_up(self.window),
            remaining,
            full_in_seconds: rounded_up(self.window / quota * missing),
        }
    }

    /// Forgets keys that stand as if they had never asked, and gives their memory back.
    pub fn tidy(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }

    /// Keys that are remembered.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.buckets.len()
    }
}

impl Exceeded {
    /// The answer: 429.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let Reading { policy, quota, window_seconds, .. } = self.reading;
        let whose = if policy == "user" { "you" } else { "your network address" };
        let detail = format!(
            "more than {quota} requests in {window_seconds} s came from {whose}; wait {} s",
            self.retry_after_seconds
        );
        Problem::too_many_requests(detail, self.retry_after_seconds)
    }
}

fn rounded_up(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

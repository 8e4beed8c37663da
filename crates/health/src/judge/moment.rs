//! Now, by both clocks: times that are shown come from the wall clock, durations from the one that never jumps.

use std::time::Duration;

use chassis::clock::{Clock, Monotonic};
use chrono::{DateTime, Utc};

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// By the wall clock; may jump.
    pub at: DateTime<Utc>,
    /// By the monotonic clock, since the process began; never goes back.
    pub elapsed: Duration,
}

impl Moment {
    /// Now.
    #[must_use]
    pub fn now(clock: &dyn Clock, monotonic: &dyn Monotonic) -> Self {
        Self { at: clock.now(), elapsed: monotonic.elapsed() }
    }

    /// In microseconds, signed: what is remembered from before a restart lies before zero.
    pub(super) fn micros(self) -> i64 {
        micros(self.elapsed)
    }

    /// Where a time that is known by the wall clock alone lies on the other one: never in the future, and no longer ago
    /// than `most`.
    pub(super) fn micros_at(self, at: DateTime<Utc>, most: Duration) -> i64 {
        let ago = (self.at - at).to_std().unwrap_or_default().min(most);
        self.micros() - micros(ago)
    }
}

/// A duration in microseconds.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX / 4)
}

/// Microseconds as a duration; nothing where they are negative.
pub(super) fn duration(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

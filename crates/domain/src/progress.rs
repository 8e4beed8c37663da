//! What a run tells while it runs.
//!
//! Every event has the id `{attempt}-{seq}`. It is at once the id of the Redis stream entry, so that Redis itself
//! refuses a zombie's or a doubled event, and the `id:` of the server-sent event, so that `Last-Event-ID` resumes.
//! Events that come from outside an attempt (queued, cancelled, reaped) use [`EventId::outside`].

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{JobId, UserId, WorkspaceId};
use crate::job::{Failure, JobState};

/// `{attempt}-{seq}`, ordered by attempt, then by sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId {
    /// The fencing token: counts claims of the job, never reset.
    pub attempt: u32,
    /// Counts events of the attempt, from 1.
    pub seq: u64,
}

/// Not an event id.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no event id; it is written ATTEMPT-SEQUENCE, as in 1-42")]
pub struct BadEventId(pub String);

impl EventId {
    /// Sequences from here on are not the attempt's own.
    const OUTSIDE: u64 = 1_000_000_000;

    /// The id of an event that the platform tells of a job, not the attempt itself: after all events of that
    /// attempt, before all of the next, in the order of the database's clock.
    #[must_use]
    pub const fn outside(attempt: u32, database_unix_ms: u64) -> Self {
        Self { attempt, seq: Self::OUTSIDE + database_unix_ms }
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.attempt, self.seq)
    }
}

impl FromStr for EventId {
    type Err = BadEventId;
    fn from_str(text: &str) -> Result<Self, BadEventId> {
        let bad = || BadEventId(text.chars().take(80).collect());
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let (attempt, seq) = text.split_once('-').ok_or_else(bad)?;
        if !digits(attempt) || !digits(seq) {
            return Err(bad());
        }
        Ok(Self { attempt: attempt.parse().map_err(|_| bad())?, seq: seq.parse().map_err(|_| bad())? })
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Progress {
    /// Share done, 0 to 1; never goes back within an attempt.
    pub fraction: f64,
    /// The step in a few words, as in `refuters: placebo treatment`.
    pub step: String,
    /// Seconds until it is done, as far as can be told; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_s: Option<f64>,
}

/// Below this share done, the pace so far says nothing.
const FIRST_PACE: f64 = 0.05;

/// Seconds that are left: at first what was expected less what has passed, later what the pace so far says, and in
/// between a mixture that leans the more on the pace, the further the run is. A run that takes longer than expected is
/// judged by its pace alone.
#[must_use]
pub fn remaining_s(expected_s: Option<f64>, elapsed_s: f64, fraction: f64) -> Option<f64> {
    let fraction = fraction.clamp(0.0, 1.0);
    let pace = (fraction >= FIRST_PACE).then(|| elapsed_s * (1.0 - fraction) / fraction);
    match (expected_s.filter(|expected| *expected > 0.0), pace) {
        (Some(expected), Some(pace)) => {
            let weight = fraction.max(elapsed_s / expected).min(1.0);
            Some((1.0 - weight) * (expected - elapsed_s).max(0.0) + weight * pace)
        }
        (Some(expected), None) => Some(expected - elapsed_s).filter(|left| *left > 0.0),
        (None, pace) => pace,
    }
}

/// One thing that happened to a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum JobEvent {
    /// The job is in another state.
    State {
        /// The new state.
        state: JobState,
        /// Why, where there is a why.
        failure: Option<Failure>,
    },
    /// The run is further on.
    Progress(Progress),
}

/// An event with all that is needed to hand it to the right readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Envelope {
    /// Whose event.
    pub job: JobId,
    /// The workspace whose members may see it.
    pub workspace: WorkspaceId,
    /// Who asked for the job.
    pub owner: UserId,
    /// The attempt it belongs to.
    pub attempt: u32,
    /// Its number within the attempt.
    pub seq: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: JobEvent,
}

impl Envelope {
    /// The event's id.
    #[must_use]
    pub const fn id(&self) -> EventId {
        EventId { attempt: self.attempt, seq: self.seq }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_read_back_as_written(attempt: u32, seq: u64) {
            let id = EventId { attempt, seq };
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn no_text_panics(text: String) {
            let _ = text.parse::<EventId>();
        }
    }

    #[test]
    fn progress_without_the_seconds_left_is_read_and_written_as_before() {
        let old = r#"{"fraction":0.5,"step":"half"}"#;
        let progress: Progress = serde_json::from_str(old).unwrap();
        assert_eq!(progress.remaining_s, None);
        assert_eq!(serde_json::to_string(&progress).unwrap(), old);
    }

    #[test]
    fn the_seconds_left_go_from_the_expectation_to_the_pace() {
        let close = |found: Option<f64>, wanted: f64| {
            assert!((found.unwrap() - wanted).abs() < 1e-9, "{found:?} is not {wanted}");
        };
        // Nothing done yet: the expectation alone.
        close(remaining_s(Some(10.0), 1.0, 0.0), 9.0);
        // A machine half as fast as thought: from 9.4 of the expectation towards 18 of the pace.
        let slow: Vec<f64> = [0.1, 0.2, 0.4].map(|done| remaining_s(Some(10.0), 20.0 * done, done).unwrap()).to_vec();
        assert!(slow.windows(2).all(|pair| pair[0] > 8.0 && pair[1] > 8.0), "{slow:?}");
        close(remaining_s(Some(10.0), 12.0, 0.6), 8.0);
        // At the end nothing is left, whatever was expected.
        close(remaining_s(Some(100.0), 3.0, 1.0), 0.0);
        // Without an expectation the pace, once there is one.
        close(remaining_s(None, 2.0, 0.5), 2.0);
        assert_eq!(remaining_s(None, 2.0, 0.01), None);
        assert_eq!(remaining_s(Some(1.0), 2.0, 0.0), None);
    }

    #[test]
    fn the_platforms_events_stand_between_two_attempts() {
        let last_of_first = EventId { attempt: 1, seq: 999 };
        let reaped = EventId::outside(1, 1_800_000_000_000);
        let first_of_second = EventId { attempt: 2, seq: 1 };
        assert!(last_of_first < reaped && reaped < first_of_second);
    }

    #[test]
    fn signs_spaces_and_half_ids_are_refused() {
        for text in ["", "1", "-", "1-", "-1", "+1-2", "1-+2", " 1-2", "1-2-3", "1-2 ", "4294967296-1"] {
            assert!(text.parse::<EventId>().is_err(), "{text:?}");
        }
    }
}

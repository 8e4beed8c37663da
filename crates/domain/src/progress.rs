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

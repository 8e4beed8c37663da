//! A job's life: five states and the edges between them.
//!
//! ```text
//!            +--------- retry by hand ---------+---------------------+
//!            v                                 |                     |
//!   (new) queued --claim--> running --+--> failed (dead letter)      |
//!            |  ^             |  |    +--> succeeded                 |
//!            |  +--hand back--+  +----------------> cancelled -------+
//!            +---------- cancel ------------------> cancelled
//!            +---------- refused for good -----> failed
//! ```
//! `stuck`, `timeout`, `oom`, `crash`, `user_error` are reasons of a state, never states of their own.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::people::names;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for a worker.
    Queued,
    /// A worker holds its lease.
    Running,
    /// The result is stored.
    Succeeded,
    /// Ended without a result; the reason is with it.
    Failed,
    /// Ended because somebody asked.
    Cancelled,
}
names!("job state", "queued, running, succeeded, failed, cancelled", JobState {
    Queued => "queued", Running => "running", Succeeded => "succeeded", Failed => "failed", Cancelled => "cancelled",
});

impl JobState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// Whether the job may go from this state to `next`. There is no other edge.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use JobState::{Cancelled, Failed, Queued, Running, Succeeded};
        matches!(
            (self, next),
            (Queued, Running | Cancelled | Failed)
                | (Running, Succeeded | Failed | Cancelled | Queued)
                | (Failed | Cancelled, Queued)
        )
    }

    /// Whether nothing more happens unless a person asks.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// Why a job failed, was cancelled, or why an attempt ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The data or the parameters cannot give a result; trying again cannot help.
    UserError,
    /// The attempt took longer than its agent allows.
    Timeout,
    /// The attempt needed more memory than it may use.
    Oom,
    /// The child process died.
    Crash,
    /// Alive, but no progress within the agent's bound.
    Stuck,
    /// A part of the platform was away (object store, disk); tried again by itself.
    Unavailable,
    /// A defect of ours, with the id to find it by.
    Internal,
    /// The worker vanished: its lease ran out.
    LeaseExpired,
    /// The worker was shut down, or had no place for the job yet, and handed it back.
    HandedBack,
    /// Somebody asked.
    Cancelled,
}
names!(
    "reason",
    "user_error, timeout, oom, crash, stuck, unavailable, internal, lease_expired, handed_back, cancelled",
    Reason {
        UserError => "user_error", Timeout => "timeout", Oom => "oom", Crash => "crash", Stuck => "stuck",
        Unavailable => "unavailable", Internal => "internal", LeaseExpired => "lease_expired",
        HandedBack => "handed_back", Cancelled => "cancelled",
    }
);

/// Which kind of place a job needs: small ones are never stuck behind large ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobClass {
    /// Fits many at a time.
    Small,
    /// Needs a large share of the machine's memory.
    Large,
}
names!("job class", "small, large", JobClass { Small => "small", Large => "large" });

impl JobClass {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];
}

/// Which of a class's streams a job waits in. Lower is sooner; no priority starves another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Somebody waits at the screen for a moment's work (profiles, canaries).
    High,
    /// Analyses.
    Normal,
    /// Bulk work.
    Low,
}
names!("priority", "high, normal, low", Priority { High => "high", Normal => "normal", Low => "low" });

impl Priority {
    /// All of them, soonest first.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// 0, 1 or 2: as in the stream's name and in the database.
    #[must_use]
    pub const fn rank(self) -> i16 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }

    /// The priority of that rank.
    #[must_use]
    pub const fn from_rank(rank: i16) -> Self {
        match rank {
            ..=0 => Self::High,
            1 => Self::Normal,
            _ => Self::Low,
        }
    }
}

/// After how many crashes a job becomes a dead letter.
pub const MAX_CRASHES: i32 = 3;

/// After how many expired leases. A worker that vanishes is no crash of the job, yet a job that takes every worker
/// down with it must end somewhere.
pub const MAX_LEASE_EXPIRIES: i32 = 10;

/// Why a job or an attempt ended without a result, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
pub struct Failure {
    /// The kind.
    pub reason: Reason,
    /// What was wrong, with the value, and what to do.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_are_those_of_the_design() {
        let edges: Vec<String> = JobState::ALL
            .iter()
            .flat_map(|from| {
                JobState::ALL.iter().filter(|to| from.may_become(**to)).map(move |to| format!("{from}>{to}"))
            })
            .collect();
        assert_eq!(
            edges,
            [
                "queued>running",
                "queued>failed",
                "queued>cancelled",
                "running>queued",
                "running>succeeded",
                "running>failed",
                "running>cancelled",
                "failed>queued",
                "cancelled>queued"
            ]
        );
    }

    #[test]
    fn success_is_final() {
        assert!(JobState::ALL.iter().all(|next| !JobState::Succeeded.may_become(*next)));
    }
}

//! A deployment as the journal holds it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::NewMessage;
use crate::machine::{Kind, Machine, State};
use crate::ports::Rendered;
use crate::release::{CommitInfo, DeploymentId, Manifest};
use crate::view::{Gate, ServiceChange, Source, Summary};

/// What a deployment is ordered with.
#[derive(Debug, Clone)]
pub struct New {
    /// What it is, and where it begins.
    pub machine: Machine,
    /// Which commit.
    pub commit: CommitInfo,
    /// What was asked for.
    pub reference: String,
    /// By what.
    pub source: Source,
    /// By whom.
    pub by: Option<String>,
    /// Why, in the person's words.
    pub note: String,
    /// Whether refusals are overruled.
    pub forced: bool,
    /// A rollback: to what.
    pub target: Option<DeploymentId>,
    /// What is known of it already.
    pub work: Work,
}

impl New {
    /// A deploy of the commit, without anything else said.
    #[must_use]
    pub fn deploy(commit: CommitInfo, reference: &str, source: Source) -> Self {
        Self {
            machine: Machine::pending(Kind::Deploy),
            commit,
            reference: reference.to_owned(),
            source,
            by: None,
            note: String::new(),
            forced: false,
            target: None,
            work: Work::default(),
        }
    }
}

/// A deployment.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its number.
    pub id: DeploymentId,
    /// Where it is in its course.
    pub machine: Machine,
    /// Which commit.
    pub commit: CommitInfo,
    /// What was asked for.
    pub reference: String,
    /// By what.
    pub source: Source,
    /// By whom.
    pub by: Option<String>,
    /// Why.
    pub note: String,
    /// Whether refusals are overruled.
    pub forced: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it went live or ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// A rollback: to what.
    pub target: Option<DeploymentId>,
    /// What was live when it began.
    pub previous: Option<DeploymentId>,
    /// Until when it is watched.
    pub watch_until: Option<DateTime<Utc>>,
    /// Who wants it ended, while the engine has not heard of it.
    pub cancel: Option<String>,
    /// What its steps found and made.
    pub work: Work,
}

/// What the steps of a deployment found and made. Grows with each; what a later program adds has a default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// What is to run once it is live.
    pub manifest: Manifest,
    /// Where the commit is checked out.
    pub checkout: Option<PathBuf>,
    /// Its compose project.
    pub rendered: Option<Rendered>,
    /// What it does to each service.
    pub changes: Vec<ServiceChange>,
    /// The commits that it brings.
    pub commits: Vec<CommitInfo>,
    /// What nginx says while this is live.
    pub generation: Option<String>,
    /// When new requests began to reach it; set before the switch is tried.
    pub switched_at: Option<DateTime<Utc>>,
    /// When the old ones were told to end.
    pub drained_at: Option<DateTime<Utc>>,
    /// The restarts of each container when it was ready.
    pub restarts: BTreeMap<String, u64>,
    /// What has to be well.
    pub gate: Gate,
    /// Jobs that wait for an agent version which it does not have.
    pub stranded_jobs: Vec<String>,
    /// Whether the canary of the watch window has been asked.
    pub watch_canary: bool,
    /// Whether the watch window is over and the house was kept.
    pub settled: bool,
}

impl Record {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        self.machine.state()
    }

    /// From its beginning to its end, or to now.
    #[must_use]
    pub fn seconds(&self, now: DateTime<Utc>) -> Option<f64> {
        let started = self.started_at?;
        let ended = self.ended_at.unwrap_or(now);
        Some((ended - started).num_milliseconds().max(0) as f64 / 1000.0)
    }

    /// As callers see it.
    #[must_use]
    pub fn summary(&self, now: DateTime<Utc>) -> Summary {
        Summary {
            id: self.id,
            kind: self.machine.kind,
            state: self.state(),
            commit: self.commit.clone(),
            reference: self.reference.clone(),
            source: self.source,
            by: self.by.clone(),
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            seconds: self.seconds(now),
            step: self.machine.step(),
            target: self.target,
            previous: self.previous,
            reason: self.machine.reason(),
            forced: self.forced,
            watch_until: self.watch_until,
        }
    }

    /// The message that says where it stands. It carries the summary; who delivers it makes words of it.
    #[must_use]
    pub fn message(&self, now: DateTime<Utc>) -> Option<NewMessage> {
        let state = self.state().name();
        let payload = serde_json::json!({ "deployment": self.summary(now), "note": self.note });
        Some(NewMessage {
            // A state may be come to more than once (stuck), and is told each time; that it runs is told once.
            event_id: match self.ended_at {
                Some(ended) => format!("deployment-{}-{state}-{}", self.id, ended.timestamp_micros()),
                None => format!("deployment-{}-{state}", self.id),
            },
            kind: format!("deployment.{state}"),
            payload: serde_json::to_string(&payload).ok()?,
        })
    }
}

//! What can be asked of the deployer, and what it answers when it does not do it.

use serde::{Deserialize, Serialize};

use crate::machine::State;
use crate::release::{Commit, DeploymentId};

/// What GitHub told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// `X-GitHub-Delivery`: the same when it is delivered again.
    pub id: String,
    /// What it said. The signature was right, and the branch is the one that is released.
    pub event: DeliveryEvent,
}

/// What a delivery said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryEvent {
    /// A push to the branch.
    Push {
        /// The branch's head after it.
        commit: Commit,
        /// Whether history was rewritten.
        forced: bool,
        /// The files that changed, where GitHub told all of them.
        paths: Option<Vec<String>>,
    },
    /// A CI run on the branch, of a push, of this repository, that ended well.
    WorkflowRun {
        /// The commit that it ran on.
        commit: Commit,
    },
    /// Anything else: stored, so that it is known, and nothing more.
    Other {
        /// Its name and why nothing comes of it.
        why: String,
    },
}

/// What came of a delivery, in words for the answer and the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it was stored now; false for one that had come before.
    pub is_new: bool,
    /// `accepted`, `already considered`, `quarantined`, ...
    pub words: String,
}

/// How a deploy is ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Overrule the refusals that can be: a schema that the live release cannot read.
    pub force: bool,
    /// Why, in the person's words.
    pub note: String,
}

/// Which page of deployments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// At most this many; 1 to 100.
    pub limit: usize,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Only those that stand here.
    pub state: Option<State>,
}

/// Why an order is not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is no such deployment.
    #[error("there is no deployment #{0}")]
    NotFound(DeploymentId),
    /// The cursor is none of ours.
    #[error("`{0}` is no cursor of this list")]
    Cursor(String),
    /// The reference names no commit.
    #[error("{0}")]
    Reference(String),
    /// It cannot be now, for the reason given.
    #[error("{0}")]
    Refused(String),
    /// The database is newer than the release can read.
    #[error("{reason}")]
    SchemaTooNew {
        /// In words.
        reason: String,
        /// Jobs that no worker of the release could run.
        stranded_jobs: Vec<String>,
    },
    /// The journal or a part of the world did not do it; the cause is for the log.
    #[error("{0:#}")]
    Internal(anyhow::Error),
}

impl From<anyhow::Error> for OrderError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}

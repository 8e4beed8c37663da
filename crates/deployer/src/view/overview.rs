//! Everything at a glance: what is live, what holds the branch back, the disk, how it went.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Summary;
use crate::ports::DiskPart;
use crate::release::{CommitInfo, DeploymentId};

/// Everything at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeploymentsOverview)]
pub struct Overview {
    /// What is live.
    pub live: Option<Summary>,
    /// What is under way.
    pub running: Option<Summary>,
    /// What comes next.
    pub pending: Option<Summary>,
    /// What holds the branch's head back.
    pub pin: Option<Pin>,
    /// Whether the maintenance page is up.
    pub paused: bool,
    /// What a person has to look at.
    pub stuck: Option<Summary>,
    /// The branch's head, as last seen.
    pub head: Option<Head>,
    /// The branch that is released.
    pub branch: String,
    /// The repository, without credentials.
    pub repository: String,
    /// What begins a release by itself.
    pub trigger: Trigger,
    /// Commits that return only by an explicit deploy.
    pub quarantine: Vec<Quarantined>,
    /// Deployments that one can go back to, newest first.
    pub kept: Vec<DeploymentId>,
    /// The disk, as last measured.
    pub disk: Option<DiskView>,
    /// How deployments went.
    pub statistics: Statistics,
}

/// A release that a person went back to, and that stays until a newer commit arrives or the pin is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeploymentPin)]
pub struct Pin {
    /// The deployment that was gone back to.
    pub deployment: DeploymentId,
    /// Who did.
    pub by: String,
    /// When.
    pub since: DateTime<Utc>,
    /// Why, in words.
    pub reason: String,
}

/// The branch's head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BranchHead)]
pub struct Head {
    /// The commit.
    pub commit: String,
    /// Whether it was deployed, refused, superseded or taken back already: then it is not deployed again by itself.
    pub considered: bool,
    /// What it waits for, or why that could not be told, in words.
    #[serde(default)]
    pub waits: Option<String>,
    /// When it was looked at.
    pub at: DateTime<Utc>,
}

/// What begins a release by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReleaseTrigger)]
pub enum Trigger {
    /// A CI run that ended well.
    WorkflowRun,
    /// Every push to the branch.
    Push,
    /// Nothing: people deploy.
    Manual,
}

/// A commit that returns only by an explicit deploy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = QuarantinedCommit)]
pub struct Quarantined {
    /// The commit.
    pub commit: CommitInfo,
    /// The deployment that was taken back.
    pub deployment: DeploymentId,
    /// Why.
    pub reason: String,
}

/// The disk budget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DiskBudget)]
pub struct DiskView {
    /// All of it.
    pub total_bytes: u64,
    /// What is left.
    pub free_bytes: u64,
    /// The used share, 0 to 1.
    pub used_share: f64,
    /// What it means.
    pub level: DiskLevel,
    /// What is known to be on it.
    pub parts: Vec<DiskPart>,
}

/// What the used share of the disk means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DiskLevel {
    /// Enough is left.
    Ok,
    /// It is time to make room.
    Warn,
    /// Uploads are refused.
    UploadsRefused,
    /// Releases are refused, too.
    ReleasesRefused,
}

/// How deployments went.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeploymentStatistics)]
pub struct Statistics {
    /// How many went live, failed, were taken back or are stuck.
    pub deployments: u64,
    /// The share of them that went live and was not taken back; null without any.
    pub success_share: Option<f64>,
    /// The median time of those that went live; null without any.
    pub median_seconds: Option<f64>,
    /// The first of them.
    pub since: Option<DateTime<Utc>>,
}

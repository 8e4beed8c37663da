//! The shapes of the deployer's `/state`, as far as they are read here. What a newer deployer says beside is left alone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Everything it tells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeployerState {
    /// What is live.
    pub live: Option<Live>,
    /// What is under way.
    #[serde(default)]
    pub running: Option<Running>,
    /// What a person has to look at.
    #[serde(default)]
    pub stuck: Option<Running>,
    /// What holds the branch's head back.
    #[serde(default)]
    pub pin: Option<Pin>,
    /// Whether the maintenance page is up.
    #[serde(default)]
    pub paused: bool,
    /// The last deployments, newest first.
    #[serde(default)]
    pub releases: Vec<Release>,
}

/// The release that is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The deployment.
    pub deployment: i64,
    /// Its commit.
    pub commit: String,
    /// What each service runs.
    pub services: BTreeMap<String, LiveService>,
}

/// What a service runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveService {
    /// Its revision.
    pub revision: String,
    /// Its image's id.
    pub image_id: String,
    /// Its container, where a release started it.
    pub container: Option<String>,
    /// The id of the image that its container really runs, where the deployer has looked.
    #[serde(default)]
    pub running_image_id: Option<String>,
}

/// A deployment that is under way, or stuck.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its number.
    pub id: i64,
    /// Why it is stuck.
    #[serde(default)]
    pub reason: Option<String>,
}

/// A release that a person went back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The deployment.
    pub deployment: i64,
    /// When.
    pub since: DateTime<Utc>,
}

/// What a deployment is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseKind {
    /// A commit goes live.
    #[default]
    Deploy,
    /// A person goes back.
    Rollback,
    /// What compose had started before the deployer came.
    Adopted,
    /// Something that a newer deployer does.
    #[serde(other)]
    Other,
}

/// Where a deployment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseState {
    /// It waits for its turn.
    Pending,
    /// Under way.
    Running,
    /// Its impact is being undone.
    TakingBack,
    /// What runs.
    Live,
    /// Was live.
    Replaced,
    /// Its impact is undone.
    TakenBack,
    /// It ended before it touched anything that runs.
    Failed,
    /// It needs a person.
    Stuck,
    /// It never began: refused, cancelled, superseded.
    #[serde(other)]
    NotBegun,
}

impl ReleaseState {
    /// Whether it went live; `None` while that is open, or where it was never meant to.
    #[must_use]
    pub fn went_live(self) -> Option<bool> {
        match self {
            Self::Live | Self::Replaced => Some(true),
            Self::TakenBack | Self::Failed | Self::Stuck => Some(false),
            Self::Pending | Self::Running | Self::TakingBack | Self::NotBegun => None,
        }
    }

    /// Whether it is changing what runs.
    #[must_use]
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Running | Self::TakingBack)
    }
}

/// A deployment in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Its number.
    pub id: i64,
    /// Where it stands.
    pub state: ReleaseState,
    /// When it got there: its end, else its beginning.
    pub at: DateTime<Utc>,
    /// What it is.
    #[serde(default)]
    pub kind: ReleaseKind,
    /// Its commit.
    #[serde(default)]
    pub commit: Option<String>,
    /// When its first step began.
    #[serde(default)]
    pub started_at: Option<DateTime<Utc>>,
    /// When it went live or ended otherwise.
    #[serde(default)]
    pub ended_at: Option<DateTime<Utc>>,
    /// From its first step to its end.
    #[serde(default)]
    pub seconds: Option<f64>,
    /// The services that it replaces.
    #[serde(default)]
    pub touches: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_newer_deployer_says_is_left_alone() {
        let state: DeployerState = serde_json::from_value(serde_json::json!({
            "live": {"deployment": 7, "commit": "c", "generation": "g", "services": {
                "gateway": {"revision": "r", "image_id": "sha256:1", "container": "e2i-r7-gateway-1"}}},
            "running": null, "pending": null, "weather": "fine",
            "releases": [
                {"id": 8, "state": "dreaming", "at": "2026-01-01T00:00:00Z", "kind": "dance"},
                {"id": 7, "state": "live", "at": "2026-01-01T00:00:00Z", "kind": "deploy", "touches": ["gateway"]}],
        }))
        .unwrap();
        assert_eq!(state.releases[0].state, ReleaseState::NotBegun);
        assert_eq!(state.releases[0].kind, ReleaseKind::Other);
        assert_eq!(state.releases[1].state.went_live(), Some(true));
        assert_eq!(state.live.unwrap().services["gateway"].running_image_id, None);
    }
}

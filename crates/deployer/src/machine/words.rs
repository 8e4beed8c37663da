//! The words of the machine: kinds, states and steps, and which steps make up which course.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a deployment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentKind)]
pub enum Kind {
    /// A commit goes live.
    Deploy,
    /// A kept release goes live again.
    Rollback,
    /// What compose had started by hand before the deployer's first boot.
    Adopted,
}

/// Where a deployment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentState)]
pub enum State {
    /// It waits for its turn.
    Pending,
    /// Under way.
    Running,
    /// It went wrong; its impact is being undone.
    TakingBack,
    /// What runs.
    Live,
    /// Was live; a later one is now.
    Replaced,
    /// Its impact is undone; the one before is live again.
    TakenBack,
    /// It ended before it touched anything that runs.
    Failed,
    /// It was not begun, for a reason.
    Refused,
    /// A person ended it before it touched anything that runs.
    Cancelled,
    /// A newer one took its place before it began.
    Superseded,
    /// Neither forward nor back works by itself.
    Stuck,
}

impl State {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::Pending,
        Self::Running,
        Self::TakingBack,
        Self::Live,
        Self::Replaced,
        Self::TakenBack,
        Self::Failed,
        Self::Refused,
        Self::Cancelled,
        Self::Superseded,
        Self::Stuck,
    ];

    /// Its name in the journal and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::TakingBack => "taking_back",
            Self::Live => "live",
            Self::Replaced => "replaced",
            Self::TakenBack => "taken_back",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Superseded => "superseded",
            Self::Stuck => "stuck",
        }
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether the engine works on it, or will.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Running | Self::TakingBack)
    }
}

/// A step, forward or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentStepName)]
pub enum Step {
    /// May it be, and is there room?
    Preflight,
    /// Images by revision, pulled or built.
    Images,
    /// Database migrations, from the new image.
    Migrate,
    /// nginx's configuration, as a new version beside the current one.
    Configure,
    /// New workers beside the old, which then take no new job.
    Workers,
    /// New gateway, health and web app beside the old, ready.
    Web,
    /// New requests reach the new ones.
    Switch,
    /// Watched under real traffic.
    Soak,
    /// One real analysis through the public address.
    Canary,
    /// The old ones end softly, and are kept.
    Drain,
    /// What runs is what is claimed.
    Verify,
    /// Back: the old gateway, health and web app run and are ready.
    Restore,
    /// Back: new requests reach the old ones again.
    SwitchBack,
    /// Back: the old workers take jobs again.
    Wake,
    /// Back: the new ones end softly.
    Retire,
    /// Back: what runs is what was live before.
    VerifyBack,
}

impl Step {
    /// All.
    pub const ALL: [Self; 16] = [
        Self::Preflight,
        Self::Images,
        Self::Migrate,
        Self::Configure,
        Self::Workers,
        Self::Web,
        Self::Switch,
        Self::Soak,
        Self::Canary,
        Self::Drain,
        Self::Verify,
        Self::Restore,
        Self::SwitchBack,
        Self::Wake,
        Self::Retire,
        Self::VerifyBack,
    ];

    /// Its name in the journal and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Images => "images",
            Self::Migrate => "migrate",
            Self::Configure => "configure",
            Self::Workers => "workers",
            Self::Web => "web",
            Self::Switch => "switch",
            Self::Soak => "soak",
            Self::Canary => "canary",
            Self::Drain => "drain",
            Self::Verify => "verify",
            Self::Restore => "restore",
            Self::SwitchBack => "switch_back",
            Self::Wake => "wake",
            Self::Retire => "retire",
            Self::VerifyBack => "verify_back",
        }
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// Whether it is part of taking back.
    #[must_use]
    pub fn is_back(self) -> bool {
        matches!(self, Self::Restore | Self::SwitchBack | Self::Wake | Self::Retire | Self::VerifyBack)
    }

    /// Whether it touches something that runs. Images, migrations that the live release can read and a configuration
    /// that nobody uses yet do not.
    #[must_use]
    pub fn has_impact(self) -> bool {
        !matches!(self, Self::Preflight | Self::Images | Self::Migrate | Self::Configure)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Kind {
    /// Its name in the journal and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Rollback => "rollback",
            Self::Adopted => "adopted",
        }
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Deploy, Self::Rollback, Self::Adopted].into_iter().find(|kind| kind.name() == name)
    }

    /// Its steps, in their order. Workers roll before gateways forward, after them when going back: a job of a new agent
    /// version may wait for a worker, but never has none to come.
    #[must_use]
    pub fn forward(self) -> &'static [Step] {
        match self {
            Self::Deploy => &[
                Step::Preflight,
                Step::Images,
                Step::Migrate,
                Step::Configure,
                Step::Workers,
                Step::Web,
                Step::Switch,
                Step::Soak,
                Step::Canary,
                Step::Drain,
                Step::Verify,
            ],
            Self::Rollback => {
                &[Step::Preflight, Step::Web, Step::Switch, Step::Workers, Step::Soak, Step::Drain, Step::Verify]
            }
            Self::Adopted => &[],
        }
    }

    /// The steps that take it back. A rollback that is taken back goes forward again: workers before gateways.
    #[must_use]
    pub fn back(self) -> &'static [Step] {
        match self {
            Self::Deploy => &[Step::Restore, Step::SwitchBack, Step::Wake, Step::Retire, Step::VerifyBack],
            Self::Rollback => &[Step::Restore, Step::Wake, Step::SwitchBack, Step::Retire, Step::VerifyBack],
            Self::Adopted => &[],
        }
    }
}

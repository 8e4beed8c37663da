//! Deployments as callers see them: the shapes of the HTTP API.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::release::{CommitInfo, DeploymentId, Service};

mod overview;

pub use overview::{DiskLevel, DiskView, Head, Overview, Pin, Quarantined, Statistics, Trigger};

pub use crate::machine::{Kind, State, Step};

/// What asked for a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentSource)]
pub enum Source {
    /// A push to the branch.
    Push,
    /// A CI run on the branch that ended well.
    WorkflowRun,
    /// The deployer itself, which found a head that nobody had told it of.
    Reconcile,
    /// A person.
    Manual,
    /// Compose, by hand, before the deployer's first boot.
    Adopted,
}

/// A deployment in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeploymentSummary)]
pub struct Summary {
    /// Its number.
    pub id: DeploymentId,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Which commit.
    pub commit: CommitInfo,
    /// What was asked for: a branch, a tag, a commit.
    pub reference: String,
    /// What asked for it.
    pub source: Source,
    /// Who asked for it, where a person did.
    pub by: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its first step began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it went live or ended otherwise.
    pub ended_at: Option<DateTime<Utc>>,
    /// From its first step to its end, or until now.
    pub seconds: Option<f64>,
    /// The step that runs now.
    pub step: Option<Step>,
    /// A rollback: the deployment that it goes back to.
    pub target: Option<DeploymentId>,
    /// What was live before it.
    pub previous: Option<DeploymentId>,
    /// Why it ended as it did, in words.
    pub reason: Option<String>,
    /// Whether a person overruled what would have refused it.
    pub forced: bool,
    /// Until when a bad sign takes it back by itself.
    pub watch_until: Option<DateTime<Utc>>,
}

/// A page of deployments, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeploymentPage)]
pub struct Page {
    /// The deployments.
    pub items: Vec<Summary>,
    /// What to ask with for the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A deployment with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Deployment {
    /// In short.
    #[serde(flatten)]
    pub summary: Summary,
    /// Its steps, in their order.
    pub steps: Vec<StepView>,
    /// The commits that it brings, newest first, at most 50.
    pub commits: Vec<CommitInfo>,
    /// What it does to each service.
    pub services: Vec<ServiceChange>,
    /// What has to be well before it counts as live.
    pub gate: Gate,
    /// Where the difference can be looked at.
    pub diff_url: Option<String>,
    /// Whether one could go back to it now.
    pub can_roll_back_to: bool,
    /// Why not.
    pub rollback_refusal: Option<String>,
    /// Jobs that wait for an agent version that going back to it would take away: `causal_impact 2: 3 jobs`.
    pub stranded_jobs: Vec<String>,
}

/// A step of a deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeploymentStep)]
pub struct StepView {
    /// Which.
    pub step: Step,
    /// Where it stands.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// How long it took, or takes until now.
    pub seconds: Option<f64>,
    /// What it did, or why it did not.
    pub detail: Option<String>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DeploymentStepState)]
pub enum StepState {
    /// Not begun.
    Waiting,
    /// Begun.
    Running,
    /// Ended well.
    Done,
    /// Ended badly.
    Failed,
    /// There was nothing to do, or it was not reached.
    Skipped,
}

/// What a deployment does to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceChange {
    /// Which.
    pub service: Service,
    /// The revision that is live.
    pub from: Option<String>,
    /// The revision that it brings.
    pub to: String,
    /// What is done.
    pub action: Action,
}

/// What is done to a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ServiceAction)]
pub enum Action {
    /// Left alone.
    Unchanged,
    /// The new one is started beside the old one and takes over.
    Roll,
    /// Infrastructure: left alone; replaced by hand, as announced maintenance.
    Maintenance,
    /// The deployer replaces itself, last.
    SelfUpdate,
}

/// What has to be well before a deployment counts as live, and while it is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthGate)]
pub struct Gate {
    /// The checks.
    pub checks: Vec<Check>,
}

/// One check of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthGateCheck)]
pub struct Check {
    /// `readiness`, `revision`, `error share`, `restarts`, `canary`.
    pub name: String,
    /// How it stands.
    pub state: CheckState,
    /// What was seen.
    pub detail: Option<String>,
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthGateCheckState)]
pub enum CheckState {
    /// Well.
    Pass,
    /// Not well.
    Fail,
    /// Not known yet.
    Pending,
}

/// What a deployment would change.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeploymentPlan)]
pub struct Plan {
    /// The commit.
    pub commit: CommitInfo,
    /// The commits that it would bring, newest first, at most 50.
    pub commits: Vec<CommitInfo>,
    /// What it would do to each service.
    pub services: Vec<PlannedService>,
    /// Migrations that it would run, oldest first.
    pub migrations: Vec<String>,
    /// Whether nginx's configuration would change.
    pub configuration_changes: bool,
    /// How long it would take, by the medians of earlier steps; null without any.
    pub predicted_seconds: Option<f64>,
    /// How much disk it would take, by the median of earlier builds; null without any.
    pub predicted_disk_bytes: Option<u64>,
    /// Why it would be refused now.
    pub refusals: Vec<String>,
    /// Where the difference can be looked at.
    pub diff_url: Option<String>,
}

/// What a deployment would do to a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlannedService {
    /// What.
    #[serde(flatten)]
    pub change: ServiceChange,
    /// Where its image would come from.
    pub image: ImageOrigin,
}

/// Where an image would come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImageOrigin {
    /// It is here.
    Present,
    /// From the registry.
    Pull,
    /// From the checkout.
    Build,
}

/// A line of a deployment's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeploymentLogLine)]
pub struct LogLine {
    /// Its number, from 1 on, without gaps.
    pub seq: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// In which step.
    pub step: Option<Step>,
    /// The line.
    pub line: String,
}

/// What one who follows a deployment is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Followed {
    /// A line of its log.
    Line(LogLine),
    /// A step began or ended.
    Step(StepView),
    /// Its state changed, or what is said of it.
    State(Box<Summary>),
    /// It has ended; nothing more comes.
    End,
}

/// What runs, for scripts and tests: `/state` on the private port.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeployerState)]
pub struct StateView {
    /// What is live.
    pub live: Option<LiveView>,
    /// What is under way.
    pub running: Option<Summary>,
    /// What comes next.
    pub pending: Option<Summary>,
    /// What a person has to look at.
    pub stuck: Option<Summary>,
    /// What holds the branch's head back.
    pub pin: Option<Pin>,
    /// Whether the maintenance page is up.
    pub paused: bool,
    /// The last 50 deployments, newest first.
    pub releases: Vec<Ended>,
}

/// The release that is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveView {
    /// The deployment.
    pub deployment: DeploymentId,
    /// Its commit.
    pub commit: String,
    /// What each service runs.
    pub services: BTreeMap<String, LiveService>,
    /// The generation that nginx has to say.
    pub generation: String,
    /// nginx's configuration.
    pub configuration: Option<String>,
}

/// What a service runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LiveService {
    /// Its revision.
    pub revision: String,
    /// Its image's id.
    pub image_id: String,
    /// Its container, where a release starts it.
    pub container: Option<String>,
    /// The id of the image that this container was last seen to run; null before the first look.
    pub running_image_id: Option<String>,
}

/// A deployment in the shortest: what the health service shows beside incidents, and excuses.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Ended {
    /// Its number.
    pub id: DeploymentId,
    /// Where it stands.
    pub state: State,
    /// When it got there.
    pub at: DateTime<Utc>,
    /// What it is.
    pub kind: Kind,
    /// Its commit.
    pub commit: String,
    /// When its first step began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it went live or ended otherwise.
    pub ended_at: Option<DateTime<Utc>>,
    /// From its first step to its end.
    pub seconds: Option<f64>,
    /// The services that it replaces.
    pub touches: Vec<Service>,
}

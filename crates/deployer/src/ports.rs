//! What the deployer needs of the world, as traits: git, images, migrations, containers, the proxy, probes. The real ones
//! stand in [`crate::adapters`]; the machine and the engine know only these.
//!
//! Every call may be made twice (a deployer that was killed resumes): each is idempotent, and each says so by being safe to
//! repeat. Errors carry words for people: what was tried, what came back, what to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::release::{Commit, CommitInfo, DeploymentId, Manifest, Piece, Schema, Service};

/// Where the words of a step go, line by line, as they come: the deployment's live log.
pub trait Log: Send + Sync {
    /// One line, without its end. Secrets have been taken out by whoever calls.
    fn line(&self, line: &str);
}

/// The repository, by one persistent checkout.
#[async_trait]
pub trait Source: Send + Sync {
    /// The remote head of the branch that is released (`git ls-remote`); nothing is fetched.
    async fn head(&self) -> anyhow::Result<Commit>;
    /// The commit that a branch, tag or (shortened) id names, fetched.
    async fn resolve(&self, reference: &str) -> anyhow::Result<Commit>;
    /// Whether the commit is the branch's head or one of its ancestors. Fetches when it is not known here.
    async fn is_on_branch(&self, commit: &Commit) -> anyhow::Result<bool>;
    /// Puts the commit into the checkout (`reset --hard`, `clean`); gives the folder.
    async fn checkout(&self, commit: &Commit, log: &dyn Log) -> anyhow::Result<PathBuf>;
    /// The commits that `to` has and `from` has not, newest first, at most `limit`; `to` alone without `from`.
    async fn commits(&self, from: Option<&Commit>, to: &Commit, limit: usize) -> anyhow::Result<Vec<CommitInfo>>;
    /// Files that differ between the two.
    async fn changed_paths(&self, from: &Commit, to: &Commit) -> anyhow::Result<Vec<String>>;
    /// The revision of each service at the commit.
    async fn revisions(&self, commit: &Commit) -> anyhow::Result<BTreeMap<Service, String>>;
    /// Whether CI has passed on the commit; `None` where that cannot be told (no token for the repository's API).
    async fn has_passed(&self, _commit: &Commit) -> anyhow::Result<Option<bool>> {
        Ok(None)
    }
}

/// Images by revision: pulled by digest or built from the checkout.
#[async_trait]
pub trait Images: Send + Sync {
    /// Of these revisions, those whose image is here already.
    async fn present(&self, revisions: &BTreeMap<Service, String>) -> anyhow::Result<BTreeMap<Service, Piece>>;
    /// Pulls or builds what is not here. Waits (and says so) while a large job runs, before it builds.
    async fn provide(
        &self,
        checkout: &Path,
        revisions: &BTreeMap<Service, String>,
        log: &dyn Log,
    ) -> anyhow::Result<BTreeMap<Service, Piece>>;
}

/// Database migrations, each run from the gateway image of the release that brings them.
#[async_trait]
pub trait Migrator: Send + Sync {
    /// Which schema the image's programs bring and need.
    async fn schema(&self, gateway: &Piece) -> anyhow::Result<Schema>;
    /// The migrations that the image has and the database has not, by name, oldest first.
    async fn pending(&self, gateway: &Piece) -> anyhow::Result<Vec<String>>;
    /// Whether the image's programs could run on the database as it is now; else why not.
    async fn can_run(&self, gateway: &Piece) -> anyhow::Result<Result<(), String>>;
    /// Runs `init` and then the migrations, under the advisory lock and a `lock_timeout`.
    async fn migrate(&self, manifest: &Manifest, rendered: &Rendered, log: &dyn Log) -> anyhow::Result<()>;
    /// Jobs that wait for an agent version which the worker image does not have: `causal_impact 2: 3 jobs`.
    async fn stranded_jobs(&self, gateway: &Piece, worker: &Piece) -> anyhow::Result<Vec<String>>;
}

/// The compose project of one deployment, rendered: networks and volumes are those of the platform, only the services are
/// its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The file, on the deployer's volume.
    pub file: PathBuf,
    /// The project's name.
    pub project: String,
}

/// A container of a rolled service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its name, which is its address in Docker's networks.
    pub name: String,
    /// Of which service.
    pub service: Service,
    /// Who started it; `None`: compose, by hand.
    pub deployment: Option<DeploymentId>,
    /// The image's id.
    pub image_id: String,
    /// The revision on the image's label.
    pub revision: String,
    /// Whether it runs (else it is kept).
    pub is_running: bool,
    /// When it was started last.
    pub started_at: Option<DateTime<Utc>>,
    /// How often it was started again by the engine.
    pub restarts: u64,
}

/// Signals that services know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// SIGUSR1. A gateway tells its streams to reconnect elsewhere; a worker takes no new job.
    Rest,
    /// SIGUSR2. A worker takes jobs again.
    Wake,
    /// SIGTERM (for nginx's kind SIGQUIT): end softly, whenever that is; not waited for. Who has been told so already is not
    /// told again: a second SIGTERM drops what runs.
    Terminate,
}

/// Containers.
#[async_trait]
pub trait Runtime: Send + Sync {
    /// Renders the compose files of the checkout for this deployment, and checks them.
    async fn render(
        &self,
        checkout: &Path,
        deployment: DeploymentId,
        pieces: &BTreeMap<Service, Piece>,
    ) -> anyhow::Result<Rendered>;
    /// Starts a service of the rendered project beside whatever runs; gives its container's name.
    async fn start(&self, rendered: &Rendered, service: Service, log: &dyn Log) -> anyhow::Result<String>;
    /// Starts a kept container again; an error when it is gone.
    async fn start_again(&self, container: &str) -> anyhow::Result<()>;
    /// A worker of the rendered project runs, but was told to end: starts another one beside it, or, as here, ends it
    /// (it hands its jobs back) and starts it again. Gives the name of the one that takes jobs.
    async fn start_beside(&self, _rendered: Option<&Rendered>, ending: &str, _log: &dyn Log) -> anyhow::Result<String> {
        self.stop(ending, Duration::from_secs(30)).await?;
        self.start_again(ending).await?;
        Ok(ending.to_owned())
    }
    /// Every container of a rolled service, running or kept.
    async fn containers(&self) -> anyhow::Result<Vec<Running>>;
    /// The revision of each infrastructure service that runs, where it tells one.
    async fn infrastructure(&self) -> anyhow::Result<BTreeMap<Service, String>>;
    /// Sends a signal; nothing happens where the container does not run.
    async fn signal(&self, container: &str, signal: Signal) -> anyhow::Result<()>;
    /// Ends the container softly, after `grace` hard, and keeps it.
    async fn stop(&self, container: &str, grace: Duration) -> anyhow::Result<()>;
    /// Removes a container that does not run.
    async fn remove(&self, container: &str) -> anyhow::Result<()>;
    /// The container's last words.
    async fn logs(&self, container: &str, lines: usize) -> anyhow::Result<String>;
}

/// Which containers new requests reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// What `/-/generation` has to say once this is live.
    pub generation: String,
    /// The version under `conf/`.
    pub configuration: String,
    /// The container of each service that nginx asks (gateway, frontend).
    pub to: BTreeMap<Service, String>,
    /// Containers that are asked when those do not answer at all: the old ones, until they are drained.
    pub backup: BTreeMap<Service, String>,
}

/// Errors seen by nginx.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Requests answered by the services of the route.
    pub requests: u64,
    /// Of these, with a status of 500 or more.
    pub errors: u64,
}

/// nginx.
#[async_trait]
pub trait Proxy: Send + Sync {
    /// Writes the configuration that the release's nginx image brings beside the current one and tests it; gives its version.
    async fn publish(&self, rendered: &Rendered, nginx: &Piece, log: &dyn Log) -> anyhow::Result<String>;
    /// Writes the route, tests, reloads, and waits until new connections meet it. On an error the route before stays.
    async fn switch(&self, route: &Route) -> anyhow::Result<()>;
    /// The generation and configuration that new connections meet now.
    async fn current(&self) -> anyhow::Result<(String, String)>;
    /// Waits until no nginx worker of an older configuration is left; false when `within` has passed before.
    async fn old_workers_gone(&self, within: Duration) -> anyhow::Result<bool>;
    /// What nginx answered since then for the containers named.
    async fn traffic(&self, since: DateTime<Utc>, containers: &[String]) -> anyhow::Result<Traffic>;
    /// Puts the maintenance page up, or takes it away.
    async fn maintenance(&self, on: bool) -> anyhow::Result<()>;
}

/// Asks whether something is well.
#[async_trait]
pub trait Prober: Send + Sync {
    /// Whether the container answers that it is ready, with this revision; else why not. One question, at most 2 s.
    async fn ready(&self, service: Service, container: &str, revision: &str) -> anyhow::Result<Result<(), Unready>>;
    /// Runs the canary analysis through the public address; else what was wrong with it.
    async fn canary(&self, log: &dyn Log) -> anyhow::Result<Result<(), String>>;
}

/// Why a container is not ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Unready {
    /// In words.
    pub why: String,
    /// Whether waiting is no use: it answers, and is not what was asked for.
    pub is_final: bool,
}

impl From<String> for Unready {
    fn from(why: String) -> Self {
        Self { why, is_final: false }
    }
}

/// One part of the disk budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DiskPart {
    /// `build cache`, `images`, `checkout`, `logs`, `database`, `datasets`, `mlflow`, ...
    pub name: String,
    /// What it takes, in bytes.
    pub size_bytes: u64,
}

/// The disk that everything shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// All of it.
    pub total_bytes: u64,
    /// What is left for others than root.
    pub free_bytes: u64,
    /// What we know it holds.
    pub parts: Vec<DiskPart>,
}

impl Disk {
    /// The used share, 0 to 1.
    #[must_use]
    pub fn used_share(&self) -> f64 {
        if self.total_bytes == 0 {
            return 0.0;
        }
        1.0 - self.free_bytes as f64 / self.total_bytes as f64
    }
}

/// Disk and memory.
#[async_trait]
pub trait Housekeeping: Send + Sync {
    /// The disk of Docker's data root.
    async fn disk(&self) -> anyhow::Result<Disk>;
    /// Bytes of memory that could be had now.
    async fn free_memory(&self) -> anyhow::Result<u64>;
    /// Removes what carries our labels and is in none of `keep`: containers, images, build cache over its bound.
    async fn reclaim(&self, keep: &[Manifest], log: &dyn Log) -> anyhow::Result<()>;
}

/// Replaces this very program.
#[async_trait]
pub trait SelfUpdate: Send + Sync {
    /// Starts the helper container that replaces this deployer by the image; this process will be ended by it.
    async fn begin(&self, rendered: &Rendered, piece: &Piece) -> anyhow::Result<()>;
}

/// All of them.
#[derive(Clone)]
pub struct Ports {
    /// Git.
    pub source: Arc<dyn Source>,
    /// Images.
    pub images: Arc<dyn Images>,
    /// Migrations.
    pub migrator: Arc<dyn Migrator>,
    /// Containers.
    pub runtime: Arc<dyn Runtime>,
    /// nginx.
    pub proxy: Arc<dyn Proxy>,
    /// Probes.
    pub prober: Arc<dyn Prober>,
    /// Disk and memory.
    pub housekeeping: Arc<dyn Housekeeping>,
    /// This program's own replacement.
    pub self_update: Arc<dyn SelfUpdate>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ports")
    }
}

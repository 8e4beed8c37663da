//! The deployer, as the rest of the program holds it: orders in, views out.

use std::sync::Arc;

use chassis::clock::SharedClock;
use futures::Stream;
use tokio_util::sync::CancellationToken;

use crate::order::{Delivery, Options, OrderError, Outcome, Paging};
use crate::ports::Ports;
use crate::release::DeploymentId;
use crate::settings::Settings;
use crate::view::{Deployment, Followed, LogLine, Overview, Page, Plan, Quarantined, StateView, Summary};

/// The deployer; cheap to clone.
#[derive(Debug, Clone)]
pub struct Deployer {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    _settings: Settings,
    _ports: Ports,
    _clock: SharedClock,
}

type Result<T> = std::result::Result<T, OrderError>;

fn not_yet<T>() -> Result<T> {
    Err(OrderError::Refused("not yet".to_owned()))
}

#[expect(clippy::unused_async, reason = "first cut: the seams only")]
impl Deployer {
    /// Opens the journal (and takes the lock, where it deploys: an error says who holds it).
    ///
    /// # Errors
    /// The state folder cannot be used, or another deployer has it.
    pub fn open(settings: Settings, ports: Ports, clock: SharedClock) -> anyhow::Result<Self> {
        Ok(Self { inner: Arc::new(Inner { _settings: settings, _ports: ports, _clock: clock }) })
    }

    /// Works until told to stop: resumes, takes what waits, watches, reconciles. One at a time holds the lock.
    ///
    /// # Errors
    /// The journal cannot be written, or another deployer has taken over.
    pub async fn run(&self, stop: CancellationToken) -> anyhow::Result<()> {
        let _ = &self.inner;
        stop.cancelled().await;
        Ok(())
    }

    /// Stores what GitHub told, once; whatever runs, this takes no longer than a write.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn deliver(&self, _delivery: Delivery) -> Result<Outcome> {
        not_yet()
    }

    /// Orders a deploy of a branch, tag or commit.
    ///
    /// # Errors
    /// The reference names nothing, or nothing is deployed here.
    pub async fn deploy(&self, _reference: &str, _by: &str, _options: Options) -> Result<Summary> {
        not_yet()
    }

    /// Ends what waits or runs: before it has touched anything that runs at once, after that by taking it back.
    ///
    /// # Errors
    /// There is no such deployment, or it has ended.
    pub async fn cancel(&self, _id: DeploymentId, _by: &str) -> Result<Summary> {
        not_yet()
    }

    /// Goes back to a kept release.
    ///
    /// # Errors
    /// It is not kept, or cannot read the database ([`OrderError::SchemaTooNew`], unless forced).
    pub async fn rollback(&self, _to: DeploymentId, _by: &str, _force: bool) -> Result<Summary> {
        not_yet()
    }

    /// Lifts the pin, looks at the branch again, and tries again what is stuck.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn resume(&self, _by: &str) -> Result<()> {
        not_yet()
    }

    /// Puts the maintenance page up, or takes it away. While it is up nothing is deployed by itself.
    ///
    /// # Errors
    /// nginx did not do it.
    pub async fn pause(&self, _on: bool, _by: &str) -> Result<()> {
        not_yet()
    }

    /// Everything at a glance.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn overview(&self) -> Result<Overview> {
        not_yet()
    }

    /// Deployments, newest first.
    ///
    /// # Errors
    /// The cursor is none, or the journal cannot be read.
    pub async fn list(&self, _paging: Paging) -> Result<Page> {
        not_yet()
    }

    /// One deployment.
    ///
    /// # Errors
    /// There is none.
    pub async fn get(&self, _id: DeploymentId) -> Result<Deployment> {
        not_yet()
    }

    /// What a deploy of the reference would change.
    ///
    /// # Errors
    /// It names nothing, or git cannot be asked.
    pub async fn plan(&self, _reference: &str) -> Result<Plan> {
        not_yet()
    }

    /// Lines of the deployment's log after `after` (0: from the first), at most `limit`.
    ///
    /// # Errors
    /// There is no such deployment, or its log cannot be read.
    pub async fn log(&self, _id: DeploymentId, _after: u64, _limit: usize) -> Result<Vec<LogLine>> {
        not_yet()
    }

    /// Follows a deployment from the line after `after` on, until it has ended.
    ///
    /// # Errors
    /// There is no such deployment.
    pub async fn follow(&self, _id: DeploymentId, _after: u64) -> Result<impl Stream<Item = Followed> + Send + use<>> {
        not_yet::<futures::stream::Empty<Followed>>()
    }

    /// Commits that return only by an explicit deploy.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn quarantine(&self) -> Result<Vec<Quarantined>> {
        not_yet()
    }

    /// What runs, for scripts and tests.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn state(&self) -> Result<StateView> {
        not_yet()
    }
}

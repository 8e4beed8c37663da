//! A deployer over the world on paper.

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use deployer::handle::Deployer;
use deployer::journal::Record;
use deployer::machine::State;
use deployer::order::{Delivery, DeliveryEvent, Options};
use deployer::release::{Commit, DeploymentId};
use deployer::settings::Settings;
use deployer::view::Trigger;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::paper::World;

pub(crate) struct Rig {
    pub(crate) world: World,
    pub(crate) settings: Settings,
    _folder: TempDir,
    running: Option<(Deployer, JoinHandle<()>)>,
    deliveries: usize,
}

pub(crate) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).unwrap()
}

impl Rig {
    /// A deployer that has adopted what ran.
    pub(crate) async fn new() -> Self {
        let mut rig = Self::asleep();
        rig.boot();
        rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
        rig
    }

    pub(crate) fn asleep() -> Self {
        // In memory where that can be had: the same journal, and a thousand deployers do not wait for a disk.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let settings = Settings { trigger: Trigger::Push, ..Settings::new(folder.path().to_path_buf()) };
        Self { world: World::new(start()), settings, _folder: folder, running: None, deliveries: 0 }
    }

    pub(crate) fn boot(&mut self) {
        let deployer = self.open();
        let task = {
            let deployer = deployer.clone();
            tokio::spawn(async move {
                if let Err(cause) = deployer.run(CancellationToken::new()).await {
                    panic!("the deployer ended: {cause:#}");
                }
            })
        };
        self.running = Some((deployer, task));
    }

    fn open(&self) -> Deployer {
        let clock = self.world.time.clock.clone();
        Deployer::open_paced(self.settings.clone(), self.world.ports(), clock, self.world.time.clone()).unwrap()
    }

    /// `kill -9`.
    pub(crate) async fn kill(&mut self) {
        let (deployer, task) = self.running.take().unwrap();
        drop(deployer);
        task.abort();
        let _ = task.await;
    }

    pub(crate) async fn restart(&mut self) {
        self.kill().await;
        self.boot();
    }

    pub(crate) fn deployer(&self) -> &Deployer {
        &self.running.as_ref().unwrap().0
    }

    pub(crate) fn record(&self, id: i64) -> Option<Record> {
        self.deployer().journal().deployment(DeploymentId(id)).unwrap()
    }

    pub(crate) fn state_of(&self, id: i64) -> Option<State> {
        Some(self.record(id)?.state())
    }

    pub(crate) fn reason_of(&self, id: i64) -> String {
        self.record(id).unwrap().machine.reason().unwrap_or_default()
    }

    pub(crate) async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let is_over = || {
            assert!(!self.running.as_ref().unwrap().1.is_finished(), "{what}: the deployer ended");
            holds(self)
        };
        self.world.time.until(what, TimeDelta::hours(3), is_over).await;
    }

    /// Waits until the deployment has ended, one way or another.
    pub(crate) async fn until_ended(&self, id: i64) -> State {
        self.until(&format!("#{id} has ended"), |rig| rig.state_of(id).is_some_and(|state| !state.is_open())).await;
        self.state_of(id).unwrap()
    }

    pub(crate) async fn push(&mut self, commit: &Commit) -> String {
        self.deliver(DeliveryEvent::Push { commit: commit.clone(), forced: false, paths: None }).await
    }

    /// Delivers; gives the delivery's id.
    pub(crate) async fn deliver(&mut self, event: DeliveryEvent) -> String {
        self.deliveries += 1;
        let id = format!("delivery-{}", self.deliveries);
        self.deployer().deliver(Delivery { id: id.clone(), event }).await.unwrap();
        id
    }

    pub(crate) async fn deploy(&self, reference: &str) -> i64 {
        self.deployer().deploy(reference, "ann@example.org", Options::default()).await.unwrap().id.0
    }

    pub(crate) async fn pass(&self, time: TimeDelta) {
        self.world.time.pass(time).await;
    }

    /// What must hold whatever happened: no breach, what is claimed is what runs and takes jobs and requests.
    pub(crate) fn assert_sound(&self, live: i64) {
        let breaches = self.world.state().breaches.clone();
        assert!(breaches.is_empty(), "{breaches:#?}\n{:#?}", self.world.state().calls);
        let record = self.deployer().journal().live().unwrap().expect("something is live");
        assert_eq!(record.id.0, live, "what is live");
        let manifest = &record.work.manifest;
        let state = self.world.state();
        for (service, name) in &manifest.containers {
            let one = state.containers.get(name).unwrap_or_else(|| panic!("{name} is gone"));
            assert!(one.is_running, "{name} does not run");
            assert_eq!(one.image_id, manifest.pieces[service].image_id, "{name}");
        }
        let route = state.route.clone().unwrap();
        assert_eq!(Some(&route.generation), record.work.generation.as_ref(), "the generation");
        assert_eq!(Some(&route.configuration), manifest.configuration.as_ref(), "the configuration");
        for (service, name) in &route.to {
            assert_eq!(manifest.containers.get(service), Some(name), "the route");
        }
        assert!(route.backup.is_empty(), "nothing is left as backup");
        drop(state);
        assert_eq!(self.world.working(), [manifest.containers[&deployer::release::Service::Worker].clone()]);
    }
}

//! A deployer over the world on paper.

use std::sync::Arc;

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

pub struct Rig {
    pub world: World,
    pub settings: Settings,
    folder: TempDir,
    running: Option<(Deployer, JoinHandle<()>)>,
    deliveries: usize,
}

pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 9, 0, 0).unwrap()
}

impl Rig {
    /// A deployer that has adopted what ran.
    pub async fn new() -> Self {
        let mut rig = Self::asleep();
        rig.boot();
        rig.until("adopted", |rig| rig.state_of(1) == Some(State::Live)).await;
        rig
    }

    pub fn asleep() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { trigger: Trigger::Push, ..Settings::new(folder.path().to_path_buf()) };
        Self { world: World::new(start()), settings, folder, running: None, deliveries: 0 }
    }

    pub fn boot(&mut self) {
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

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// `kill -9`.
    pub async fn kill(&mut self) {
        let (deployer, task) = self.running.take().unwrap();
        drop(deployer);
        task.abort();
        let _ = task.await;
    }

    pub async fn restart(&mut self) {
        self.kill().await;
        self.boot();
    }

    pub fn deployer(&self) -> &Deployer {
        &self.running.as_ref().unwrap().0
    }

    pub fn record(&self, id: i64) -> Option<Record> {
        self.deployer().journal().deployment(DeploymentId(id)).unwrap()
    }

    pub fn state_of(&self, id: i64) -> Option<State> {
        Some(self.record(id)?.state())
    }

    pub fn reason_of(&self, id: i64) -> String {
        self.record(id).unwrap().machine.reason().unwrap_or_default()
    }

    pub async fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let is_over = || {
            assert!(!self.running.as_ref().unwrap().1.is_finished(), "{what}: the deployer ended");
            holds(self)
        };
        self.world.time.until(what, TimeDelta::hours(3), is_over).await;
    }

    /// Waits until the deployment has ended, one way or another.
    pub async fn until_ended(&self, id: i64) -> State {
        self.until(&format!("#{id} has ended"), |rig| rig.state_of(id).is_some_and(|state| !state.is_open())).await;
        self.state_of(id).unwrap()
    }

    pub async fn push(&mut self, commit: &Commit) -> String {
        self.deliver(DeliveryEvent::Push { commit: commit.clone(), forced: false, paths: None }).await
    }

    /// Delivers; gives the delivery's id.
    pub async fn deliver(&mut self, event: DeliveryEvent) -> String {
        self.deliveries += 1;
        let id = format!("delivery-{}", self.deliveries);
        self.deployer().deliver(Delivery { id: id.clone(), event }).await.unwrap();
        id
    }

    pub async fn deploy(&self, reference: &str) -> i64 {
        self.deployer().deploy(reference, "ann@example.org", Options::default()).await.unwrap().id.0
    }

    pub async fn pass(&self, time: TimeDelta) {
        self.world.time.pass(time).await;
    }

    /// What must hold whatever happened: no breach, what is claimed is what runs and takes jobs and requests.
    pub fn assert_sound(&self, live: i64) {
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

    pub fn clone_world(&self) -> Arc<World> {
        Arc::new(self.world.clone())
    }
}

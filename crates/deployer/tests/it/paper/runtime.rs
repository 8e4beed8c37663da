//! Containers, the route and probes on paper.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use deployer::ports::{Log, Prober, Proxy, Rendered, Route, Running, Runtime, Signal, Traffic, Unready};
use deployer::release::{Commit, DeploymentId, Piece, Service};

use super::git::image_id;
use super::{Fault, State, World};

impl World {
    /// What `docker compose up` by hand leaves behind.
    pub(crate) fn compose_up(&self, commit: &Commit) {
        let now = self.now();
        let mut state = self.state();
        for service in Service::ALL {
            state.images.insert((service, commit.to_string()));
        }
        state.infrastructure = Service::INFRASTRUCTURE.map(|service| (service, commit.to_string())).into();
        for service in Service::ROLLED {
            let name = format!("e2i-{service}-1");
            let one = container(&name, service, None, commit.as_str(), now);
            state.containers.insert(name, one);
        }
        let to = [Service::Gateway, Service::Health, Service::Frontend]
            .map(|service| (service, format!("e2i-{service}-1")))
            .into();
        let configuration = configuration_of(commit.as_str());
        state.published.insert(configuration.clone());
        state.route = Some(Route { generation: "start".to_owned(), configuration, to, backup: BTreeMap::new() });
    }

    /// What ran before there was `health`.
    pub(crate) fn before_health(&self) {
        let mut state = self.state();
        state.commits.values_mut().for_each(|commit| drop(commit.revisions.remove(&Service::Health)));
        state.images.retain(|(service, _)| *service != Service::Health);
        state.containers.retain(|_, one| one.service != Service::Health);
        state.route.iter_mut().for_each(|route| drop(route.to.remove(&Service::Health)));
    }

    /// Somebody's `docker compose up` of one service.
    pub(crate) fn starts_by_hand(&self, service: Service) {
        let (name, now) = (format!("e2i-{service}-1"), self.now());
        self.state().containers.insert(name.clone(), container(&name, service, None, "by hand", now));
    }

    /// Everything stops, as in a reboot; what was running before runs again, but for what does not come back.
    pub(crate) fn reboot(&self, comes_back: bool) {
        let now = self.now();
        for one in self.state().containers.values_mut().filter(|one| one.is_running) {
            one.is_running = comes_back;
            one.started_at = Some(now);
        }
    }

    /// The revision that requests reach.
    pub(crate) fn serves(&self) -> Option<String> {
        let state = self.state();
        let name = state.route.as_ref()?.to.get(&Service::Gateway)?;
        state.containers.get(name).filter(|one| one.is_running).map(|one| one.revision.clone())
    }

    /// The workers that take jobs.
    pub(crate) fn working(&self) -> Vec<String> {
        let state = self.state();
        let takes = |one: &&Running| {
            one.service == Service::Worker
                && one.is_running
                && !state.resting.contains(&one.name)
                && !state.ending.contains(&one.name)
        };
        state.containers.values().filter(takes).map(|one| one.name.clone()).collect()
    }
}

fn configuration_of(revision: &str) -> String {
    format!("conf-{}", &revision[..12])
}

fn container(name: &str, service: Service, by: Option<DeploymentId>, revision: &str, now: DateTime<Utc>) -> Running {
    Running {
        name: name.to_owned(),
        service,
        deployment: by,
        image_id: image_id(service, revision),
        revision: revision.to_owned(),
        is_running: true,
        started_at: Some(now),
        restarts: 0,
    }
}

fn is_routed(state: &State, name: &str) -> bool {
    state
        .route
        .as_ref()
        .is_some_and(|route| route.to.values().any(|one| one == name) || route.backup.values().any(|one| one == name))
}

#[async_trait]
impl Runtime for World {
    async fn render(
        &self,
        _checkout: &Path,
        deployment: DeploymentId,
        pieces: &BTreeMap<Service, Piece>,
    ) -> anyhow::Result<Rendered> {
        // The project remembers its revisions in its file's name.
        let revision = |service| pieces.get(service).map_or_else(|| "none".to_owned(), |piece| piece.revision.clone());
        let revisions: Vec<String> = Service::ROLLED.iter().map(revision).collect();
        self.act(format!("runtime.render {deployment}"), |_| {
            Ok(Rendered { file: PathBuf::from(revisions.join("/")), project: format!("e2i-r{deployment}") })
        })
        .await
    }

    async fn start(&self, rendered: &Rendered, service: Service, log: &dyn Log) -> anyhow::Result<String> {
        let name = format!("{}-{service}-1", rendered.project);
        let revisions: Vec<String> = rendered.file.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let place = Service::ROLLED.iter().position(|other| *other == service).unwrap();
        let deployment = DeploymentId(rendered.project.trim_start_matches("e2i-r").parse()?);
        let now = self.now();
        log.line(&format!("Container {name} Started"));
        self.act(format!("runtime.start {service}"), |state| {
            if state.containers.get(&name).is_some_and(|one| one.is_running) {
                return Ok(name.clone());
            }
            let revision = &revisions[place];
            anyhow::ensure!(state.images.contains(&(service, revision.clone())), "no image of {service} {revision}");
            let mut one = container(&name, service, Some(deployment), revision, now);
            one.is_running = state.faults.get(revision) != Some(&Fault::Dies);
            state.containers.insert(name.clone(), one);
            state.resting.remove(&name);
            state.ending.remove(&name);
            Ok(name.clone())
        })
        .await
    }

    async fn start_again(&self, container: &str) -> anyhow::Result<()> {
        let now = self.now();
        self.act(format!("runtime.start_again {container}"), |state| {
            let one = state.containers.get_mut(container).ok_or_else(|| anyhow::anyhow!("{container} is gone"))?;
            one.is_running = true;
            one.started_at = Some(now);
            state.resting.remove(container);
            state.ending.remove(container);
            Ok(())
        })
        .await
    }

    async fn containers(&self) -> anyhow::Result<Vec<Running>> {
        self.act("runtime.containers".to_owned(), |state| {
            anyhow::ensure!(!state.is_engine_away, "the engine does not answer");
            Ok(state.containers.values().cloned().collect())
        })
        .await
    }

    async fn infrastructure(&self) -> anyhow::Result<BTreeMap<Service, String>> {
        self.act("runtime.infrastructure".to_owned(), |state| Ok(state.infrastructure.clone())).await
    }

    async fn signal(&self, container: &str, signal: Signal) -> anyhow::Result<()> {
        self.act(format!("runtime.signal {container} {signal:?}"), |state| {
            match signal {
                Signal::Rest => state.resting.insert(container.to_owned()),
                Signal::Wake => state.resting.remove(container),
                Signal::Terminate => {
                    if is_routed(state, container) {
                        state.breach(format!("{container} was told to end while requests reach it"));
                    }
                    state.ending.insert(container.to_owned())
                }
            };
            Ok(())
        })
        .await
    }

    async fn stop(&self, container: &str, _grace: Duration) -> anyhow::Result<()> {
        self.act(format!("runtime.stop {container}"), |state| {
            if is_routed(state, container) {
                state.breach(format!("{container} was stopped while requests reach it"));
            }
            if let Some(one) = state.containers.get_mut(container) {
                one.is_running = false;
            }
            Ok(())
        })
        .await
    }

    async fn remove(&self, container: &str) -> anyhow::Result<()> {
        self.act(format!("runtime.remove {container}"), |state| {
            state.containers.remove(container);
            Ok(())
        })
        .await
    }

    async fn logs(&self, container: &str, _lines: usize) -> anyhow::Result<String> {
        Ok(format!("{container} says its last words"))
    }
}

#[async_trait]
impl Proxy for World {
    async fn publish(&self, _rendered: &Rendered, nginx: &Piece, _log: &dyn Log) -> anyhow::Result<String> {
        let version = configuration_of(&nginx.revision);
        self.act(format!("proxy.publish {version}"), |state| {
            if state.faults.get(&nginx.revision) == Some(&Fault::InvalidConfiguration) {
                anyhow::bail!("nginx: [emerg] unknown directive \"porxy_pass\"");
            }
            state.published.insert(version.clone());
            Ok(version.clone())
        })
        .await
    }

    async fn switch(&self, route: &Route) -> anyhow::Result<()> {
        let now = self.now();
        self.act(format!("proxy.switch {}", route.generation), |state| {
            anyhow::ensure!(state.published.contains(&route.configuration), "{} is not published", route.configuration);
            for name in route.to.values() {
                if !state.containers.get(name).is_some_and(|one| one.is_running) {
                    state.breach(format!("the route leads to {name}, which does not run"));
                }
            }
            for (service, name) in &route.to {
                let old = state.route.as_ref().and_then(|before| before.to.get(service));
                if old.is_some_and(|old| old != name) {
                    state.switched_at = now;
                }
            }
            state.route = Some(route.clone());
            Ok(())
        })
        .await
    }

    async fn current(&self) -> anyhow::Result<(String, String)> {
        self.act("proxy.current".to_owned(), |state| {
            let route = state.route.as_ref().ok_or_else(|| anyhow::anyhow!("nginx does not answer"))?;
            Ok((route.generation.clone(), route.configuration.clone()))
        })
        .await
    }

    async fn old_workers_gone(&self, _within: Duration) -> anyhow::Result<bool> {
        self.act("proxy.old_workers_gone".to_owned(), |_| Ok(true)).await
    }

    async fn traffic(&self, since: DateTime<Utc>, _containers: &[String]) -> anyhow::Result<Traffic> {
        let now = self.now();
        self.act("proxy.traffic".to_owned(), |state| {
            let requests = u64::try_from((now - since).num_seconds().max(0) * 200).unwrap_or(0);
            let bad_from = match Self::routed_fault(state) {
                Some(Fault::Answers500) => 0,
                Some(Fault::Answers500After(seconds)) => seconds,
                _ => i64::MAX,
            };
            let is_bad = (now - state.switched_at).num_seconds() >= bad_from;
            Ok(Traffic { requests, errors: if is_bad { requests / 2 } else { 0 } })
        })
        .await
    }

    async fn maintenance(&self, on: bool) -> anyhow::Result<()> {
        self.act(format!("proxy.maintenance {on}"), |state| {
            state.is_maintenance = on;
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Prober for World {
    async fn ready(&self, _service: Service, container: &str, revision: &str) -> anyhow::Result<Result<(), Unready>> {
        self.act("prober.ready".to_owned(), |state| {
            let Some(one) = state.containers.get(container).filter(|one| one.is_running) else {
                return Ok(Err("connection refused".to_owned().into()));
            };
            let other =
                |said: &str| Unready { why: format!("answers revision {said}, expected {revision}"), is_final: true };
            Ok(match state.faults.get(&one.revision) {
                Some(Fault::NeverReady) => Err("503: the database does not answer".to_owned().into()),
                Some(Fault::WrongRevision) => Err(other("0ld")),
                _ if one.revision != revision => Err(other(&one.revision)),
                _ => Ok(()),
            })
        })
        .await
    }

    async fn canary(&self, log: &dyn Log) -> anyhow::Result<Result<(), String>> {
        log.line("canary: effect 2.000, expected 2.000 +- 0.001");
        self.act("prober.canary".to_owned(), |state| {
            Ok(match Self::routed_fault(state) {
                Some(Fault::WrongCanary) => Err("the canary's effect is 1.731, expected 2.000 +- 0.001".to_owned()),
                _ => Ok(()),
            })
        })
        .await
    }
}

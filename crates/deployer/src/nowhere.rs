//! The ports of a deployer without an engine (`DEPLOYER_RUNTIME=none`): each answers with the words that say why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::ports::{
    Disk, Housekeeping, Images, Log, Migrator, Ports, Prober, Proxy, Rendered, Route, Running, Runtime, SelfUpdate,
    Signal, Source, Traffic, Unready,
};
use crate::release::{Commit, CommitInfo, DeploymentId, Manifest, Piece, Schema, Service};

#[derive(Debug)]
struct Nowhere;

/// Ports that lead nowhere.
#[must_use]
pub fn ports() -> Ports {
    let nowhere = Arc::new(Nowhere);
    Ports {
        source: nowhere.clone(),
        images: nowhere.clone(),
        migrator: nowhere.clone(),
        runtime: nowhere.clone(),
        proxy: nowhere.clone(),
        prober: nowhere.clone(),
        housekeeping: nowhere.clone(),
        self_update: nowhere,
    }
}

fn no<T>() -> anyhow::Result<T> {
    anyhow::bail!("there is no Docker engine here (DEPLOYER_RUNTIME=none)")
}

#[async_trait]
impl Source for Nowhere {
    async fn head(&self) -> anyhow::Result<Commit> {
        no()
    }

    async fn resolve(&self, _reference: &str) -> anyhow::Result<Commit> {
        no()
    }

    async fn is_on_branch(&self, _commit: &Commit) -> anyhow::Result<bool> {
        no()
    }

    async fn checkout(&self, _commit: &Commit, _log: &dyn Log) -> anyhow::Result<PathBuf> {
        no()
    }

    async fn commits(&self, _from: Option<&Commit>, _to: &Commit, _limit: usize) -> anyhow::Result<Vec<CommitInfo>> {
        no()
    }

    async fn changed_paths(&self, _from: &Commit, _to: &Commit) -> anyhow::Result<Vec<String>> {
        no()
    }

    async fn revisions(&self, _commit: &Commit) -> anyhow::Result<BTreeMap<Service, String>> {
        no()
    }
}

#[async_trait]
impl Images for Nowhere {
    async fn present(&self, _revisions: &BTreeMap<Service, String>) -> anyhow::Result<BTreeMap<Service, Piece>> {
        no()
    }

    async fn provide(
        &self,
        _checkout: &Path,
        _revisions: &BTreeMap<Service, String>,
        _log: &dyn Log,
    ) -> anyhow::Result<BTreeMap<Service, Piece>> {
        no()
    }
}

#[async_trait]
impl Migrator for Nowhere {
    async fn schema(&self, _gateway: &Piece) -> anyhow::Result<Schema> {
        no()
    }

    async fn pending(&self, _gateway: &Piece) -> anyhow::Result<Vec<String>> {
        no()
    }

    async fn can_run(&self, _gateway: &Piece) -> anyhow::Result<Result<(), String>> {
        no()
    }

    async fn migrate(&self, _manifest: &Manifest, _rendered: &Rendered, _log: &dyn Log) -> anyhow::Result<()> {
        no()
    }

    async fn stranded_jobs(&self, _gateway: &Piece, _worker: &Piece) -> anyhow::Result<Vec<String>> {
        no()
    }
}

#[async_trait]
impl Runtime for Nowhere {
    async fn render(
        &self,
        _checkout: &Path,
        _deployment: DeploymentId,
        _pieces: &BTreeMap<Service, Piece>,
    ) -> anyhow::Result<Rendered> {
        no()
    }

    async fn start(&self, _rendered: &Rendered, _service: Service, _log: &dyn Log) -> anyhow::Result<String> {
        no()
    }

    async fn start_again(&self, _container: &str) -> anyhow::Result<()> {
        no()
    }

    async fn containers(&self) -> anyhow::Result<Vec<Running>> {
        no()
    }

    async fn infrastructure(&self) -> anyhow::Result<BTreeMap<Service, String>> {
        no()
    }

    async fn signal(&self, _container: &str, _signal: Signal) -> anyhow::Result<()> {
        no()
    }

    async fn stop(&self, _container: &str, _grace: Duration) -> anyhow::Result<()> {
        no()
    }

    async fn remove(&self, _container: &str) -> anyhow::Result<()> {
        no()
    }

    async fn logs(&self, _container: &str, _lines: usize) -> anyhow::Result<String> {
        no()
    }
}

#[async_trait]
impl Proxy for Nowhere {
    async fn publish(&self, _rendered: &Rendered, _nginx: &Piece, _log: &dyn Log) -> anyhow::Result<String> {
        no()
    }

    async fn switch(&self, _route: &Route) -> anyhow::Result<()> {
        no()
    }

    async fn current(&self) -> anyhow::Result<(String, String)> {
        no()
    }

    async fn old_workers_gone(&self, _within: Duration) -> anyhow::Result<bool> {
        no()
    }

    async fn traffic(&self, _since: DateTime<Utc>, _containers: &[String]) -> anyhow::Result<Traffic> {
        no()
    }

    async fn maintenance(&self, _on: bool) -> anyhow::Result<()> {
        no()
    }
}

#[async_trait]
impl Prober for Nowhere {
    async fn ready(&self, _service: Service, _container: &str, _revision: &str) -> anyhow::Result<Result<(), Unready>> {
        no()
    }

    async fn canary(&self, _log: &dyn Log) -> anyhow::Result<Result<(), String>> {
        no()
    }
}

#[async_trait]
impl Housekeeping for Nowhere {
    async fn disk(&self) -> anyhow::Result<Disk> {
        no()
    }

    async fn free_memory(&self) -> anyhow::Result<u64> {
        no()
    }

    async fn reclaim(&self, _keep: &[Manifest], _log: &dyn Log) -> anyhow::Result<()> {
        no()
    }
}

#[async_trait]
impl SelfUpdate for Nowhere {
    async fn begin(&self, _rendered: &Rendered, _piece: &Piece) -> anyhow::Result<()> {
        no()
    }
}

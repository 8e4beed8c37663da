//! The `docker` command, typed as far as the adapters look.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::process::Command;

use super::programs::{Programs, Said};

/// What the engine does by itself it does within this time.
pub(crate) const SHORT: Duration = Duration::from_mins(1);

const WORKER_ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Set by every Dockerfile of ours in the image's last layer.
pub(crate) const REVISION_LABEL: &str = "org.opencontainers.image.revision";

/// What `e2i-worker load` says, as far as it matters here.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Workload {
    /// It was told to end: once more, and it drops what it does.
    pub(crate) draining: bool,
    pub(crate) large: JobsOfClass,
}

/// Jobs of one class.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct JobsOfClass {
    pub(crate) running: usize,
}

/// The Docker engine, by its command line.
#[derive(Clone, Debug)]
pub(crate) struct Docker {
    programs: Programs,
}

impl Docker {
    pub(crate) fn new(programs: Programs) -> Self {
        Self { programs }
    }

    pub(crate) fn programs(&self) -> &Programs {
        &self.programs
    }

    /// `docker` with arguments.
    pub(crate) fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.programs.command("docker");
        command.args(arguments);
        command
    }

    /// Runs it; its failure is no error.
    pub(crate) async fn said(&self, arguments: &[&str], within: Duration) -> anyhow::Result<Said> {
        self.programs.said(self.command(arguments.iter().copied()), within).await
    }

    /// Runs what has to succeed.
    pub(crate) async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        self.programs.output(self.command(arguments.iter().copied()), SHORT).await
    }

    /// Runs what may find that there is no such thing (any more): `None` then.
    pub(crate) async fn run_if_there(&self, arguments: &[&str]) -> anyhow::Result<Option<String>> {
        let said = self.said(arguments, SHORT).await?;
        match said.success {
            true => Ok(Some(said.out)),
            false if is_missing(&said.err) => Ok(None),
            false => bail!("`docker {}` failed: {}", arguments.join(" "), said.last_words()),
        }
    }

    /// Runs a command in a container, as whoever it runs as; its failure is no error.
    pub(crate) async fn exec(&self, container: &str, arguments: &[&str], within: Duration) -> anyhow::Result<Said> {
        self.said(&[&["exec", container][..], arguments].concat(), within).await
    }

    /// How busy a worker says it is; `None` of one that cannot be asked.
    pub(crate) async fn workload(&self, container: &str) -> Option<Workload> {
        let said = self.exec(container, &["e2i-worker", "load"], WORKER_ANSWERS_WITHIN).await.ok()?;
        serde_json::from_str(&said.out).ok()
    }

    /// The containers that match all filters, those that do not run too.
    pub(crate) async fn list(&self, filters: &[String]) -> anyhow::Result<Vec<Container>> {
        let mut arguments = vec!["ps", "--all", "--quiet", "--no-trunc"];
        for filter in filters {
            arguments.extend(["--filter", filter.as_str()]);
        }
        let ids = self.run(&arguments).await?;
        let ids: Vec<&str> = ids.lines().collect();
        self.containers(&ids).await
    }

    /// Of these containers, those that are there.
    pub(crate) async fn containers(&self, names: &[&str]) -> anyhow::Result<Vec<Container>> {
        self.inspect("container", names).await
    }

    /// A container; `None` when there is none.
    pub(crate) async fn container(&self, name: &str) -> anyhow::Result<Option<Container>> {
        Ok(self.containers(&[name]).await?.pop())
    }

    /// Of these images, those that are there.
    pub(crate) async fn images(&self, names: &[&str]) -> anyhow::Result<Vec<Image>> {
        self.inspect("image", names).await
    }

    /// An image; `None` when there is none.
    pub(crate) async fn image(&self, name: &str) -> anyhow::Result<Option<Image>> {
        Ok(self.images(&[name]).await?.pop())
    }

    async fn inspect<T: for<'a> Deserialize<'a>>(&self, kind: &str, names: &[&str]) -> anyhow::Result<Vec<T>> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // What is gone is complained of; what is there is told all the same.
        let said = self.said(&[&[kind, "inspect"][..], names].concat(), SHORT).await?;
        let complaints = said.err.lines().filter(|line| !line.trim().is_empty());
        if let Some(other) = complaints.clone().find(|line| !said.success && !is_missing(line)) {
            bail!("`docker {kind} inspect` failed: {other}");
        }
        serde_json::from_str(&said.out).with_context(|| format!("read what docker {kind} inspect says"))
    }
}

/// Whether the engine complains that there is no such thing.
pub(crate) fn is_missing(complaint: &str) -> bool {
    let complaint = complaint.to_lowercase();
    complaint.contains("no such") || complaint.contains("not found")
}

/// A container, as the engine describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Container {
    /// Its full id.
    pub(crate) id: String,
    name: String,
    /// Its image's id.
    pub(crate) image: String,
    /// How often the engine started it again by itself.
    pub(crate) restart_count: u64,
    /// How it is.
    pub(crate) state: State,
    config: Config,
    network_settings: Networks,
}

/// How a container is.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct State {
    /// Whether it runs.
    pub(crate) running: bool,
    /// Whether it ends and is started again: between the two there is no process.
    #[serde(default)]
    pub(crate) restarting: bool,
    /// When it was started last; the year 1 when never.
    pub(crate) started_at: DateTime<Utc>,
    /// Its own health check.
    pub(crate) health: Option<Health>,
}

/// What a container's health check says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Health {
    /// `starting`, `healthy`, `unhealthy`.
    pub(crate) status: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Networks {
    networks: BTreeMap<String, Network>,
}

#[derive(Clone, Debug, Deserialize)]
struct Network {
    #[serde(rename = "IPAddress", default)]
    address: String,
}

impl Container {
    /// Its name, without the engine's slash.
    pub(crate) fn name(&self) -> &str {
        self.name.trim_start_matches('/')
    }

    /// A label's value.
    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.config.labels.as_ref()?.get(name).map(String::as_str)
    }

    /// Its addresses in Docker's networks; none while it does not run.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.network_settings.networks.values().map(|network| network.address.as_str()).filter(|one| !one.is_empty())
    }
}

/// An image, as the engine describes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Image {
    /// Its id.
    pub(crate) id: String,
    /// Its names.
    pub(crate) repo_tags: Option<Vec<String>>,
    config: Option<Config>,
}

impl Image {
    /// A label's value.
    pub(crate) fn label(&self, name: &str) -> Option<&str> {
        self.config.as_ref()?.labels.as_ref()?.get(name).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_read_as_the_engine_describes_it() {
        let text = r#"{"Id":"abc","Name":"/e2i-r3-gateway-1","Image":"sha256:1","RestartCount":2,"Other":1,
            "State":{"Running":false,"StartedAt":"0001-01-01T00:00:00Z","ExitCode":137,"Status":"exited"},
            "Config":{"Labels":{"e2i.service":"gateway"}},
            "NetworkSettings":{"Networks":{"a":{"IPAddress":"172.18.0.4"},"b":{"IPAddress":""}}}}"#;
        let container: Container = serde_json::from_str(text).unwrap();
        assert_eq!(container.name(), "e2i-r3-gateway-1");
        assert_eq!(container.label("e2i.service"), Some("gateway"));
        assert_eq!(container.addresses().collect::<Vec<_>>(), ["172.18.0.4"]);
        assert!(container.state.health.is_none());
    }

    #[test]
    fn only_what_is_gone_is_missing() {
        assert!(is_missing("Error response from daemon: No such container: e2i-x"));
        assert!(is_missing("Error: No such object: e2i-x"));
        assert!(!is_missing("Cannot connect to the Docker daemon at unix:///var/run/docker.sock"));
    }
}

//! The nginx in front, by its own program `e2i-nginx` (docker/nginx/nginx.sh): it writes, tests, switches and takes back by
//! itself, so that no half of a route is ever left by a deployer that dies in the middle.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Client;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::access_log::Attempts;
use super::compose::Compose;
use super::docker::{Docker, SHORT};
use super::programs::Pipe;
use crate::ports::{Log, Proxy, Rendered, Route, Traffic};
use crate::release::{Piece, Service};

const PUBLISH_WITHIN: Duration = Duration::from_mins(2);
/// `e2i-nginx route` waits for nginx by itself, twice when it takes back.
const ROUTE_WITHIN: Duration = Duration::from_secs(100);
/// What nginx says from outside has to be so many times in a row the new one.
const CONFIRMATIONS: u32 = 3;
const CONFIRM_WITHIN: Duration = Duration::from_secs(20);
const BETWEEN: Duration = Duration::from_millis(100);
/// What every nginx of ours routes.
const ROUTED_BEFORE: &str = "gateway frontend";
/// A whole day of access log.
const LOG_WITHIN: Duration = Duration::from_mins(2);

/// [`Proxy`] by the nginx container of the platform.
#[derive(Clone, Debug)]
pub struct Nginx {
    container: String,
    docker: Docker,
    compose: Compose,
    http: Client,
}

#[derive(Debug, Deserialize)]
struct Generation {
    configuration: String,
    upstreams: String,
}

impl Nginx {
    /// `container` is its address too; `http` must not keep connections.
    pub(crate) fn new(container: String, docker: Docker, compose: Compose, http: Client) -> Self {
        Self { container, docker, compose, http }
    }

    async fn generation(&self) -> anyhow::Result<Generation> {
        let url = format!("http://{}:9080/-/generation", self.container);
        let answer = self.http.get(&url).timeout(Duration::from_secs(2)).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status).context("nginx does not answer")?;
        answer.json().await.context("nginx says no generation")
    }

    async fn ask(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let said = self.docker.exec(&self.container, &[&["e2i-nginx"][..], arguments].concat(), SHORT).await?;
        ensure!(said.success, "e2i-nginx {}: {}", arguments.join(" "), said.last_words());
        Ok(said.out)
    }

    /// The services whose containers it is told. A release takes nginx's configuration and leaves its container alone:
    /// that may be one from before the question was there.
    async fn routed(&self) -> anyhow::Result<Vec<String>> {
        let said = self.docker.exec(&self.container, &["e2i-nginx", "routed"], SHORT).await?;
        let names = if said.success { said.out.as_str() } else { ROUTED_BEFORE };
        Ok(names.split_whitespace().map(str::to_owned).collect())
    }

    /// New connections, one after the other, have to meet it.
    async fn confirm(&self, route: &Route) -> anyhow::Result<()> {
        let deadline = Instant::now() + CONFIRM_WITHIN;
        let mut seen = 0;
        loop {
            let met = self.generation().await;
            let is_new = met
                .as_ref()
                .is_ok_and(|met| met.upstreams == route.generation && met.configuration == route.configuration);
            seen = if is_new { seen + 1 } else { 0 };
            if seen == CONFIRMATIONS {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "nginx was told to reload, and {} s later a new connection meets {met:?} instead of {} with {}",
                CONFIRM_WITHIN.as_secs(),
                route.generation,
                route.configuration
            );
            sleep(BETWEEN).await;
        }
    }
}

/// What `e2i-nginx route` reads of a route; `routed` are the services that it knows.
fn words(route: &Route, routed: &[String]) -> String {
    let mut text = format!("generation {}\nconfiguration {}\n", route.generation, route.configuration);
    let mut say = |word: &str, containers: &BTreeMap<Service, String>| {
        for (service, container) in containers.iter().filter(|(one, _)| routed.iter().any(|name| name == one.name())) {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{word} {service} {container}");
        }
    };
    say("to", &route.to);
    say("backup", &route.backup);
    text
}

#[async_trait]
impl Proxy for Nginx {
    async fn publish(&self, rendered: &Rendered, nginx: &Piece, log: &dyn Log) -> anyhow::Result<String> {
        let said = self.compose.ask_once(rendered, Service::Nginx.name(), &["publish"], PUBLISH_WITHIN).await;
        let said = said.with_context(|| format!("the nginx configuration of {} is not sound", nginx.revision))?;
        let version = said.lines().last().unwrap_or_default().trim().to_owned();
        ensure!(!version.is_empty(), "e2i-nginx publish names no version");
        log.line(&format!("nginx configuration {version} is written and tested"));
        Ok(version)
    }

    async fn switch(&self, route: &Route) -> anyhow::Result<()> {
        // From here nginx has to be seen, or nothing could be confirmed.
        self.generation().await?;
        let words = words(route, &self.routed().await?);
        let command = self.docker.command(["exec", "--interactive", &self.container, "e2i-nginx", "route"]);
        let said = self.docker.programs().said_to(command, Some(words.as_bytes()), ROUTE_WITHIN).await?;
        ensure!(said.success, "nginx was not switched to {}: {}", route.generation, said.last_words());
        self.confirm(route).await
    }

    async fn current(&self) -> anyhow::Result<(String, String)> {
        let Generation { configuration, upstreams } = self.generation().await?;
        Ok((upstreams, configuration))
    }

    async fn old_workers_gone(&self, within: Duration) -> anyhow::Result<bool> {
        let deadline = Instant::now() + within;
        loop {
            let count = self.ask(&["old-workers"]).await?;
            if count.trim() == "0" {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            sleep(Duration::from_millis(500)).await;
        }
    }

    async fn traffic(&self, since: DateTime<Utc>, containers: &[String]) -> anyhow::Result<Traffic> {
        let names: Vec<&str> = containers.iter().map(String::as_str).collect();
        let found = self.docker.containers(&names).await?;
        let addresses = found.iter().flat_map(super::docker::Container::addresses).map(str::to_owned);
        let mut attempts = Attempts::on(addresses.collect());
        let since = since.to_rfc3339_opts(SecondsFormat::Nanos, true);
        let command = self.docker.command(["logs", "--since", &since, &self.container]);
        let mut last_words = String::new();
        let status = self
            .docker
            .programs()
            .lines(command, None, LOG_WITHIN, &mut |pipe, line| match pipe {
                Pipe::Out => attempts.read(line),
                Pipe::Err => line.clone_into(&mut last_words),
            })
            .await?;
        ensure!(status.success(), "nginx's log cannot be read: {last_words}");
        Ok(attempts.traffic())
    }

    async fn maintenance(&self, on: bool) -> anyhow::Result<()> {
        self.ask(&["maintenance", if on { "on" } else { "off" }]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_told_line_by_line() {
        let route = Route {
            generation: "r12-1".into(),
            configuration: "abc-1".into(),
            to: [(Service::Gateway, "new"), (Service::Health, "says"), (Service::Frontend, "web")]
                .map(|(service, container)| (service, container.to_owned()))
                .into(),
            backup: [(Service::Gateway, "old".into())].into(),
        };
        let routed = ["gateway", "frontend", "health"].map(str::to_owned);
        let expected = "generation r12-1\nconfiguration abc-1\nto gateway new\nto health says\nto frontend web\nbackup gateway old\n";
        assert_eq!(words(&route, &routed), expected);
        let before = words(&route, &routed[..2]);
        assert_eq!(before, expected.replace("to health says\n", ""), "an older nginx is told what it knows");
    }
}

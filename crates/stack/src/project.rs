//! One tier brought up by the real compose files, under a project name and on ports of its own. Dropped, it takes down
//! containers, networks and volumes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use local::client::Client;
use serde_json::Value;
use tokio::process::Command;

use crate::case::Tier;
use crate::command::{last_lines, run_within, until};
use crate::engine;
use crate::site::{Site, quietly};

/// The longest that compose itself may take: in development it builds all of Rust, without a cache, before all are healthy.
const UP_WITHIN: Duration = Duration::from_mins(25);
/// From `up` to all healthy, once what takes long has been built.
const HEALTHY_WITHIN: Duration = Duration::from_mins(5);

/// A tier that is up, or is about to be.
#[derive(Debug)]
pub struct Project {
    name: String,
    tier: Tier,
    environment: BTreeMap<String, String>,
    site: (std::path::PathBuf, Vec<String>),
    keep: bool,
}

/// A container of a project.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its full id.
    pub id: String,
    /// The service that it is of.
    pub service: String,
    /// Docker's description.
    pub about: Value,
}

impl Container {
    /// `running`, `exited`, ...
    #[must_use]
    pub fn status(&self) -> &str {
        self.about["State"]["Status"].as_str().unwrap_or_default()
    }

    /// Whether it is to end by itself.
    #[must_use]
    pub fn is_one_shot(&self) -> bool {
        self.about["HostConfig"]["RestartPolicy"]["Name"] == "no"
    }

    /// How often Docker has started it again.
    #[must_use]
    pub fn restarts(&self) -> i64 {
        self.about["RestartCount"].as_i64().unwrap_or_default()
    }

    /// Whether it is as it has to be: ended well when it has to end, else running and healthy.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let state = &self.about["State"];
        if self.is_one_shot() {
            return state["Status"] == "exited" && state["ExitCode"] == 0;
        }
        state["Status"] == "running" && (state["Health"].is_null() || state["Health"]["Status"] == "healthy")
    }

    fn has_failed(&self) -> bool {
        let state = &self.about["State"];
        self.is_one_shot() && state["Status"] == "exited" && state["ExitCode"] != 0 || self.restarts() > 3
    }
}

impl Project {
    /// A project of the site that is not up yet; `label` tells it from others of the same run.
    ///
    /// # Errors
    /// When no free port is found.
    pub fn new(site: &Site, tier: Tier, label: &str) -> anyhow::Result<Self> {
        let random = servers::operating_system_random();
        let name = site.name(label);
        let mut environment = BTreeMap::from([
            ("COMPOSE_PROJECT_NAME".to_owned(), name.clone()),
            ("IMAGE_PREFIX".to_owned(), site.image_prefix()),
        ]);
        for port in ["HTTP_PORT", "HTTPS_PORT", "API_PORT", "WEB_PORT", "MLFLOW_PORT", "REDIS_PORT", "POSTGRES_PORT"] {
            environment.insert(port.to_owned(), servers::free_port(&random)?.to_string());
        }
        let site = (site.folder().to_owned(), site.variables().to_vec());
        Ok(Self { name, tier, environment, site, keep: false })
    }

    /// Leaves it up when dropped.
    #[must_use]
    pub fn kept(mut self, keep: bool) -> Self {
        self.keep = keep;
        self
    }

    /// Sets a variable of the compose files.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// A variable that was set.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    /// All of them.
    #[must_use]
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// The name before its containers, networks and volumes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder with its compose files.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.site.0
    }

    /// Where plain HTTP is answered on this machine.
    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://localhost:{}", self.variable("HTTP_PORT").unwrap_or("80"))
    }

    /// Where HTTPS is answered on this machine.
    #[must_use]
    pub fn https_url(&self) -> String {
        format!("https://localhost:{}", self.variable("HTTPS_PORT").unwrap_or("443"))
    }

    /// A program in the copy, with this project's variables and nobody else's.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for name in &self.site.1 {
            command.env_remove(name);
        }
        command.current_dir(&self.site.0).envs(&self.environment);
        command
    }

    /// `docker compose` with the tier's files.
    ///
    /// # Errors
    /// When it fails.
    pub async fn compose(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let tier = match self.tier {
            Tier::Files | Tier::Base => "laptop",
            Tier::Dev => "dev",
            Tier::Prod => "prod",
        };
        let mut command = self.command("scripts/compose.sh");
        run_within(command.arg(tier).args(["--ansi", "never", "--progress", "plain"]).args(arguments), UP_WITHIN).await
    }

    /// Brings the images that others stand on, and builds all that the tier's files build.
    ///
    /// # Errors
    /// When one cannot be made.
    pub async fn build(&self) -> anyhow::Result<()> {
        let mut bases = self.command("scripts/base-images.sh");
        run_within(&mut bases, engine::BUILD_WITHIN).await.context("bring the base images")?;
        self.compose(&["build"]).await?;
        Ok(())
    }

    /// Brings it up; gives the seconds until all are healthy. `but` are services that are left out.
    ///
    /// # Errors
    /// When it does not become healthy.
    pub async fn up(&self, but: &[&str]) -> anyhow::Result<f64> {
        let without: Vec<String> = but.iter().map(|service| format!("{service}=0")).collect();
        let scale = without.iter().flat_map(|one| ["--scale", one]);
        let begin = Instant::now();
        let arguments: Vec<&str> = ["up", "--detach", "--no-build"].into_iter().chain(scale).collect();
        if let Err(error) = self.compose(&arguments).await {
            return Err(error.context(self.last_words().await));
        }
        self.healthy(but).await?;
        Ok(begin.elapsed().as_secs_f64())
    }

    /// Waits until every service is as it has to be.
    ///
    /// # Errors
    /// When one is not in time, or has failed.
    pub async fn healthy(&self, but: &[&str]) -> anyhow::Result<()> {
        let services = self.compose(&["config", "--services"]).await?;
        let wanted: Vec<&str> = services.lines().filter(|service| !but.contains(service)).collect();
        let within = if self.tier == Tier::Dev { UP_WITHIN } else { HEALTHY_WITHIN };
        let outcome = until("every service is healthy", within, async || {
            let containers = self.containers().await?;
            if let Some(failed) = containers.iter().find(|container| container.has_failed()) {
                return Ok(Some(Err(failed.service.clone())));
            }
            let is_well = |service: &&str| containers.iter().any(|one| one.service == **service && one.is_well());
            let waiting: Vec<&str> = wanted.iter().filter(|service| !is_well(service)).copied().collect();
            if waiting.is_empty() { Ok(Some(Ok(()))) } else { bail!("waiting for {}", waiting.join(", ")) }
        })
        .await;
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(failed)) => bail!("{failed} failed\n{}", self.last_words().await),
            Err(error) => Err(error.context(self.last_words().await)),
        }
    }

    /// All containers, those that have ended too.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub async fn containers(&self) -> anyhow::Result<Vec<Container>> {
        let of_project = format!("label=com.docker.compose.project={}", self.name);
        let ids = engine::docker(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &of_project]).await?;
        let ids: Vec<&str> = ids.lines().collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let text = engine::docker(&[&["inspect"][..], &ids].concat()).await?;
        let all: Vec<Value> = serde_json::from_str(&text).context("read docker inspect")?;
        let of = |about: Value| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let service = text(&about["Config"]["Labels"]["com.docker.compose.service"]);
            Container { id: text(&about["Id"]), service, about }
        };
        Ok(all.into_iter().map(of).collect())
    }

    /// The container of a service.
    ///
    /// # Errors
    /// When there is none.
    pub async fn container(&self, service: &str) -> anyhow::Result<Container> {
        let all = self.containers().await?;
        let found = all.into_iter().find(|container| container.service == service);
        found.with_context(|| format!("{} has no container of {service}", self.name))
    }

    /// Runs a command in a service's container; gives what it printed.
    ///
    /// # Errors
    /// When it fails.
    pub async fn exec(&self, service: &str, arguments: &[&str]) -> anyhow::Result<String> {
        let said = engine::exec(&self.container(service).await?.id, arguments).await?;
        ensure!(said.success, "in {service}, {arguments:?}: {}", said.all());
        Ok(said.out)
    }

    /// nginx's certificate and whoever signed it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn certificate(&self) -> anyhow::Result<String> {
        self.exec("nginx", &["cat", "/etc/e2i/certificates/live/fullchain.pem"]).await
    }

    /// The e-mail address and password of the first admin, as the gateway is told them.
    ///
    /// # Errors
    /// When the gateway does not run.
    pub async fn admin(&self) -> anyhow::Result<(String, String)> {
        let email = self.exec("gateway", &["printenv", "ADMIN_EMAIL"]).await?;
        let password = self.exec("gateway", &["cat", "/run/secrets/gateway/admin-password"]).await?;
        Ok((email.trim().to_owned(), password.trim().to_owned()))
    }

    /// The first admin, signed in over HTTPS at `url`; no other certificate than nginx's own is believed.
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn signed_in_at(&self, url: &str) -> anyhow::Result<Client> {
        let (email, password) = self.admin().await?;
        Client::pinned(url, self.certificate().await?.as_bytes())?.sign_in(&email, &password).await
    }

    /// [`Self::signed_in_at`] on this machine.
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn signed_in(&self) -> anyhow::Result<Client> {
        self.signed_in_at(&self.https_url()).await
    }

    /// What those that are not well said last; when all are well, what those of the main way said.
    pub async fn last_words(&self) -> String {
        let containers = self.containers().await.unwrap_or_default();
        let ill: Vec<&Container> = containers.iter().filter(|one| !one.is_well() || one.restarts() > 0).collect();
        let main_way = ["nginx", "gateway", "worker"];
        let concerned: Vec<&Container> = if ill.is_empty() {
            containers.iter().filter(|one| main_way.contains(&one.service.as_str())).collect()
        } else {
            ill
        };
        let mut text = String::new();
        for container in concerned {
            let said = engine::logs(&container.id, 40).await.unwrap_or_default();
            let health = container.about["State"]["Health"]["Log"].as_array().and_then(|checks| checks.last());
            let health = health.and_then(|check| check["Output"].as_str()).unwrap_or_default().trim();
            let state = format!("{}, code {}", container.status(), container.about["State"]["ExitCode"]);
            // Writing to a string does not fail.
            let _ = write!(text, "--- {} ({state}) {health}\n{}\n", container.service, last_lines(&said, 20));
        }
        text
    }

    /// Takes down containers and networks, and with `volumes` all data.
    ///
    /// # Errors
    /// When compose fails.
    pub async fn down(&self, volumes: bool) -> anyhow::Result<()> {
        let arguments: &[&str] = if volumes { &["down", "--volumes"] } else { &["down"] };
        self.compose(arguments).await?;
        Ok(())
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        // By label rather than by compose, which would want its variables and files.
        let of_project = format!("label=com.docker.compose.project={}", self.name);
        let sweep = |list: &[&str], remove: &[&str]| {
            let ids = quietly(&[list, &["--quiet", "--filter", &of_project]].concat());
            let ids: Vec<&str> = ids.lines().collect();
            if !ids.is_empty() {
                quietly(&[remove, &ids].concat());
            }
        };
        sweep(&["ps", "--all"], &["rm", "--force", "--volumes"]);
        sweep(&["network", "ls"], &["network", "rm"]);
        sweep(&["volume", "ls"], &["volume", "rm", "--force"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn container(restart: &str, state: &Value) -> Container {
        let about = json!({"HostConfig": {"RestartPolicy": {"Name": restart}}, "State": state, "RestartCount": 0});
        Container { id: String::new(), service: "one".to_owned(), about }
    }

    #[test]
    fn who_has_to_end_has_to_end_well() {
        let one_shot = |code: i64| container("no", &json!({"Status": "exited", "ExitCode": code}));
        assert!(one_shot(0).is_well() && !one_shot(0).has_failed());
        assert!(!one_shot(1).is_well() && one_shot(1).has_failed());
    }

    #[test]
    fn who_has_to_run_has_to_be_healthy() {
        let service = |health: &str| {
            container("unless-stopped", &json!({"Status": "running", "ExitCode": 0, "Health": {"Status": health}}))
        };
        assert!(service("healthy").is_well());
        assert!(!service("starting").is_well());
        assert!(!container("always", &json!({"Status": "exited", "ExitCode": 0})).is_well());
        assert!(container("always", &json!({"Status": "running"})).is_well(), "no health check is none that fails");
    }
}

//! Migrations, each by the gateway's image of the release that brings them, in a container that ends.
//!
//! What is only asked is asked of `e2i-gateway schema --json` in a container that knows no more than where the database is.
//! What changes something runs as the compose files say.

use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use serde::Deserialize;

use super::compose::Compose;
use super::docker::Docker;
use super::render::{PROJECT_LABEL, SERVICE_LABEL, SETUP};
use crate::ports::{Log, Migrator, Rendered};
use crate::release::{Manifest, Piece, Schema, Service};

const ASK_WITHIN: Duration = Duration::from_mins(1);
const INIT_WITHIN: Duration = Duration::from_mins(2);
/// The engine's own deadline for the step is shorter or longer; this one is the last.
const MIGRATE_WITHIN: Duration = Duration::from_mins(15);

/// [`Migrator`] by one-off containers.
#[derive(Clone, Debug)]
pub struct OneOff {
    project: String,
    docker: Docker,
    compose: Compose,
}

/// What `e2i-gateway schema --json` says.
#[derive(Debug, Deserialize)]
struct Told {
    newest: i64,
    readable_by: i64,
    #[serde(default)]
    pending: Vec<String>,
    can_run: bool,
    /// Why not.
    reason: Option<String>,
}

impl Told {
    fn can_run(self) -> Result<(), String> {
        if self.can_run {
            return Ok(());
        }
        let why = self.reason.unwrap_or_else(|| "its programs cannot run on the database's schema as it is".to_owned());
        Err(why)
    }
}

/// What `e2i-gateway stranded-jobs --json` says.
#[derive(Debug, Deserialize)]
struct Stranded {
    agent: String,
    version: i64,
    jobs: u64,
}

impl OneOff {
    pub(crate) fn new(project: &str, docker: Docker, compose: Compose) -> Self {
        Self { project: project.to_owned(), docker, compose }
    }

    /// Runs a program of an image that only looks; gives what it printed.
    async fn ask(&self, image: &str, mounts: &[String], arguments: &[&str]) -> anyhow::Result<String> {
        let label = format!("{PROJECT_LABEL}={}", self.project);
        let asks = format!("{SERVICE_LABEL}=question");
        let mut all = vec!["run", "--rm", "--pull", "never", "--label", &label, "--label", &asks];
        all.extend(["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true"]);
        all.extend(["--memory", "128m", "--pids-limit", "64", "--env", "LOG_FORMAT=json", "--env", "RUST_LOG=error"]);
        all.extend(mounts.iter().map(String::as_str));
        all.push(image);
        all.extend(arguments);
        let said = self.docker.said(&all, ASK_WITHIN).await?;
        ensure!(said.success, "{image} {}: {}", arguments.join(" "), said.last_words());
        // The program's answer is its last line; what it logs goes to standard error.
        Ok(said.out.lines().last().unwrap_or_default().to_owned())
    }

    /// A container that reaches the database, and nothing that is not needed for it.
    fn with_database(&self) -> Vec<String> {
        vec![
            format!("--network={}_backend-network", self.project),
            format!("--volume={}_secrets-services:/run/secrets/services:ro", self.project),
            "--env=DATABASE_URL_FILE=/run/secrets/services/database-url".to_owned(),
        ]
    }

    async fn told(&self, gateway: &Piece) -> anyhow::Result<Told> {
        let text = self.ask(&gateway.image, &self.with_database(), &["schema", "--json"]).await?;
        serde_json::from_str(&text).with_context(|| format!("e2i-gateway schema says `{text}`"))
    }
}

#[async_trait]
impl Migrator for OneOff {
    async fn schema(&self, gateway: &Piece) -> anyhow::Result<Schema> {
        let Told { newest, readable_by, .. } = self.told(gateway).await?;
        Ok(Schema { newest, readable_by })
    }

    async fn pending(&self, gateway: &Piece) -> anyhow::Result<Vec<String>> {
        Ok(self.told(gateway).await?.pending)
    }

    async fn can_run(&self, gateway: &Piece) -> anyhow::Result<Result<(), String>> {
        Ok(self.told(gateway).await?.can_run())
    }

    async fn migrate(&self, _manifest: &Manifest, rendered: &Rendered, log: &dyn Log) -> anyhow::Result<()> {
        let run = |service: &'static str, arguments: &'static [&'static str], within| {
            self.compose.run_once(rendered, service, arguments, within, log)
        };
        run(Service::Init.name(), &[], INIT_WITHIN).await.context("init failed")?;
        run(SETUP, &["migrate"], MIGRATE_WITHIN).await.context("the migration failed")
    }

    async fn stranded_jobs(&self, gateway: &Piece, worker: &Piece) -> anyhow::Result<Vec<String>> {
        let agents = self.ask(&worker.image, &["--network=none".to_owned()], &["agents", "--json"]).await?;
        let arguments = ["stranded-jobs", "--agents", &agents, "--json"];
        let text = self.ask(&gateway.image, &self.with_database(), &arguments).await?;
        let stranded: Vec<Stranded> =
            serde_json::from_str(&text).with_context(|| format!("e2i-gateway stranded-jobs says `{text}`"))?;
        let words = |one: Stranded| {
            let plural = if one.jobs == 1 { "" } else { "s" };
            format!("{} {}: {} job{plural}", one.agent, one.version, one.jobs)
        };
        Ok(stranded.into_iter().map(words).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_told_with_the_reason_that_the_gateway_gives() {
        let can_run = |text: &str| {
            let text = format!(r#"{{"newest":2,"readable_by":1,"database":{{"newest":1}},"pending":["2_x"],{text}}}"#);
            serde_json::from_str::<Told>(&text).unwrap().can_run()
        };
        can_run(r#""can_run":true,"reason":null"#).unwrap();
        let why = "the database has schema 3, which only releases from 3 on can read";
        assert_eq!(can_run(&format!(r#""can_run":false,"reason":"{why}""#)).unwrap_err(), why);
        assert!(can_run(r#""can_run":false"#).unwrap_err().contains("schema"));
    }
}

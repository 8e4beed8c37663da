//! Containers by `docker compose`: one project for each deployment, on the platform's own networks and volumes.
//!
//! **Signals.** `docker kill` marks a container as stopped by hand whatever the signal: neither its restart policy nor a
//! restart of the engine brings it back then. That is meant for [`Signal::Terminate`] and for nothing else, so
//! [`Signal::Rest`] and [`Signal::Wake`] are sent from within, where they leave the mark alone.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use async_trait::async_trait;
use serde_json::Value;
use tokio::process::Command;

use super::docker::{Container, Docker, REVISION_LABEL, SHORT, is_missing};
use super::programs::last_lines;
use super::render::{
    self, DEPLOYMENT_LABEL, Deployment, External, IMAGE_LABEL, PROJECT_LABEL, Project, SERVICE_LABEL, container_name,
    service_name,
};
use crate::ports::{Log, Rendered, Running, Runtime, Signal};
use crate::release::{DeploymentId, Piece, Service};

/// Pulling is done before; a container is made and started within this time.
const START_WITHIN: Duration = Duration::from_mins(3);
/// After its grace, a container is killed; the engine has this long to say so.
const KILLED_WITHIN: Duration = Duration::from_secs(30);
const COMPOSE_FILES: [&str; 2] = ["docker-compose.yml", "docker-compose.prod.yml"];
const SOCKET: &str = "/var/run/docker.sock";
/// Compose's own labels.
const COMPOSE_PROJECT: &str = "com.docker.compose.project";
const COMPOSE_SERVICE: &str = "com.docker.compose.service";
const COMPOSE_ONE_OFF: &str = "com.docker.compose.oneoff";

/// The platform that is released, on this machine.
#[derive(Clone, Debug)]
pub(crate) struct Platform {
    /// The compose project that infrastructure runs in.
    pub(crate) project: String,
    /// The operator's folder, under the same path as on the host: `.env.prod`, secrets, relative paths of compose files.
    pub(crate) project_dir: PathBuf,
    /// Before each image's name.
    pub(crate) image_prefix: String,
    /// The deployer's own volume.
    pub(crate) state_dir: PathBuf,
}

/// [`Runtime`] by compose.
#[derive(Clone, Debug)]
pub struct Compose {
    platform: Platform,
    docker: Docker,
}

impl Compose {
    pub(crate) fn new(platform: Platform, docker: Docker) -> Self {
        Self { platform, docker }
    }

    /// Runs a service of the rendered project once, with these arguments, to its end; its lines go to the log.
    pub(crate) async fn run_once(
        &self,
        rendered: &Rendered,
        service: &str,
        arguments: &[&str],
        within: Duration,
        log: &dyn Log,
    ) -> anyhow::Result<()> {
        self.await_left_over(rendered, service, within, log).await?;
        let command = self.once(rendered, service, arguments)?;
        self.docker.programs().told(command, within, log).await
    }

    /// What a deployer that was killed had begun may still run: it is waited for, and then done again.
    async fn await_left_over(
        &self,
        rendered: &Rendered,
        service: &str,
        within: Duration,
        log: &dyn Log,
    ) -> anyhow::Result<()> {
        let filters = [
            format!("label={COMPOSE_PROJECT}={}", rendered.project),
            format!("label={COMPOSE_SERVICE}={service}"),
            format!("label={COMPOSE_ONE_OFF}=True"),
            "status=running".to_owned(),
        ];
        for container in self.docker.list(&filters).await? {
            log.line(&format!("{} was begun before and still runs: waiting for its end", container.name()));
            self.docker.said(&["wait", &container.id], within).await?;
        }
        Ok(())
    }

    /// [`Self::run_once`]; gives what it printed.
    pub(crate) async fn ask_once(
        &self,
        rendered: &Rendered,
        service: &str,
        arguments: &[&str],
        within: Duration,
    ) -> anyhow::Result<String> {
        self.docker.programs().output(self.once(rendered, service, arguments)?, within).await
    }

    fn once(&self, rendered: &Rendered, service: &str, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = self.of(rendered)?;
        command.args(["run", "--rm", "--no-deps", "--no-TTY", service]).args(arguments);
        Ok(command)
    }

    /// `docker compose` on a rendered project.
    fn of(&self, rendered: &Rendered) -> anyhow::Result<Command> {
        let file = rendered.file.to_str().context("the rendered file's path is no text")?;
        let arguments = ["compose", "--progress", "plain", "--project-name", &rendered.project, "--file", file];
        Ok(self.docker.command(arguments))
    }

    /// What compose says of the whole platform with these images.
    async fn platform(&self, checkout: &Path, pieces: &BTreeMap<Service, Piece>) -> anyhow::Result<Value> {
        let Platform { project, project_dir, image_prefix, .. } = &self.platform;
        let mut command = self.docker.command(["compose", "--project-name", project, "--project-directory"]);
        command.arg(project_dir);
        for file in COMPOSE_FILES {
            command.arg("--file").arg(checkout.join(file));
        }
        // Revisions of what is not released here: those that runs.
        for file in [".env.prod", ".release.env"].map(|name| project_dir.join(name)) {
            if file.exists() {
                command.arg("--env-file").arg(file);
            }
        }
        for service in Service::ALL {
            let piece = pieces.get(&service);
            if let Some(piece) = piece {
                command.env(format!("{}_REVISION", service.name().to_uppercase()), &piece.revision);
            }
        }
        let socket = std::fs::metadata(SOCKET).with_context(|| format!("look at {SOCKET}"))?;
        command.env("DOCKER_GID", socket.gid().to_string()).env("PROJECT_DIR", project_dir);
        command.env("IMAGE_PREFIX", image_prefix).env("COMPOSE_PROJECT_NAME", project);
        command.args(["config", "--format", "json"]);
        let text = self.docker.programs().read(command, SHORT).await?;
        serde_json::from_str(&text).context("read what docker compose config says")
    }

    /// A network or volume that a release brings is made as compose would have made it.
    async fn ensure_external(&self, kind: &str, external: &External) -> anyhow::Result<()> {
        if self.docker.run_if_there(&[kind, "inspect", &external.name]).await?.is_some() {
            return Ok(());
        }
        let project = format!("{COMPOSE_PROJECT}={}", self.platform.project);
        let key = format!("com.docker.compose.{kind}={}", external.key);
        self.docker.run(&[kind, "create", "--label", &project, "--label", &key, &external.name]).await?;
        Ok(())
    }

    /// A tag that is gone or means another image by now is set again.
    async fn ensure_tag(&self, service: &Value) -> anyhow::Result<()> {
        let (tag, id) = (service["image"].as_str(), service["labels"][IMAGE_LABEL].as_str());
        let (tag, id) = tag.zip(id).with_context(|| format!("a rendered service names no image: {service}"))?;
        if self.docker.image(tag).await?.is_some_and(|image| image.id == id) {
            return Ok(());
        }
        ensure!(self.docker.image(id).await?.is_some(), "image {tag} ({id}) is no longer on this machine");
        self.docker.run(&["tag", id, tag]).await.map(drop)
    }

    /// Whether a worker has been told to end already: it says so itself. One that cannot be asked has no say.
    async fn is_draining(&self, container: &Container) -> bool {
        let service = container.label(SERVICE_LABEL).or(container.label(COMPOSE_SERVICE));
        service == Some(Service::Worker.name())
            && self.docker.workload(&container.id).await.is_some_and(|load| load.draining)
    }
}

/// A container of a rolled service; `None` for any other.
fn running(container: &Container) -> Option<Running> {
    let ours = container.label(SERVICE_LABEL).filter(|_| container.label(PROJECT_LABEL).is_some());
    let service = Service::named(ours.or_else(|| container.label(COMPOSE_SERVICE))?)?;
    if !Service::ROLLED.contains(&service) || container.label(COMPOSE_ONE_OFF) == Some("True") {
        return None;
    }
    Some(Running {
        name: container.name().to_owned(),
        service,
        deployment: container.label(DEPLOYMENT_LABEL).and_then(|id| id.parse().ok()).map(DeploymentId),
        image_id: container.image.clone(),
        revision: container.label(REVISION_LABEL).unwrap_or_default().to_owned(),
        is_running: container.state.running,
        // The year 1: never.
        started_at: Some(container.state.started_at).filter(|at| at.timestamp() > 0),
        restarts: container.restart_count,
    })
}

/// What runs of an infrastructure service; `None` for any other, and for an image of unknown revision.
fn infrastructure(container: &Container) -> Option<(Service, String)> {
    let service = Service::named(container.label(COMPOSE_SERVICE)?)?;
    let is_one = Service::INFRASTRUCTURE.contains(&service)
        && container.state.running
        && container.label(COMPOSE_ONE_OFF) != Some("True");
    let revision = container.label(REVISION_LABEL).filter(|revision| !revision.is_empty() && is_one)?;
    Some((service, revision.to_owned()))
}

#[async_trait]
impl Runtime for Compose {
    async fn render(
        &self,
        checkout: &Path,
        deployment: DeploymentId,
        pieces: &BTreeMap<Service, Piece>,
    ) -> anyhow::Result<Rendered> {
        let platform = self.platform(checkout, pieces).await.context("the compose files do not render")?;
        let about = Deployment { project: &self.platform.project, id: deployment, pieces };
        let Project { file, networks, volumes } = render::project(&platform, &about)?;
        let folder = self.platform.state_dir.join("deployments").join(deployment.to_string());
        let rendered = Rendered {
            file: folder.join("compose.json"),
            project: render::project_name(&self.platform.project, deployment),
        };
        write_private(&rendered.file, &serde_json::to_vec_pretty(&file)?)?;
        for network in &networks {
            self.ensure_external("network", network).await?;
        }
        for volume in &volumes {
            self.ensure_external("volume", volume).await?;
        }
        let mut check = self.of(&rendered)?;
        check.args(["config", "--quiet"]);
        self.docker.programs().output(check, SHORT).await.context("the deployment's compose project is not sound")?;
        Ok(rendered)
    }

    async fn start(&self, rendered: &Rendered, service: Service, log: &dyn Log) -> anyhow::Result<String> {
        let text = std::fs::read(&rendered.file).with_context(|| format!("read {}", rendered.file.display()))?;
        let file: Value = serde_json::from_slice(&text).context("read the deployment's compose project")?;
        let deployment = rendered.project.rsplit_once("-r").and_then(|(_, id)| id.parse().ok()).map(DeploymentId);
        let deployment = deployment.with_context(|| format!("{} is no deployment's project", rendered.project))?;
        let name = service_name(deployment, service);
        ensure!(!file["services"][&name].is_null(), "{} has no service {service}", rendered.file.display());
        self.ensure_tag(&file["services"][&name]).await?;
        let mut command = self.of(rendered)?;
        command.args(["up", "--detach", "--no-deps", "--no-build", "--no-recreate", "--pull", "never", &name]);
        self.docker.programs().told(command, START_WITHIN, log).await?;
        Ok(container_name(&self.platform.project, deployment, service))
    }

    async fn start_again(&self, container: &str) -> anyhow::Result<()> {
        self.docker.run(&["start", container]).await.map(drop)
    }

    async fn containers(&self) -> anyhow::Result<Vec<Running>> {
        let project = &self.platform.project;
        // Each is a program that is started, and this is asked several times a second.
        let [released, by_hand] = [PROJECT_LABEL, COMPOSE_PROJECT].map(|label| [format!("label={label}={project}")]);
        let (released, by_hand) = tokio::try_join!(self.docker.list(&released), self.docker.list(&by_hand))?;
        let by_hand = by_hand.iter().filter(|container| container.label(PROJECT_LABEL).is_none());
        Ok(released.iter().chain(by_hand).filter_map(running).collect())
    }

    async fn infrastructure(&self) -> anyhow::Result<BTreeMap<Service, String>> {
        let project = &self.platform.project;
        let all = self.docker.list(&[format!("label={COMPOSE_PROJECT}={project}")]).await?;
        Ok(all.iter().filter_map(infrastructure).collect())
    }

    async fn signal(&self, container: &str, signal: Signal) -> anyhow::Result<()> {
        let Some(about) = self.docker.container(container).await?.filter(|about| about.state.running) else {
            return Ok(());
        };
        if about.state.restarting {
            // Nobody is there to hear it; and told to end, it would be started again for ever.
            return if signal == Signal::Terminate { self.stop(container, Duration::ZERO).await } else { Ok(()) };
        }
        let said = match signal {
            Signal::Rest => self.docker.exec(container, &["sh", "-c", "kill -USR1 1"], SHORT).await?,
            Signal::Wake => self.docker.exec(container, &["sh", "-c", "kill -USR2 1"], SHORT).await?,
            Signal::Terminate if self.is_draining(&about).await => return Ok(()),
            Signal::Terminate => {
                let is_nginx = about.label(SERVICE_LABEL).or(about.label(COMPOSE_SERVICE)) == Some("frontend");
                let name = if is_nginx { "QUIT" } else { "TERM" };
                self.docker.said(&["kill", "--signal", name, container], SHORT).await?
            }
        };
        // It may have ended meanwhile.
        let has_ended = said.err.contains("is not running") || said.err.contains("is restarting");
        if said.success || is_missing(&said.err) || has_ended {
            return Ok(());
        }
        bail!("{signal:?} could not be sent to {container}: {}", said.last_words())
    }

    async fn stop(&self, container: &str, grace: Duration) -> anyhow::Result<()> {
        let seconds = grace.as_secs().to_string();
        let said = self.docker.said(&["stop", "--time", &seconds, container], grace + KILLED_WITHIN).await?;
        if said.success || is_missing(&said.err) {
            return Ok(());
        }
        bail!("{container} could not be stopped: {}", said.last_words())
    }

    async fn remove(&self, container: &str) -> anyhow::Result<()> {
        self.docker.run_if_there(&["rm", "--volumes", container]).await.map(drop)
    }

    async fn logs(&self, container: &str, lines: usize) -> anyhow::Result<String> {
        let count = lines.to_string();
        let said = self.docker.said(&["logs", "--tail", &count, container], SHORT).await?;
        ensure!(said.success, "the log of {container} cannot be read: {}", said.last_words());
        Ok(last_lines(&format!("{}{}", said.out, said.err), lines))
    }
}

/// Writes all of a file or nothing, for nobody else to read.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    let folder = file.parent().context("a file without a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    let new = file.with_extension("new");
    let write = || {
        let mut open = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        open.write_all(content)?;
        open.sync_all()?;
        std::fs::rename(&new, file)
    };
    write().with_context(|| format!("write {}", file.display()))
}

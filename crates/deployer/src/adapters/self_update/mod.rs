//! The deployer replaces itself: by a helper container outside of the platform's compose project, which outlives both.
//!
//! Here the old deployer writes down what is intended and starts the helper; [`replace`] is what the helper does. The new
//! deployer is a second container of the same service, so that nothing has to be renamed and compose still knows it. The
//! old one is removed only once the new one is healthy and owns the journal's lock; else it is started again.

pub mod plan;
pub mod replace;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use serde_json::{Value, json};

use super::compose::{Platform, write_private};
use super::docker::{Container, Docker};
use super::render::{PROJECT_LABEL, SERVICE_LABEL};
use crate::ports::{Rendered, SelfUpdate};
use crate::release::{DeploymentId, Piece, Service};
use plan::{Phase, Plan};

pub use replace::{command, run};

const START_WITHIN: Duration = Duration::from_mins(2);
/// The helper's service, in a project of its own.
const HELPER: &str = "update";

/// [`SelfUpdate`] by a helper container.
#[derive(Clone, Debug)]
pub struct Replacing {
    platform: Platform,
    docker: Docker,
    /// What runs now; it is known to work.
    own_image: String,
}

impl Replacing {
    pub(crate) fn new(platform: Platform, docker: Docker, own_image: &str) -> Self {
        Self { platform, docker, own_image: own_image.to_owned() }
    }

    fn helper_project(&self) -> String {
        format!("{}-{HELPER}", self.platform.project)
    }

    /// The helper: the deployer's own container with another command, other labels and no network.
    fn helper(&self, deployer: &Value, plan: &std::path::Path) -> anyhow::Result<Value> {
        let mut helper = deployer.as_object().context("the deployer's service is no object")?.clone();
        for key in ["networks", "healthcheck", "ports", "expose"] {
            helper.remove(key);
        }
        helper.insert("image".into(), self.own_image.clone().into());
        helper.insert("command".into(), json!(["replace", "--plan", plan]));
        helper.insert("network_mode".into(), "none".into());
        helper.insert("healthcheck".into(), json!({ "disable": true }));
        helper.insert("restart".into(), "on-failure:20".into());
        helper.insert("labels".into(), json!({ PROJECT_LABEL: self.platform.project, SERVICE_LABEL: HELPER }));
        Ok(helper.into())
    }

    async fn is_under_way(&self) -> anyhow::Result<bool> {
        let filter = format!("label=com.docker.compose.project={}", self.helper_project());
        Ok(self.docker.list(&[filter, "status=running".to_owned()]).await?.pop().is_some())
    }
}

/// Containers of the deployer's service in the platform's project.
pub(crate) async fn deployers(docker: &Docker, project: &str) -> anyhow::Result<Vec<Container>> {
    let project = format!("label=com.docker.compose.project={project}");
    let service = format!("label=com.docker.compose.service={}", Service::Deployer);
    docker.list(&[project, service, "label=com.docker.compose.oneoff=False".to_owned()]).await
}

#[async_trait]
impl SelfUpdate for Replacing {
    async fn begin(&self, rendered: &Rendered, piece: &Piece) -> anyhow::Result<()> {
        if self.is_under_way().await? {
            return Ok(());
        }
        let text = std::fs::read(&rendered.file).with_context(|| format!("read {}", rendered.file.display()))?;
        let mut file: Value = serde_json::from_slice(&text).context("read the deployment's compose project")?;
        let deployer = file["services"][Service::Deployer.name()].take();
        ensure!(deployer.is_object(), "{} has no deployer", rendered.file.display());
        let id = rendered.project.rsplit_once("-r").and_then(|(_, id)| id.parse().ok()).map(DeploymentId);
        let deployment = id.with_context(|| format!("{} is no deployment's project", rendered.project))?;
        let folder = rendered.file.parent().map(PathBuf::from).context("the rendered file has no folder")?;
        let (new_file, helper_file) = (folder.join("deployer.json"), folder.join("update.json"));
        let plan_file = Plan::file(&self.platform.state_dir);
        let running = deployers(&self.docker, &self.platform.project).await?;
        let old = running.iter().find(|container| container.state.running && container.image != piece.image_id);
        let old = old.context("no other deployer of this project runs here: there is none to replace")?;
        let plan = Plan {
            deployment,
            project: self.platform.project.clone(),
            file: new_file.clone(),
            old: old.name().to_owned(),
            new: None,
            image: piece.image.clone(),
            phase: Phase::Planned,
            words: None,
        };
        let helper = self.helper(&deployer, &plan_file)?;
        file["name"] = self.platform.project.clone().into();
        file["services"] = json!({ Service::Deployer.name(): deployer });
        write_private(&new_file, &serde_json::to_vec_pretty(&file)?)?;
        file["name"] = self.helper_project().into();
        file["services"] = json!({ HELPER: helper });
        write_private(&helper_file, &serde_json::to_vec_pretty(&file)?)?;
        plan.save(&self.platform.state_dir)?;
        let project = self.helper_project();
        let mut command = self.docker.command(["compose", "--progress", "plain", "--project-name", &project, "--file"]);
        command.arg(&helper_file).args(["up", "--detach", "--no-deps", "--no-build", "--force-recreate"]);
        command.args(["--pull", "never", HELPER]);
        self.docker.programs().output(command, START_WITHIN).await.context("the helper could not be started")?;
        Ok(())
    }
}

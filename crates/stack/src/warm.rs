//! What development compiles at its first start, nine minutes on two cores: compiled beside the cases of the other tiers,
//! which mostly wait, with what those leave of the processors.

use anyhow::{Context, ensure};
use tokio::process::Command;
use tokio::task::JoinHandle;

use crate::case::Tier;
use crate::command::{Said, last_lines, said};
use crate::engine::{self, BUILD_WITHIN};
use crate::project::Project;
use crate::site::Site;

/// The least that the kernel knows; a container has 1024 else.
const LEFT_OVER: &str = "2";
const USUAL: &str = "1024";
/// As `docker/dev/watch.sh` does, one service after the other: together they would have other features.
const BUILD: &str = "cd /source
for service in gateway worker health; do cargo build --quiet --locked --package $service || exit; done";

/// A build that is under way; dropped, it is taken away with its project.
#[derive(Debug)]
pub struct Warm {
    project: Project,
    container: String,
    built: JoinHandle<anyhow::Result<Said>>,
}

impl Warm {
    /// Begins.
    ///
    /// # Errors
    /// When the image that compiles cannot be made.
    pub async fn begin(site: &Site, keep: bool) -> anyhow::Result<Self> {
        let project = Project::new(site, Tier::Dev, &Tier::Dev.to_string())?.kept(keep);
        project.build().await?;
        let container = site.name("warm");
        let label = format!("com.docker.compose.project={}", project.name());
        let mut command = Command::new("docker");
        command.args(["run", "--rm", "--name", &container, "--label", &label, "--cpu-shares", LEFT_OVER]);
        command.args(["--entrypoint", "bash", "--volume", &format!("{}:/source:ro", site.folder().display())]);
        for volume in ["build", "cargo"] {
            let name = format!("{}_dev-{volume}", project.name());
            let made_by_compose = format!("com.docker.compose.volume=dev-{volume}");
            engine::docker(&["volume", "create", "--label", &label, "--label", &made_by_compose, &name]).await?;
            command.args(["--volume", &format!("{name}:/{volume}")]);
        }
        command.args([&format!("{}/dev:dev", site.image_prefix()), "-c", BUILD]);
        let built = tokio::spawn(async move { said(&mut command, BUILD_WITHIN).await });
        Ok(Self { project, container, built })
    }

    /// Waits for its end, no longer behind others; gives the project whose volumes hold what was compiled.
    ///
    /// # Errors
    /// When it did not compile.
    pub async fn end(self) -> anyhow::Result<Project> {
        let Self { project, container, built } = self;
        if !built.is_finished() {
            // It may end just now.
            let _ = engine::docker(&["update", "--cpu-shares", USUAL, &container]).await;
        }
        let said = built.await.context("wait for the build")??;
        ensure!(said.success, "development does not compile:\n{}", last_lines(&said.all(), 40));
        Ok(project)
    }
}

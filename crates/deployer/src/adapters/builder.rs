//! Images built from the checkout, one after the other, with processors and memory capped: what serves goes on serving.
//!
//! `BuildKit` ignores `--memory`. Its steps run in control groups below `--cgroup-parent`, so a group with limits is made on the
//! host first ([`super::cgroup`]) and each build is put there. No build begins while a worker computes a large job, which may
//! take most of the machine; that is waited for, within bounds.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use super::cgroup::{Cap, CapOptions};
use super::docker::SHORT;
use super::images::Names;
use crate::ports::Log;
use crate::release::Service;

/// On images that were built here.
const BUILT_FOR_LABEL: &str = "e2i.built-for";
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// While waiting, a word now and then.
const SAY_EVERY: Duration = Duration::from_mins(1);

/// What a build may take.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildLimits {
    /// Processors; `None`: three quarters of what there is, and as many compilers at a time as there are processors.
    pub cpus: Option<f64>,
    /// Memory.
    pub memory_bytes: u64,
    /// `BuildKit`'s cache may take so much of the disk.
    pub cache_max_bytes: u64,
    /// A large job is waited for so long.
    pub wait: Duration,
    /// One image may take so long.
    pub within: Duration,
}

impl Default for BuildLimits {
    fn default() -> Self {
        Self {
            cpus: None,
            memory_bytes: 2 << 30,
            cache_max_bytes: 10_000_000_000,
            wait: Duration::from_mins(30),
            within: Duration::from_hours(1),
        }
    }
}

/// Builds images.
#[derive(Clone, Debug)]
pub(crate) struct Builder {
    names: Names,
    project: String,
    limits: BuildLimits,
    /// What the helper that makes the group runs.
    own_image: String,
}

/// How an image is built, as the compose file says.
#[derive(Clone, Debug, Deserialize)]
struct Recipe {
    context: String,
    #[serde(default)]
    dockerfile: Option<String>,
    #[serde(default)]
    target: Option<String>,
    #[serde(default)]
    args: BTreeMap<String, Option<String>>,
}

impl Builder {
    pub(crate) fn new(names: Names, project: &str, limits: BuildLimits, own_image: &str) -> Self {
        Self { names, project: project.to_owned(), limits, own_image: own_image.to_owned() }
    }

    /// Builds those images.
    pub(crate) async fn build(
        &self,
        checkout: &Path,
        revisions: &BTreeMap<Service, String>,
        log: &dyn Log,
    ) -> anyhow::Result<()> {
        let recipes = self.recipes(checkout, revisions).await?;
        let options = CapOptions {
            name: format!("{}-build", self.project),
            cpus: self.limits.cpus,
            memory_bytes: self.limits.memory_bytes,
        };
        let cap = Cap::make(&self.names.docker, &self.own_image, &options).await;
        let cap = cap.context("processors and memory of the build could not be capped, so nothing was built")?;
        log.line(&format!("builds may take {cap}"));
        for (service, recipe) in &recipes {
            self.wait_for_large_jobs(log).await?;
            let revision = revisions.get(service).map_or("dev", String::as_str);
            let begin = Instant::now();
            log.line(&format!("{service}: building {revision}"));
            let command = self.command(*service, revision, recipe, &cap);
            let built = self.names.docker.programs().told(command, self.limits.within, log).await;
            built.with_context(|| format!("the image of {service} could not be built"))?;
            log.line(&format!("{service}: built in {:.0} s", begin.elapsed().as_secs_f64()));
        }
        self.bound_cache(log).await
    }

    fn command(&self, service: Service, revision: &str, recipe: &Recipe, cap: &Cap) -> Command {
        let mut command =
            self.names.docker.command(["buildx", "build", "--progress", "plain", "--provenance", "false"]);
        command.args(["--builder", "default", "--load", "--cgroup-parent", cap.parent()]);
        // Containers inherit an image's labels: this is none of those that say who started them.
        command.args(["--label", &format!("{BUILT_FOR_LABEL}={}", self.project)]);
        command.args(["--tag", &self.names.image(service, revision)]);
        for (name, value) in &recipe.args {
            command.args(["--build-arg", &format!("{name}={}", value.as_deref().unwrap_or_default())]);
        }
        // Said alone where processors are: dependencies that were compiled without it are else compiled again.
        if let Some(cpus) = self.limits.cpus {
            command.args(["--build-arg", &format!("CARGO_BUILD_JOBS={}", cpus.ceil().max(1.0))]);
        }
        if let Some(target) = &recipe.target {
            command.args(["--target", target]);
        }
        let dockerfile = Path::new(&recipe.context).join(recipe.dockerfile.as_deref().unwrap_or("Dockerfile"));
        command.arg("--file").arg(dockerfile).arg(&recipe.context);
        command
    }

    /// From the checkout's own compose file: how it builds is the release's to say.
    async fn recipes(
        &self,
        checkout: &Path,
        revisions: &BTreeMap<Service, String>,
    ) -> anyhow::Result<Vec<(Service, Recipe)>> {
        let mut command = self.names.docker.command(["compose", "--project-directory"]);
        command.arg(checkout).arg("--file").arg(checkout.join("docker-compose.yml"));
        command.args(["config", "--format", "json"]);
        command.env("IMAGE_PREFIX", &self.names.prefix).env("COMPOSE_PROJECT_NAME", &self.project);
        for (service, revision) in revisions {
            command.env(format!("{}_REVISION", service.name().to_uppercase()), revision);
        }
        let text = self.names.docker.programs().output(command, SHORT).await?;
        let platform: Value = serde_json::from_str(&text).context("read what docker compose config says")?;
        let recipes =
            revisions.iter().map(|(service, revision)| Ok((*service, recipe(&platform, *service, revision)?)));
        recipes.collect()
    }

    /// A worker that cannot be asked has no say.
    async fn large_jobs(&self) -> anyhow::Result<Vec<String>> {
        let mut busy = Vec::new();
        let workers = ["e2i.service=worker", "com.docker.compose.service=worker"].map(|label| format!("label={label}"));
        for filter in workers {
            let project = format!("name={}-", self.project);
            for container in self.names.docker.list(&[filter, project, "status=running".to_owned()]).await? {
                let name = container.name().to_owned();
                let load = self.names.docker.workload(&name).await;
                if load.is_some_and(|load| load.large.running > 0) && !busy.contains(&name) {
                    busy.push(name);
                }
            }
        }
        Ok(busy)
    }

    async fn wait_for_large_jobs(&self, log: &dyn Log) -> anyhow::Result<()> {
        let begin = Instant::now();
        let mut said: Option<Instant> = None;
        loop {
            let busy = self.large_jobs().await?;
            if busy.is_empty() {
                return Ok(());
            }
            if begin.elapsed() >= self.limits.wait {
                let minutes = self.limits.wait.as_secs() / 60;
                log.line(&format!(
                    "a large job still runs in {}; after {minutes} minutes the build goes on",
                    busy.join(", ")
                ));
                return Ok(());
            }
            if said.is_none_or(|said| said.elapsed() >= SAY_EVERY) {
                log.line(&format!("a large job runs in {}: the build waits until it has ended", busy.join(", ")));
                said = Some(Instant::now());
            }
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// The cache keeps what was used last.
    async fn bound_cache(&self, log: &dyn Log) -> anyhow::Result<()> {
        bound_cache(&self.names, self.limits.cache_max_bytes, log).await
    }
}

/// Lets `BuildKit` forget what was not used for longest until its cache takes no more than that.
pub(crate) async fn bound_cache(names: &Names, max_bytes: u64, log: &dyn Log) -> anyhow::Result<()> {
    let size = super::usage::build_cache_bytes(&names.docker).await?;
    if size <= max_bytes {
        return Ok(());
    }
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    log.line(&format!("the build cache takes {:.1} GB of {:.1}: bounding it", gigabytes(size), gigabytes(max_bytes)));
    let keep = max_bytes.to_string();
    let said =
        names.docker.said(&["builder", "prune", "--force", "--keep-storage", &keep], Duration::from_mins(10)).await?;
    anyhow::ensure!(said.success, "the build cache could not be bounded: {}", said.last_words());
    Ok(())
}

fn recipe(platform: &Value, service: Service, revision: &str) -> anyhow::Result<Recipe> {
    // The deployer is in production's compose file alone, which builds nothing; it is made as its neighbours are.
    let like = if service == Service::Deployer { Service::Gateway } else { service };
    let build = &platform["services"][like.name()]["build"];
    let mut recipe: Recipe = serde_json::from_value(build.clone())
        .with_context(|| format!("docker-compose.yml does not say how {service} is built"))?;
    if service == Service::Deployer {
        recipe.target = Some(service.name().to_owned());
    }
    recipe.args.insert("REVISION".to_owned(), Some(revision.to_owned()));
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_deployer_is_built_as_the_gateway_is() {
        let platform = json!({"services": {"gateway": {"build": {
            "context": "/checkout", "dockerfile": "docker/services/Dockerfile", "target": "gateway",
            "args": {"REVISION": "of-the-gateway", "VERSION": "1"}}}}});
        let made = recipe(&platform, Service::Deployer, "abc").unwrap();
        assert_eq!(made.target.as_deref(), Some("deployer"));
        assert_eq!(made.args["REVISION"].as_deref(), Some("abc"));
        assert!(recipe(&platform, Service::Mlflow, "abc").is_err());
    }
}

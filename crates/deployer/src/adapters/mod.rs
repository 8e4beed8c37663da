//! The real adapters behind [`crate::ports`]: the `git` and `docker` commands, nginx's own program, HTTP.
//!
//! | module | what for |
//! | --- | --- |
//! | [`git`] | the repository |
//! | `docker`, `programs` | commands: bounded in time, ended with what they started, never heard with a secret |
//! | [`compose`], `render` | containers: one compose project for each deployment |
//! | [`images`], [`builder`], `registry`, `cgroup` | images: built here under limits, or pulled by digest |
//! | [`migrator`] | migrations by one-off containers |
//! | [`nginx`], `access_log` | routes, configuration, traffic |
//! | [`prober`], [`canary`] | readiness; an analysis through the public address |
//! | [`disk`], `usage` | the disk budget, and what of it can be had back |
//! | [`self_update`] | this program's own replacement |
//!
//! [`ports`] puts them together. To add an adapter: implement its trait here and name it there.

pub mod builder;
pub mod canary;
pub mod compose;
pub mod config;
pub mod disk;
pub mod git;
pub mod images;
pub mod migrator;
pub mod nginx;
pub mod prober;
pub mod self_update;

mod access_log;
mod cgroup;
mod docker;
mod programs;
mod registry;
mod render;
mod usage;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use reqwest::{Client, ClientBuilder, redirect};

pub use config::{AdaptersConfig, ImageSource};

use crate::ports::Ports;
use docker::Docker;
use programs::Programs;

/// All adapters of a platform in containers.
///
/// # Errors
/// When the state folder cannot be written, or the HTTP client cannot be built.
pub fn ports(config: &AdaptersConfig) -> anyhow::Result<Ports> {
    ports_asking(config, &http_client().build().context("build the HTTP client")?)
}

/// [`ports`] that ask by this client, made of [`http_client`].
///
/// # Errors
/// When the state folder cannot be written.
pub fn ports_asking(config: &AdaptersConfig, http: &Client) -> anyhow::Result<Ports> {
    let AdaptersConfig { state_dir, project, own_image, image_prefix, .. } = config;
    let docker_config = state_dir.join("docker");
    std::fs::create_dir_all(&docker_config).with_context(|| format!("make {}", docker_config.display()))?;
    let secrets = config.repository.token.iter().chain(&config.canary.password).cloned().collect();
    let mut programs = Programs::new(&config.env, secrets);
    if config.env.get("DOCKER_CONFIG").is_none() {
        // What `docker login` wrote stays on the volume.
        programs = programs.with("DOCKER_CONFIG", docker_config.to_string_lossy());
    }
    let docker = Docker::new(programs.clone());
    let platform = compose::Platform {
        project: project.clone(),
        project_dir: config.project_dir.clone(),
        image_prefix: image_prefix.clone(),
        state_dir: state_dir.clone(),
    };
    let compose = compose::Compose::new(platform.clone(), docker.clone());
    let names = images::Names { prefix: image_prefix.clone(), docker: docker.clone() };
    let from = match config.image_source {
        ImageSource::Build => {
            images::From::Build(builder::Builder::new(names.clone(), project, config.build.clone(), own_image))
        }
        ImageSource::Registry => images::From::Registry(registry::Registry::new(names.clone())),
    };
    let nginx = format!("{project}-nginx-1");
    let canary = canary::Canary::through(config.canary.clone(), &nginx);
    let cache = config.build.cache_max_bytes;
    Ok(Ports {
        source: Arc::new(git::Git::new(config.repository.clone(), state_dir, programs)),
        images: Arc::new(images::Provided::new(names.clone(), from)),
        migrator: Arc::new(migrator::OneOff::new(project, docker.clone(), compose.clone())),
        runtime: Arc::new(compose.clone()),
        proxy: Arc::new(nginx::Nginx::new(nginx, docker.clone(), compose, http.clone())),
        prober: Arc::new(prober::Asking::new(docker.clone(), http.clone(), canary)),
        housekeeping: Arc::new(disk::Keeper::new(names, project, state_dir, own_image, cache)),
        self_update: Arc::new(self_update::Replacing::new(platform, docker, own_image)),
    })
}

/// Asks inside Docker's networks: each question over a connection of its own, straight, and nowhere else when told to.
pub fn http_client() -> ClientBuilder {
    let straight = ClientBuilder::new().no_proxy().redirect(redirect::Policy::none());
    straight.pool_max_idle_per_host(0).timeout(Duration::from_secs(5))
}

//! What the program can be asked to do.

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::SystemClock;
use chassis::config::Env;
use chassis::service::{Service, Start, Task};
use tokio::net::TcpListener;

use crate::adapters::self_update::replace;
use crate::config::Config;
use crate::github::{Runs, WithRuns};
use crate::ports::Ports;
use crate::view::Trigger;
use crate::{REQUEST_TIMEOUT, adapters, cli, nowhere, openapi};

/// The service's name in logs, traces and `/readyz`.
pub const SERVICE: &str = "e2i-deployer";

/// Does what `arguments` ask (the first is the program's name); the multi-call `e2i` calls it too.
pub fn main(arguments: impl IntoIterator<Item = OsString>, env: Env) -> ExitCode {
    let service =
        Service::new(SERVICE, "Releases of E2I Causal Analytics: forward, and back.", env!("CARGO_PKG_VERSION"))
            .private_port("DEPLOYER_PRIVATE_LISTEN", 9030)
            .drain_deadline("DEPLOYER_DRAIN_DEADLINE", Duration::from_secs(20))
            .command(replace::command())
            .openapi(openapi::document);
    cli::commands().into_iter().fold(service, Service::command).main(arguments, env, start)
}

async fn start(start: Start) -> anyhow::Result<()> {
    match start.task {
        Task::Run => serve(start).await,
        Task::Command(name, arguments) if name == replace::NAME => replace::run(&arguments, &start.env).await,
        Task::Command(name, arguments) => cli::run(&name, &arguments, &start.env, &start.shutdown).await,
    }
}

async fn serve(start: Start) -> anyhow::Result<()> {
    let config = Config::read(&start.env)?;
    let ports = ports(&config)?;
    let bind = async |variable: &str, address| {
        TcpListener::bind(address).await.with_context(|| format!("{variable}: cannot listen on {address}"))
    };
    let listener = bind("DEPLOYER_LISTEN", config.listen).await?;
    let private_listener = bind("DEPLOYER_PRIVATE_LISTEN", config.private_listen).await?;
    crate::run(config, ports, listener, private_listener, start.shutdown).await
}

/// The world that the configuration names.
///
/// # Errors
/// It cannot be used.
pub(crate) fn ports(config: &Config) -> anyhow::Result<Ports> {
    let ports = match &config.adapters {
        None => return Ok(nowhere::ports()),
        Some(config) => adapters::ports(config)?,
    };
    // What git cannot know, where somebody asks for it.
    let asks_github = config.github.as_ref().filter(|_| config.settings.trigger == Trigger::WorkflowRun);
    let Some(github) = asks_github else { return Ok(ports) };
    let http = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).build().context("build the HTTP client")?;
    let runs = Runs::new(http, github.clone(), config.hooks.expected.clone(), Arc::new(SystemClock));
    Ok(Ports { source: Arc::new(WithRuns::new(ports.source, runs)), ..ports })
}

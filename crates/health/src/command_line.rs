//! What the program can be asked to do.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use chassis::config::Env;
use chassis::service::{Service, Start, Task};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::openapi;

/// The service's name in logs, traces and `/readyz`.
pub const SERVICE: &str = "e2i-health";

/// Does what `arguments` ask (the first is the program's name); the multi-call `e2i` calls it too.
pub fn main(arguments: impl IntoIterator<Item = OsString>, env: Env) -> ExitCode {
    Service::new(SERVICE, "The state of E2I Causal Analytics and of all it stands on.", env!("CARGO_PKG_VERSION"))
        .private_port("HEALTH_PRIVATE_LISTEN", 9020)
        .drain_deadline("HEALTH_DRAIN_DEADLINE", Duration::from_secs(10))
        .openapi(openapi::document)
        .main(arguments, env, start)
}

async fn start(start: Start) -> anyhow::Result<()> {
    match start.task {
        Task::Run => serve(start).await,
        Task::Command(name, _arguments) => anyhow::bail!("{name} is not known"),
    }
}

async fn serve(start: Start) -> anyhow::Result<()> {
    let config = Config::read(&start.env)?;
    let bind = async |variable: &str, address| {
        TcpListener::bind(address).await.with_context(|| format!("{variable}: cannot listen on {address}"))
    };
    let listener = bind("HEALTH_LISTEN", config.listen).await?;
    let private_listener = bind("HEALTH_PRIVATE_LISTEN", config.private_listen).await?;
    crate::run(config, start.identity, listener, private_listener, start.shutdown).await
}

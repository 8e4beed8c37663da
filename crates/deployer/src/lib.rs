//! Signed webhook to live release, or back.
//!
//! * [`adapters`]: the real ones.
//! * [`release`]: what is released. Pure.
//! * [`machine`]: how a deployment goes, forward and back. Pure.
//! * [`journal`]: what was asked, what was done, what is live; the one `SQLite` module.
//! * [`ports`]: what is needed of the world; [`nowhere`]: where there is none. `engine`: carries out what the machine says,
//!   over the ports, by the journal.
//! * [`handle`]: the deployer as the rest of the program holds it; [`order`]: what can be asked of it; [`view`]: what it
//!   tells; [`settings`]: how it works.
//! * [`http`]: the API, one file an endpoint; [`webhook`]: what GitHub tells, pure; [`socket`]: the operator's way in.
//! * [`announce`]: what people and GitHub are told; [`github`]: GitHub's API.
//! * [`main`]: the command line; [`cli`]: orders by hand; [`config`]: the variables; [`run`]: the service.
//!
//! `docs/deployer.md` tells how they work together, and what a kill at each step leads to.

mod access;
pub mod adapters;
pub mod announce;
pub mod cli;
mod command_line;
pub mod config;
mod engine;
pub mod error;
mod following;
pub mod github;
pub mod handle;
pub mod http;
pub mod journal;
pub mod machine;
mod measures;
pub mod nowhere;
mod openapi;
pub mod order;
pub mod pace;
mod paths;
mod planning;
pub mod ports;
mod reading;
pub mod release;
pub mod settings;
pub mod socket;
pub mod state;
pub mod view;
pub mod webhook;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::{SharedClock, SystemClock};
use chassis::entropy::SystemEntropy;
use chassis::http::{ServerLimits, serve};
use chassis::lifecycle::Shutdown;
use chassis::private::{self, Identity};
use chassis::telemetry;
use tokio::net::TcpListener;

pub use command_line::{SERVICE, main};
pub use config::Config;
pub use openapi::document as openapi_document;
pub use state::AppState;

use announce::Announcer;
use handle::Deployer;
use ports::Ports;

/// How long an HTTP request of ours may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Runs the deployer over these ports until `shutdown`: engine, API, private port, the operator's socket, messages.
///
/// # Errors
/// The state folder cannot be used or another deployer has it, the journal can be written no more, or a listener fails.
pub async fn run(
    config: Config,
    ports: Ports,
    listener: TcpListener,
    private_listener: TcpListener,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    let clock: SharedClock = Arc::new(SystemClock);
    let deployer = Deployer::open(config.settings.clone(), ports, clock.clone())?;
    let entropy = Arc::new(SystemEntropy);
    let state = AppState::build(&config, deployer.clone(), clock.clone(), entropy, shutdown.clone())?;
    let app = http::app(&state);
    let operators = socket::open(&config.settings.state_dir)?;
    let announcer = announcer(&config, &deployer, &clock)?;
    let identity = Identity { service: SERVICE, version: env!("CARGO_PKG_VERSION"), revision: config.revision.clone() };
    let private = http::private::router(identity, &state)?;
    measures::begin();
    shutdown.tasks.spawn(announcer.run(shutdown.soft.clone()));
    let engine = shutdown.tasks.spawn({
        let (deployer, stop) = (deployer.clone(), shutdown.soft.clone());
        async move { deployer.run(stop).await }
    });
    let served = tokio::select! {
        served = serve(listener, app.clone(), ServerLimits::default(), &shutdown) => served.context("serve the API"),
        served = socket::serve(operators, app, clock, shutdown.clone()) => served.context("serve the operator's socket"),
        served = private::serve_private(private_listener, private, &shutdown) => served.context("serve the private port"),
        ended = engine => ended.context("the engine broke").and_then(|ended| ended),
        () = private::keep_metrics(telemetry::metrics::install()?) => Ok(()),
        () = http::private::keep_gauges(deployer) => Ok(()),
    };
    // An engine that cannot go on ends the program, so that another may begin anew from the journal.
    shutdown.begin(REQUEST_TIMEOUT);
    shutdown.drained().await;
    served
}

fn announcer(config: &Config, deployer: &Deployer, clock: &SharedClock) -> anyhow::Result<Announcer> {
    let http = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).build().context("build the HTTP client")?;
    let mut channels = config.notify.channels(&http)?;
    if let Some(github) = &config.github {
        channels.push(Arc::new(github::Deployments::new(http, github.clone())));
    }
    Announcer::open(deployer.journal().clone(), channels, clock.clone(), config.public_url.clone())
}

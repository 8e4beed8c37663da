//! The whole platform without Docker: private Postgres, Redis and nginx, and every service, as processes of this machine.
//!
//! | module | what for |
//! | --- | --- |
//! | [`platform`] | the services of one platform on servers that are there; what the integration tests start |
//! | [`stack`], [`up`] | `make up`: servers and services of a clone, kept running until Ctrl-C |
//! | [`front`] | nginx before the services |
//! | [`running`] | one platform a clone, found by the other commands |
//! | [`home`] | where data, keys and passwords lie |
//! | [`client`] | the HTTP API as a client program sees it |
//! | [`main_job`], [`demo`], [`mod@bench`] | from a table to an effect: `make demo`, `make demo-panel`, `make bench-main-job` |
//! | [`bench_dispatch`] | many no-op jobs through the whole way, beside other queues: `make bench-dispatch` |
//! | [`proof`] | published values beside ours: `make proof` |
//! | [`cli`], [`services`] | the program `e2i`, which is every service as well |
//!
//! Nothing is replaced by a look-alike: the services are the same code and the same processes as in the containers. The
//! one program `e2i` is every service as well (`e2i service gateway ...`), so that tests and `make up` build one thing.

pub mod bench;
pub mod bench_dispatch;
pub mod bench_gateway;
pub mod cli;
pub mod client;
pub mod console;
pub mod demo;
pub mod front;
pub mod home;
pub mod main_job;
pub mod platform;
pub mod proof;
pub mod running;
pub mod services;
pub mod stack;
pub mod up;
pub mod web_app;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use chassis::config::Env;
use chassis::entropy::SystemEntropy;
use chassis::telemetry::{self, TelemetryConfig};

use crate::cli::{Command, Place};
use crate::stack::StackOptions;

/// Runs a command of the platform (not a single service) to its end.
#[must_use]
pub fn run(command: Command) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("start the runtime");
    let outcome = runtime.and_then(|runtime| {
        let outcome = runtime.block_on(obey(command));
        // A thread that waits for a server's guardian must not hold up the end; the guardian works on.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("e2i: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn obey(command: Command) -> anyhow::Result<()> {
    let env = Env::from_process();
    let telemetry = telemetry::start(&TelemetryConfig::read(&env.with("LOG_FORMAT", "pretty"))?, "e2i", "dev")?;
    let outcome = match command {
        Command::Up(arguments) => up::up(options(arguments.place)?, arguments.stop_with_parent).await,
        Command::Demo(arguments) => demo::demo(options(arguments.place)?, &arguments.file).await,
        Command::DemoPanel(arguments) => demo::demo_panel(options(arguments.place)?).await,
        Command::DemoData(arguments) => demo::panel::write_table(&arguments.folder),
        Command::BenchMainJob(arguments) => bench::main_job(this_program()?, &arguments.file, arguments.runs).await,
        Command::BenchGateway(arguments) => bench_gateway::gateway(this_program()?, &arguments).await,
        Command::BenchDispatch(arguments) => bench_dispatch::dispatch(this_program()?, &arguments).await,
        Command::Proof(arguments) => proof::write(&this_program()?, &arguments).await,
        Command::Service(_) => Err(anyhow::anyhow!("a service runs outside this runtime")),
    };
    telemetry.flush().await;
    outcome
}

fn options(place: Place) -> anyhow::Result<StackOptions> {
    Ok(StackOptions {
        local: place.local,
        program: this_program()?,
        environment: variables(),
        sink: console::prefixed(),
        entropy: Arc::new(SystemEntropy),
    })
}

fn this_program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("find this program")
}

/// This process's variables, for the services, whose lines are coloured only where this program's are.
fn variables() -> Vec<(String, String)> {
    let colours = std::io::stdout().is_terminal();
    let plain = (!colours).then(|| ("NO_COLOR".to_owned(), "1".to_owned()));
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .chain(plain)
        .collect()
}

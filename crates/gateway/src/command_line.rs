//! What the program can be asked to do.

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use chassis::clock::SystemClock;
use chassis::config::{ConfigProblems, Env};
use chassis::service::{Service, Start, Task};
use clap::Command;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use store::people::users::Ensured;
use tokio::net::TcpListener;
use url::Url;

use crate::config::{BootstrapConfig, Config, FirstPerson, KeysConfig};
use crate::people::bootstrap::Bootstrapped;
use crate::{key_commands, openapi, people, release_commands};

/// The service's name in logs, traces and `/readyz`.
pub const SERVICE: &str = "e2i-gateway";

/// Does what `arguments` ask (the first is the program's name); the multi-call `e2i` calls it too.
pub fn main(arguments: impl IntoIterator<Item = OsString>, env: Env) -> ExitCode {
    let service = Service::new(SERVICE, "The HTTP API of E2I Causal Analytics.", env!("CARGO_PKG_VERSION"))
        .private_port("GATEWAY_PRIVATE_LISTEN", 9000);
    release_commands::commands()
        .into_iter()
        .fold(service, Service::command)
        .command(Command::new("bootstrap").about("Create the first admin and the canary user where they are missing"))
        .command(Command::new("setup").about("migrate and bootstrap; says the admin's password when it made the admin"))
        .command(key_commands::command())
        .openapi(openapi::document)
        .main(arguments, env, start)
}

async fn start(start: Start) -> anyhow::Result<()> {
    match start.task {
        Task::Run => serve(start).await,
        Task::Command(name, _) if name == "bootstrap" => bootstrap(&BootstrapConfig::read(&start.env)?).await.map(drop),
        Task::Command(name, _) if name == "setup" => setup(&start.env).await,
        Task::Command(name, arguments) if name == key_commands::NAME => {
            key_commands::run(&KeysConfig::read(&start.env)?, &arguments, &SystemClock).await
        }
        Task::Command(name, arguments) => match release_commands::run(&name, &arguments, &start.env).await {
            Some(outcome) => outcome,
            None => anyhow::bail!("there is no subcommand {name:?}"),
        },
    }
}

async fn serve(start: Start) -> anyhow::Result<()> {
    let config = Config::read(&start.env)?;
    allow_open_files(config.max_connections);
    let bind = async |variable: &str, address| {
        TcpListener::bind(address).await.with_context(|| format!("{variable}: cannot listen on {address}"))
    };
    let listener = bind("GATEWAY_LISTEN", config.listen).await?;
    let private_listener = bind("GATEWAY_PRIVATE_LISTEN", config.private_listen).await?;
    crate::run(config, listener, private_listener, start.shutdown).await
}

/// Each connection takes a file: asks for as many as the system lets a process have.
fn allow_open_files(connections: usize) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current == maximum {
        return;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => tracing::debug!(before = ?current, now = ?maximum, "more files may be open"),
        Err(error) => tracing::warn!(%error, ?current, connections, "no more files may be open than at the start"),
    }
}

async fn bootstrap(config: &BootstrapConfig) -> anyhow::Result<Bootstrapped> {
    let outcome = people::bootstrap::run(config).await?;
    tracing::info!(admin = ?outcome.admin, canary = ?outcome.canary, "bootstrap done");
    Ok(outcome)
}

/// What a container does once, before the services start.
async fn setup(env: &Env) -> anyhow::Result<()> {
    let (people, address) = (BootstrapConfig::read(env)?, public_url(env)?);
    release_commands::migrate(env).await?;
    if bootstrap(&people).await?.admin == Ensured::Created {
        let FirstPerson { email, password } = &people.admin;
        // For people who read the output of `docker compose up`, and no line of the log: the log never has a password.
        let welcome = format!(
            "\nE2I is being set up.\n  address    {address}\n  user       {email}\n  password   {}   (shown this once)\n",
            password.expose()
        );
        writeln!(std::io::stdout(), "{welcome}").context("print the first admin's password")?;
    }
    Ok(())
}

fn public_url(env: &Env) -> Result<Url, ConfigProblems> {
    let mut read = env.reader();
    let url = read.required("PUBLIC_URL");
    read.finish(|| url)
}

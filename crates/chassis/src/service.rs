//! What a thin `main` needs: the command line, telemetry, configuration problems as exit code 78, run, flush.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use chassis::config::Env;
//! use chassis::service::{Service, Start, Task};
//!
//! fn main() -> ExitCode {
//!     let service = Service::new("e2i-example", "Shows how.", "0.1.0").private_port("EXAMPLE_PRIVATE_LISTEN", 9099);
//!     service.main(std::env::args_os(), Env::from_process(), run)
//! }
//!
//! async fn run(start: Start) -> anyhow::Result<()> {
//!     match start.task {
//!         Task::Run => { start.shutdown.soft.cancelled().await; Ok(()) }
//!         Task::Command(name, _arguments) => anyhow::bail!("{name} is not known"),
//!     }
//! }
//! ```

use std::ffi::OsString;
use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use metrics_exporter_prometheus::PrometheusHandle;
use utoipa::openapi::OpenApi;

use crate::config::{self, ConfigProblems, Env};
use crate::lifecycle::Shutdown;
use crate::private::Identity;
use crate::telemetry::{self, TelemetryConfig};
use crate::{healthcheck, openapi, revision};

/// After `hard`, how long the service may still take before the process ends without it.
const LAST_GRACE: Duration = Duration::from_secs(3);
/// How long blocking work may hold up the end of the process.
const RUNTIME_DEADLINE: Duration = Duration::from_secs(2);
/// The outcome of a subcommand whose exit code says more than "failed". Give it as the error; nothing is logged, the words go
/// to standard error as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct ExitWith {
    /// The exit code.
    pub code: u8,
    /// For people; may be empty.
    pub words: String,
}

/// The exit code of a service that was forced to end (128 + SIGTERM).
const FORCED: u8 = 143;

/// A service's command line.
#[derive(Debug)]
pub struct Service {
    name: &'static str,
    about: &'static str,
    version: &'static str,
    private_port: (&'static str, u16),
    drain: (&'static str, Duration),
    commands: Vec<Command>,
    openapi: Option<fn() -> OpenApi>,
}

/// What the command line asked for.
#[derive(Debug)]
pub enum Task {
    /// No subcommand, or `run`: serve.
    Run,
    /// A subcommand of the service's own, with its arguments.
    Command(String, ArgMatches),
}

/// What a service gets to start with.
#[derive(Debug)]
pub struct Start {
    /// What to do.
    pub task: Task,
    /// The environment to read the configuration from.
    pub env: Env,
    /// Wired to the signals.
    pub shutdown: Shutdown,
    /// Who this is, for `/readyz`.
    pub identity: Identity,
    /// Renders the metrics.
    pub metrics: PrometheusHandle,
}

impl Service {
    /// A service called `name` (also its program's name).
    #[must_use]
    pub fn new(name: &'static str, about: &'static str, version: &'static str) -> Self {
        let drain = ("DRAIN_DEADLINE", Duration::from_secs(20));
        let private_port = ("PRIVATE_LISTEN", 9000);
        Self { name, about, version, private_port, drain, commands: Vec::new(), openapi: None }
    }

    /// The variable that holds the private address, and the port on the loopback when it is not set.
    #[must_use]
    pub fn private_port(mut self, variable: &'static str, default_port: u16) -> Self {
        self.private_port = (variable, default_port);
        self
    }

    /// The variable that holds how long running work may take after SIGTERM, and its default.
    #[must_use]
    pub fn drain_deadline(mut self, variable: &'static str, default: Duration) -> Self {
        self.drain = (variable, default);
        self
    }

    /// Adds a subcommand of the service's own; it arrives as [`Task::Command`].
    #[must_use]
    pub fn command(mut self, command: Command) -> Self {
        self.commands.push(command);
        self
    }

    /// Adds the subcommand `openapi`, which prints `document` and needs no configuration.
    #[must_use]
    pub fn openapi(mut self, document: fn() -> OpenApi) -> Self {
        self.openapi = Some(document);
        self
    }

    /// Parses `arguments` (the first is the program's name) and does what they ask, with `body` for [`Task`]s.
    ///
    /// Exit codes: 0 done, 1 failed, 2 wrong arguments, 78 wrong configuration, 143 forced to end.
    pub fn main<A, F, Fut>(self, arguments: A, env: Env, body: F) -> ExitCode
    where
        A: IntoIterator<Item = OsString>,
        F: FnOnce(Start) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let matches = match self.command_line().try_get_matches_from(arguments) {
            Ok(matches) => matches,
            Err(error) => {
                let _no_terminal = error.print();
                return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
            }
        };
        match matches.subcommand() {
            Some(("healthcheck", arguments)) => self.healthcheck(&env, arguments),
            Some(("openapi", arguments)) => self.print_openapi(arguments),
            None | Some(("run", _)) => self.start(Task::Run, env, body),
            Some((name, arguments)) => self.start(Task::Command(name.to_owned(), arguments.clone()), env, body),
        }
    }

    fn command_line(&self) -> Command {
        let live = Arg::new("live").long("live").action(ArgAction::SetTrue).help("Ask /livez instead of /readyz");
        let mut command = Command::new(self.name)
            .about(self.about)
            .version(self.version)
            .subcommand(Command::new("run").about("Serve (the default)"))
            .subcommand(Command::new("healthcheck").about("Ask the private port; exit 0 when well").arg(live))
            .subcommands(self.commands.clone());
        if self.openapi.is_some() {
            let with = Arg::new("with").long("with").value_name("FILE").action(ArgAction::Append);
            let with = with.help("Add what another service's document has").value_parser(value_parser!(PathBuf));
            command = command.subcommand(Command::new("openapi").about("Print the OpenAPI document").arg(with));
        }
        command
    }

    fn healthcheck(&self, env: &Env, arguments: &ArgMatches) -> ExitCode {
        let (variable, port) = self.private_port;
        let mut read = env.reader();
        let address = read.parse_or(variable, SocketAddr::from(([127, 0, 0, 1], port)));
        if let Err(problems) = read.finish(|| Some(())) {
            return report_config(&problems);
        }
        let path = if arguments.get_flag("live") { "/livez" } else { "/readyz" };
        match healthcheck::ask(address, path) {
            Ok(body) => {
                print_line(&body);
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{} is not well: {error:#}", self.name);
                ExitCode::FAILURE
            }
        }
    }

    fn print_openapi(&self, arguments: &ArgMatches) -> ExitCode {
        let others = arguments.get_many::<PathBuf>("with").into_iter().flatten().map(PathBuf::as_path);
        match self.openapi.map(|document| openapi::with_others(document(), others)) {
            Some(Ok(document)) => {
                print_line(&document);
                ExitCode::SUCCESS
            }
            Some(Err(error)) => {
                eprintln!("the OpenAPI document cannot be made: {error:#}");
                ExitCode::FAILURE
            }
            None => ExitCode::FAILURE,
        }
    }

    fn start<F, Fut>(self, task: Task, env: Env, body: F) -> ExitCode
    where
        F: FnOnce(Start) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("the runtime cannot start: {error}");
                return ExitCode::FAILURE;
            }
        };
        let code = runtime.block_on(self.run(task, env, body));
        runtime.shutdown_timeout(RUNTIME_DEADLINE);
        code
    }

    async fn run<F, Fut>(self, task: Task, env: Env, body: F) -> ExitCode
    where
        F: FnOnce(Start) -> Fut,
        Fut: Future<Output = anyhow::Result<()>>,
    {
        let (mut telemetry_config, drain_deadline) = match self.read_config(&env) {
            Ok(read) => read,
            Err(problems) => return report_config(&problems),
        };
        // What a command prints may be read by a program.
        telemetry_config.logs_to_stderr = matches!(task, Task::Command(..));
        let revision = revision::of(&env);
        let telemetry = match telemetry::start(&telemetry_config, self.name, &revision) {
            Ok(telemetry) => telemetry,
            Err(error) => {
                eprintln!("telemetry cannot start: {error:#}");
                return ExitCode::FAILURE;
            }
        };
        let identity = Identity { service: self.name, version: self.version, revision };
        let shutdown = Shutdown::new();
        let outcome = match prepare(&shutdown, drain_deadline) {
            Ok(metrics) => {
                let work = body(Start { task, env, shutdown: shutdown.clone(), identity, metrics });
                until_forced(work, &shutdown).await
            }
            Err(error) => Some(Err(error)),
        };
        let code = exit_code(outcome);
        telemetry.flush().await;
        code
    }

    fn read_config(&self, env: &Env) -> Result<(TelemetryConfig, Duration), ConfigProblems> {
        let mut read = env.reader();
        let telemetry = read.absorb(TelemetryConfig::read(env));
        let drain_deadline = read.parse_or(self.drain.0, self.drain.1);
        read.finish(|| Some((telemetry?, drain_deadline)))
    }
}

fn prepare(shutdown: &Shutdown, drain_deadline: Duration) -> anyhow::Result<PrometheusHandle> {
    shutdown.on_signals(drain_deadline)?;
    telemetry::metrics::install()
}

/// The outcome of `work`; `None` when it still had not ended some time after it was forced to.
async fn until_forced(
    work: impl Future<Output = anyhow::Result<()>>,
    shutdown: &Shutdown,
) -> Option<anyhow::Result<()>> {
    let forced = async {
        shutdown.hard.cancelled().await;
        tokio::time::sleep(LAST_GRACE).await;
    };
    tokio::select! {
        outcome = work => Some(outcome),
        () = forced => None,
    }
}

fn exit_code(outcome: Option<anyhow::Result<()>>) -> ExitCode {
    match outcome {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            if let Some(problems) = error.downcast_ref::<ConfigProblems>() {
                return report_config(problems);
            }
            if let Some(ExitWith { code, words }) = error.downcast_ref() {
                if !words.is_empty() {
                    eprintln!("{words}");
                }
                return ExitCode::from(*code);
            }
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
        None => {
            tracing::error!("forced to end with work still running");
            ExitCode::from(FORCED)
        }
    }
}

fn report_config(problems: &ConfigProblems) -> ExitCode {
    eprintln!("{problems}");
    ExitCode::from(config::EXIT_CODE)
}

/// Like `println!`, but a closed pipe (`| head`) is no panic.
fn print_line(text: &str) {
    let _closed_pipe = writeln!(std::io::stdout(), "{text}");
}

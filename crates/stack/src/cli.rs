//! The command line of `stack`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::case::Tier;
use crate::run::{self, Options};
use crate::{alarms, bench, outside};

/// The platform in containers, tested and measured.
#[derive(Debug, Parser)]
#[command(name = "stack", max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `stack` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the platform up in each tier and try every case; code 1 when one fails, 3 when it could not be done
    Test(TestArguments),
    /// Measure sizes, times and memory; ends with one JSON line
    Bench(BenchArguments),
    /// Hurt each part and count what health tells of it; code 1 when a case fails, 3 when it could not be done
    Alarms(AlarmsArguments),
    /// Print which TCP ports of an address accept a connection
    #[command(hide = true)]
    Scan {
        /// Whose
        address: IpAddr,
        /// The first port
        first: u16,
        /// The last port
        last: u16,
    },
}

/// `stack test`
#[derive(Debug, Args)]
pub struct TestArguments {
    /// Only these cases
    cases: Vec<String>,
    /// Only this tier (several times for several)
    #[arg(long)]
    tier: Vec<Tier>,
    /// Name the cases and try none
    #[arg(long)]
    list: bool,
    /// Leave up what was brought up, and the copy of the clone
    #[arg(long)]
    keep: bool,
    /// Write a page of Markdown too
    #[arg(long)]
    report: Option<PathBuf>,
    /// The clone
    #[arg(long, default_value = ".")]
    clone: PathBuf,
}

/// `stack bench`
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// Seconds of each load on nginx and the gateway
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=120))]
    pub seconds: u32,
    /// Connections that ask at once
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(2..=512))]
    pub connections: u32,
    /// Leave out what needs the development tier: hot reload
    #[arg(long)]
    pub without_hot_reload: bool,
    /// The clone
    #[arg(long, default_value = ".")]
    pub clone: PathBuf,
}

/// `stack alarms`
#[derive(Debug, Args)]
pub struct AlarmsArguments {
    /// Only these cases: a name, or a word of it (`redis`, `paused`)
    cases: Vec<String>,
    /// Name the cases and try none
    #[arg(long)]
    list: bool,
    /// Leave up what was brought up, and the copy of the clone
    #[arg(long)]
    keep: bool,
    /// Write a page of Markdown too
    #[arg(long)]
    report: Option<PathBuf>,
    /// Measure instead; ends with one JSON line
    #[arg(long, requires = "year", conflicts_with_all = ["cases", "keep"])]
    bench: bool,
    /// How often each part is hurt in each way, when it is measured
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// The program that simulates a year of health's looks, when it is measured
    #[arg(long)]
    year: Option<PathBuf>,
    /// The clone
    #[arg(long, default_value = ".")]
    clone: PathBuf,
}

/// Does it.
#[must_use]
pub fn obey(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return could_not(&error.into()),
    };
    let outcome = match cli.command {
        Command::Scan { address, first, last } => {
            let open = runtime.block_on(outside::open_ports(address, first..=last));
            println!("{}", open.iter().map(u16::to_string).collect::<Vec<_>>().join(" "));
            Ok(true)
        }
        Command::Bench(arguments) => runtime.block_on(unless_stopped(bench::bench(&arguments))).map(|()| true),
        Command::Alarms(arguments) => hurt(&runtime, arguments),
        Command::Test(TestArguments { cases, tier, list, keep, report, clone }) => {
            let options = Options { clone, tiers: tier, names: cases, keep, report };
            if list {
                name_cases(&options).map(|()| true)
            } else {
                runtime.block_on(unless_stopped(run::run(&options)))
            }
        }
    };
    match outcome {
        Ok(passed) => ExitCode::from(u8::from(!passed)),
        Err(error) => could_not(&error),
    }
}

fn hurt(runtime: &tokio::runtime::Runtime, arguments: AlarmsArguments) -> anyhow::Result<bool> {
    let AlarmsArguments { cases, list, keep, report, rounds, year, clone, .. } = arguments;
    if list {
        for case in alarms::run::chosen(&cases)? {
            println!("{:<22} {}", case.name, case.about);
        }
        return Ok(true);
    }
    if let (true, Some(year)) = (arguments.bench, year) {
        let options = alarms::bench::Options { clone, rounds, year, report };
        return runtime.block_on(unless_stopped(alarms::bench::bench(&options))).map(|()| true);
    }
    let options = alarms::run::Options { clone, words: cases, keep, report };
    runtime.block_on(unless_stopped(alarms::run::run(&options)))
}

fn could_not(error: &anyhow::Error) -> ExitCode {
    eprintln!("stack: {error:#}");
    ExitCode::from(3)
}

fn name_cases(options: &Options) -> anyhow::Result<()> {
    for case in run::chosen(options)? {
        println!("{:<6} {:<20} {}", case.tier.to_string(), case.name, case.about);
    }
    Ok(())
}

/// Ctrl-C and SIGTERM drop the work where it stands, and with it whatever it has brought up.
async fn unless_stopped<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        outcome = work => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("stopped by Ctrl-C; everything has been taken down")),
        _ = terminated.recv() => Err(anyhow::anyhow!("stopped by SIGTERM; everything has been taken down")),
    }
}

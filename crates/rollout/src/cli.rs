//! The command line of `rollout`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::bench;
use crate::load::Plan;
use crate::rig::RigOptions;
use crate::run::{self, Options};

/// Releases on a server of its own, under load and under every fault.
#[derive(Debug, Parser)]
#[command(name = "rollout", max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `rollout` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try every case; code 1 when one fails, 3 when it could not be done
    Test(TestArguments),
    /// Measure, beside plain compose; ends with one JSON line
    Bench(BenchArguments),
}

/// What is needed to make a rig.
#[derive(Debug, Args)]
pub struct RigArguments {
    /// Requests a second
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=2000))]
    per_second: u32,
    /// Open streams of events
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=500))]
    streams: u32,
    /// What chance is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Times that limits on seconds are multiplied by, on a machine that does other things meanwhile
    #[arg(long, default_value_t = 1.0)]
    patience: f64,
    /// Images built here are called so and stay, and are not built again
    #[arg(long)]
    image_prefix: Option<String>,
    /// A folder with programs that images hold instead of newly compiled ones: for work on them
    #[arg(long)]
    programs: Option<PathBuf>,
    /// Leave the folder of the run behind
    #[arg(long)]
    keep: bool,
    /// The clone
    #[arg(long, default_value = ".")]
    clone: PathBuf,
}

impl RigArguments {
    fn options(&self) -> RigOptions {
        RigOptions {
            clone: self.clone.clone(),
            image_prefix: self.image_prefix.clone(),
            programs: self.programs.clone(),
            with_deployer: true,
            patience: self.patience,
            keep: self.keep,
            plan: Plan { per_second: self.per_second, streams: self.streams, seed: self.seed },
        }
    }
}

/// `rollout test`
#[derive(Debug, Args)]
pub struct TestArguments {
    /// Only these cases
    cases: Vec<String>,
    /// Only those that CI tries
    #[arg(long)]
    ci: bool,
    /// Name the cases and try none
    #[arg(long)]
    list: bool,
    /// Try again what has passed at this commit with this seed
    #[arg(long)]
    anew: bool,
    /// Write a page of Markdown too
    #[arg(long)]
    report: Option<PathBuf>,
    #[command(flatten)]
    rig: RigArguments,
}

/// `rollout bench`
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// What of it; the whole takes about an hour
    #[arg(long, value_enum, default_value_t)]
    part: bench::Part,
    #[command(flatten)]
    rig: RigArguments,
}

/// Does it.
#[must_use]
pub fn obey(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return could_not(&error.into()),
    };
    let outcome = match cli.command {
        Command::Bench(BenchArguments { part, rig }) => {
            let options = bench::Options { rig: rig.options(), part };
            runtime.block_on(unless_stopped(bench::bench(&options))).map(|()| true)
        }
        Command::Test(arguments) => {
            let TestArguments { cases, ci, list, anew, report, rig } = arguments;
            let options = Options { rig: rig.options(), names: cases, ci, seed: rig.seed, anew, report };
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

fn could_not(error: &anyhow::Error) -> ExitCode {
    eprintln!("rollout: {error:#}");
    ExitCode::from(3)
}

fn name_cases(options: &Options) -> anyhow::Result<()> {
    for case in run::chosen(options)? {
        println!("{:<22} {}{}", case.name, case.about, if case.in_ci { " (in CI)" } else { "" });
    }
    Ok(())
}

/// Ctrl-C and SIGTERM drop the work where it stands, and with it the server.
async fn unless_stopped<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        outcome = work => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("stopped by Ctrl-C; everything has been taken down")),
        _ = terminated.recv() => Err(anyhow::anyhow!("stopped by SIGTERM; everything has been taken down")),
    }
}

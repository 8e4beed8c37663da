//! The command line of `chaos`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, Parser, Subcommand};
use local::cli::ServiceArguments;

use crate::guards::Guard;
use crate::plan::Size;
use crate::run::{RunOptions, run};

/// How fast jobs are submitted, about.
const JOBS_PER_S: u64 = 25;

/// A small Jepsen for dispatch.
#[derive(Debug, Parser)]
#[command(name = "chaos", max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `chaos` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run, print what goes on, end with one JSON line; code 1 when it did not go as it has to
    Run(RunArguments),
    /// Be a service
    #[command(disable_help_flag = true)]
    Service(ServiceArguments),
}

/// `chaos run`
#[derive(Debug, Args)]
pub struct RunArguments {
    /// What the plan is drawn from
    #[arg(long, env = "SEED", default_value_t = 1)]
    seed: u64,
    /// Jobs to submit
    #[arg(long, env = "JOBS", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(10..=1_000_000))]
    jobs: u32,
    /// A guard of dispatch to take out: the run must then find loss or doubles
    #[arg(long)]
    without: Option<Guard>,
    /// The table that is analysed
    #[arg(long, default_value = "testdata/nsw.csv")]
    table: PathBuf,
}

/// Runs, prints what goes on, and ends with one JSON line; code 1 when it did not go as it has to, 3 when it could not be done.
#[must_use]
pub fn obey(arguments: RunArguments) -> ExitCode {
    let outcome = std::env::current_exe().map_err(anyhow::Error::from).and_then(|program| {
        let jobs = usize::try_from(arguments.jobs)?;
        // A queue in front of few places is what stale entries are about.
        let places = if arguments.without == Some(Guard::Claim) { 4 } else { 16 };
        let size = Size {
            jobs,
            clients: 8,
            workers: 3,
            gateways: 2,
            places,
            span_s: u64::from(arguments.jobs) / JOBS_PER_S + 30,
        };
        let options = RunOptions {
            program,
            table: arguments.table,
            seed: arguments.seed,
            size,
            rounds: 1,
            only: None,
            without: arguments.without,
            stalled_after: Duration::from_mins(2),
        };
        let begin = Instant::now();
        let say = |line: &str| println!("chaos {:>7.1} s  {line}", begin.elapsed().as_secs_f64());
        tokio::runtime::Runtime::new()?.block_on(run(&options, &say))
    });
    match outcome {
        Ok(report) => {
            println!("{}", report.to_json());
            ExitCode::from(u8::from(!report.is_as_it_has_to_be()))
        }
        Err(error) => {
            eprintln!("chaos: {error:#}");
            ExitCode::from(3)
        }
    }
}

//! The command line of `e2i`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const UP: &str = "Run the platform until Ctrl-C

Finds Postgres, Redis and nginx (as root on Debian installs them), runs private instances, migrates, makes the first \
admin and the canary user, and runs every service behind nginx, the one address for everything. Data stay for the next time.

Addresses: E2I_NGINX_LISTEN, DEPLOYER_LISTEN (none is started), GATEWAY_LISTEN, GATEWAY_PRIVATE_LISTEN, WORKER_PRIVATE_LISTEN, HEALTH_LISTEN, HEALTH_PRIVATE_LISTEN, E2I_NGINX_PRIVATE_LISTEN, PUBLIC_URL, E2I_POSTGRES_PORT, E2I_REDIS_PORT; \
otherwise 8080, 8030, 8000, 9000, 9010, 8020, 9020, 9080 where they are free, and any free ports. Other variables reach the services as they are.";

/// The whole platform on this machine, without Docker.
#[derive(Debug, Parser)]
#[command(name = "e2i", version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `e2i` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the platform until Ctrl-C
    #[command(long_about = UP)]
    Up(UpArguments),
    /// Upload the NSW experiment, estimate its effect, print a report
    ///
    /// Uses the platform that runs in this clone; when there is none, starts one and stops it afterwards.
    Demo(DemoArguments),
    /// Upload an invented panel of prescribers, estimate what a speaker programme did, print a report
    ///
    /// The data are synthetic, so that the true effect stands beside the estimate. Platform as for `demo`.
    DemoPanel(DemoPanelArguments),
    /// Write the table of `demo-panel` as FOLDER/panel.csv, which the web app offers to load
    DemoData(DemoDataArguments),
    /// Time upload to result on a warm platform, and a warm start; the last line is JSON
    BenchMainJob(BenchArguments),
    /// Time many no-op jobs through the whole way of a job; the last line is JSON
    BenchDispatch(BenchDispatchArguments),
    /// Ask a gateway over many connections; the last line is JSON
    BenchGateway(BenchGatewayArguments),
    /// Write the page of published values and benches (`make proof` runs the benches first)
    Proof(ProofArguments),
    /// Run one service, as its own program would
    #[command(disable_help_flag = true)]
    Service(ServiceArguments),
}

/// Where the platform of the clone is.
#[derive(Debug, Args)]
pub struct Place {
    /// The folder that leads to data, password and address
    #[arg(long, value_name = "FOLDER", default_value = ".local", env = "E2I_LOCAL")]
    pub local: PathBuf,
}

/// `e2i up`
#[derive(Debug, Args)]
pub struct UpArguments {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// Stop when the process that started this one has ended, too
    #[arg(long)]
    pub stop_with_parent: bool,
}

/// `e2i demo`
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where
    #[command(flatten)]
    pub place: Place,
    /// The file to upload: the NSW experiment's columns are expected
    #[arg(long, value_name = "CSV", default_value = "testdata/nsw.csv")]
    pub file: PathBuf,
}

/// `e2i demo-panel`
#[derive(Debug, Args)]
pub struct DemoPanelArguments {
    /// Where
    #[command(flatten)]
    pub place: Place,
}

/// `e2i demo-data`
#[derive(Debug, Args)]
pub struct DemoDataArguments {
    /// Where
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

/// `e2i bench-main-job`
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// How many uploads to take the median of
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub runs: u16,
    /// The file to upload
    #[arg(long, value_name = "CSV", default_value = "testdata/nsw.csv")]
    pub file: PathBuf,
}

/// `e2i bench-dispatch`
#[derive(Debug, Args)]
pub struct BenchDispatchArguments {
    /// How many jobs
    #[arg(long, env = "BENCH_JOBS", default_value_t = 20_000)]
    pub jobs: usize,
    /// How many the worker runs at once
    #[arg(long, env = "BENCH_CONCURRENCY", default_value_t = 32)]
    pub concurrency: usize,
    /// Measure BullMQ, graphile-worker and Celery in the same run (`PEERS=1` does the same)
    #[arg(long)]
    pub peers: bool,
    /// Leave out the recovery, which waits for a lease of 30 s to run out
    #[arg(long)]
    pub no_recovery: bool,
}

/// `e2i bench-gateway`
#[derive(Debug, Args)]
pub struct BenchGatewayArguments {
    /// How many connections
    #[arg(long, env = "BENCH_CONNECTIONS", default_value_t = 64)]
    pub connections: u32,
    /// How long each endpoint is asked
    #[arg(long, env = "BENCH_SECONDS", default_value_t = 10)]
    pub seconds: u32,
    /// Measure the same endpoints in FastAPI in the same run (`PEERS=1` does the same)
    #[arg(long)]
    pub peers: bool,
}

/// `e2i proof`
#[derive(Debug, Args)]
pub struct ProofArguments {
    /// The commit that is proven
    #[arg(long)]
    pub commit: String,
    /// The machine it runs on, in words
    #[arg(long)]
    pub machine: String,
    /// Today
    #[arg(long)]
    pub date: String,
    /// A file whose last line is the JSON that a bench printed
    #[arg(long, value_name = "FILE")]
    pub bench: Vec<PathBuf>,
    /// Where the published tables lie
    #[arg(long, value_name = "FOLDER", default_value = "testdata")]
    pub testdata: PathBuf,
    /// What to write
    #[arg(long, value_name = "FILE", default_value = "docs/PROOF.md")]
    pub out: PathBuf,
}

/// `e2i service`
#[derive(Debug, Args)]
pub struct ServiceArguments {
    /// Which
    pub service: ServiceName,
    /// Its own arguments (`--help` lists them)
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}

/// The services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ServiceName {
    /// The HTTP API
    Gateway,
    /// Runs analyses
    Worker,
    /// Looks at everything
    Health,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_service_gets_its_arguments_as_they_are() {
        let cli = Cli::try_parse_from(["e2i", "service", "gateway", "healthcheck", "--live", "--help"]).unwrap();
        let Command::Service(service) = cli.command else { panic!("{cli:?}") };
        assert_eq!(service.service, ServiceName::Gateway);
        assert_eq!(service.arguments, ["healthcheck", "--live", "--help"]);
    }
}

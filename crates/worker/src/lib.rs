//! Takes analyses off Redis, runs agents in child processes, stores results. Nothing of what agents compute is here.
//!
//! ```text
//!  Redis streams --claiming--> Postgres claim --> attempt --> child process --frames--> attempt --> Postgres result
//!                                    ^               |                                     |
//!                                 leases (a thread)--+---- cancel, lost lease ----> kill   +--> progress on Redis
//!  Postgres outbox --maintenance--> Redis streams      (relay, reaper, sweep, epoch: any worker, under locks)
//! ```
//!
//! * [`resting`]: no new job while a release has another worker take them; [`load`]: what runs, for the deployer.
//! * [`places`]: how many jobs may be claimed, and how many compute at once.
//! * [`claiming`]: room first, then one stream at a time, then the claim. One loop a class.
//! * [`attempt`]: one claimed job from its child's start to its ending in Postgres.
//! * [`child`]: the processes that compute, kept warm: their two ends and the frames between them.
//! * [`steps`]: what a child tells of its way, as spans of the job's trace.
//! * [`ending`]: endings on their way to Postgres, many in one statement.
//! * [`outputs`]: objects that attempts stored and no dataset took over, removed.
//! * [`history`]: how long attempts took, and what that says of the next.
//! * [`mlflow`]: analyses that ended, logged to MLflow.
//! * [`leases`]: the thread that keeps leases alive, whatever the CPU does.
//! * [`maintenance`]: what keeps the promise that nothing is lost.
//!
//! A worker that rests claims nothing until it is woken. One that ends softly claims nothing more and lets what runs run on; ended hard, it ends its children and hands
//! their jobs back. One that is killed is found by its leases.

mod attempt;
mod child;
mod claiming;
mod commands;
pub mod config;
mod counters;
mod ending;
mod history;
mod leases;
mod load;
mod maintenance;
mod measures;
mod memory;
mod mlflow;
mod outputs;
mod places;
mod resting;
mod state;
mod steps;
mod telling;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use chassis::config::Env;
use chassis::private::{self, Check};
use chassis::service::{Service, Start, Task};
use domain::job::JobClass;
use tokio::net::TcpListener;

pub use crate::child::memory::Counting;
use crate::config::Config;
use crate::state::Worker;

/// The whole process, for a thin `main`. `child_arguments` are the arguments after the program's name that make this
/// same program a child; they are looked for first, so that a child starts in a few milliseconds.
#[must_use]
pub fn main(arguments: impl IntoIterator<Item = OsString>, env: Env, child_arguments: &[OsString]) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.last().is_some_and(|last| last == "child") {
        return child::body::main();
    }
    let child_arguments = child_arguments.to_vec();
    Service::new("e2i-worker", "Takes analyses off Redis, runs agents in child processes.", env!("CARGO_PKG_VERSION"))
        .private_port("WORKER_PRIVATE_LISTEN", 9010)
        .drain_deadline("WORKER_DRAIN_MAX", Duration::from_mins(30))
        .command(commands::agents())
        .command(commands::load())
        .main(arguments, env, move |start| serve(start, child_arguments))
}

async fn serve(start: Start, child_arguments: Vec<OsString>) -> anyhow::Result<()> {
    if let Task::Command(name, arguments) = &start.task {
        return commands::run(name, arguments, &start.env);
    }
    let config = Config::read(&start.env)?;
    measures::begin();
    let program = std::env::current_exe().context("cannot find this program, to start children from")?;
    let worker = Worker::open(config, child_command(program, child_arguments), start.shutdown.clone()).await?;
    let private_listener = TcpListener::bind(worker.config.private_listen)
        .await
        .with_context(|| format!("cannot listen on WORKER_PRIVATE_LISTEN={}", worker.config.private_listen))?;
    let router = private::router(start.identity, checks(&worker), start.metrics.clone(), &start.shutdown)
        .merge(load::router(&worker));
    tokio::select! {
        served = private::serve_private(private_listener, router, &start.shutdown) => {
            served.context("the private port cannot be served")?;
            // Served until the hard end: what is left is to hand back.
            worker.shutdown.tasks.wait().await;
        }
        () = run(&worker) => {}
        () = private::keep_metrics(start.metrics) => {}
    }
    Ok(())
}

/// Works until shut down and drained.
async fn run(worker: &Worker) {
    tracing::info!(worker = %worker.name, concurrency = worker.config.concurrency, "ready for work");
    let beating = leases::Heart::start(worker);
    worker.pool.warm_up(worker);
    worker.shutdown.tasks.spawn(telling::relay_cancels(worker.clone()));
    worker.shutdown.tasks.spawn(maintenance::run(worker.clone()));
    worker.shutdown.tasks.spawn(mlflow::run(worker.clone()));
    worker.shutdown.tasks.spawn(resting::run(worker.clone()));
    for class in JobClass::ALL {
        worker.shutdown.tasks.spawn(claiming::run(worker.clone(), class));
    }
    worker.shutdown.soft.cancelled().await;
    tracing::info!(running = worker.leases.held().len(), "no new work; what runs may finish");
    worker.shutdown.tasks.close();
    // Attempts notice `hard` themselves, end their child and hand the job back: wait for that too.
    worker.shutdown.tasks.wait().await;
    beating.stop();
    worker.pool.clear();
    worker.events.flush().await;
    tracing::info!("drained");
}

fn child_command(program: PathBuf, arguments: Vec<OsString>) -> Vec<OsString> {
    std::iter::once(program.into_os_string()).chain(arguments).collect()
}

fn checks(worker: &Worker) -> Vec<Check> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let (store, queue) = (worker.store.clone(), worker.queue.clone());
    vec![
        Check::new("postgres", PATIENCE, move || {
            let store = store.clone();
            async move { Ok(store.ping().await?) }
        }),
        Check::new("redis", PATIENCE, move || {
            let queue = queue.clone();
            async move { Ok(queue.ping().await?) }
        }),
    ]
}

//! Makes a believable journal with the real engine over a world on paper, for looking at the web app:
//! `cargo run -p deployer --example paper_history -- STATE_DIR [--running]`.
//!
//! What compose had started, two good releases, one that was taken back, one that was gone back to and is pinned, one
//! whose build failed after 20,000 lines. With `--running` one more is under way, which goes on slowly with log lines until
//! the program is ended; without, the program ends.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "a program for development; it uses a part of the tests' world"
)]

#[path = "../tests/it/paper/mod.rs"]
mod paper;
#[path = "paper_history/slow.rs"]
mod slow;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chassis::clock::{Clock as _, SystemClock};
use chrono::TimeDelta;
use deployer::handle::Deployer;
use deployer::machine::State;
use deployer::order::{Delivery, DeliveryEvent, Options};
use deployer::release::{Commit, DeploymentId, Service};
use deployer::settings::Settings;
use deployer::view::Trigger;
use tokio_util::sync::CancellationToken;

use crate::paper::{Fault, World};

const ANN: &str = "ann@example.org";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut state_dir = None;
    let mut is_running = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--running" => is_running = true,
            _ => state_dir = Some(PathBuf::from(argument)),
        }
    }
    let state_dir = state_dir.context("usage: paper_history STATE_DIR [--running]")?;
    let settings = Settings {
        trigger: Trigger::WorkflowRun,
        repository: "https://github.com/example/e2i.git".to_owned(),
        ..Settings::new(state_dir)
    };
    let world = World::new(SystemClock.now() - TimeDelta::days(6));
    past(&world, &settings).await?;
    if is_running {
        present(&world, settings).await?;
    }
    Ok(())
}

/// What was: six days, in a moment.
async fn past(world: &World, settings: &Settings) -> anyhow::Result<()> {
    take_time(world);
    let deployer = Deployer::open_paced(settings.clone(), world.ports(), world.time.clock.clone(), world.time.clone())?;
    let stop = CancellationToken::new();
    let working = tokio::spawn({
        let (deployer, stop) = (deployer.clone(), stop.clone());
        async move { deployer.run(stop).await }
    });
    ended(world, &deployer, 1).await;
    world.time.pass(TimeDelta::hours(30)).await;
    let gateway = world.commit_by("Mei Tanaka", "Answer uploads of 2 GiB without a copy", &[Service::Gateway]);
    released(world, &deployer, &gateway, 2).await;
    world.time.pass(TimeDelta::hours(26)).await;
    world.commit_by("Jonas Weber", "Show intervals of synthetic control as a band", &[Service::Frontend]);
    let worker =
        world.commit_by("Ada Okafor", "Trim propensities before matching", &[Service::Worker, Service::Gateway]);
    released(world, &deployer, &worker, 3).await;
    world.time.pass(TimeDelta::hours(21)).await;
    let bad = world.commit_by("Mei Tanaka", "Share one connection among readers", &Service::ROLLED);
    world.fault(&bad, Fault::Answers500After(20));
    released(world, &deployer, &bad, 4).await;
    world.time.pass(TimeDelta::hours(3)).await;
    let slow = world.commit_by("Jonas Weber", "Keep answers of the profile page for a minute", &Service::ROLLED);
    released(world, &deployer, &slow, 5).await;
    world.time.pass(TimeDelta::hours(16)).await;
    deployer.rollback(DeploymentId(3), ANN, false).await?;
    ended(world, &deployer, 6).await;
    world.time.pass(TimeDelta::hours(20)).await;
    world.commit_by("Ada Okafor", "Compute standard errors by blocks", &[Service::Worker]);
    let broken = world.commit_by("Ada Okafor", "Name the estimand in every answer", &Service::ROLLED);
    world.fault(&broken, Fault::DoesNotBuild);
    world.state().builds = 20_000;
    // Ordered by hand, and not live: the pin stays.
    deployer
        .deploy(broken.as_str(), ANN, Options { note: "try the new answers".to_owned(), ..Options::default() })
        .await?;
    ended(world, &deployer, 7).await;
    stop.cancel();
    working.await??;
    Ok(())
}

/// What is: one more under way, in real time.
async fn present(world: &World, settings: Settings) -> anyhow::Result<()> {
    world.state().builds = 0;
    let commit = world.commit_by("Jonas Weber", "Tell how long a queue takes", &Service::ROLLED);
    let slowly = Arc::new(slow::Slowly::new(world.clone()));
    let mut ports = world.ports();
    ports.images = slowly;
    // Other calls take no paper time any more: nobody lets it pass.
    world.costs.lock().unwrap().clear();
    let deployer = Deployer::open(settings, ports, Arc::new(SystemClock))?;
    deployer.deploy(commit.as_str(), ANN, Options::default()).await?;
    println!("a deployment is under way; end this program to end it");
    let stop = CancellationToken::new();
    tokio::select! {
        worked = deployer.run(stop.clone()) => worked,
        _ = tokio::signal::ctrl_c() => {
            stop.cancel();
            Ok(())
        }
    }
}

/// Calls take about as long as they do.
fn take_time(world: &World) {
    let costs = [
        ("images.build gateway", 71_000),
        ("images.build worker", 83_000),
        ("images.build frontend", 38_000),
        ("images.build", 6_000),
        ("source.checkout", 1_400),
        ("migrator.migrate", 900),
        ("proxy.publish", 700),
        ("proxy.switch", 400),
        ("proxy.old_workers_gone", 4_000),
        ("runtime.start", 1_600),
        ("prober.canary", 6_500),
        ("runtime.stop", 800),
    ];
    let costs = costs.map(|(name, milliseconds)| (name, Duration::from_millis(milliseconds)));
    world.costs.lock().unwrap().extend(costs);
}

async fn released(world: &World, deployer: &Deployer, commit: &Commit, id: i64) {
    world.state().passed.insert(commit.to_string());
    let event = DeliveryEvent::WorkflowRun { commit: commit.clone() };
    let delivery = Delivery { id: format!("delivery-{id}"), event };
    deployer.deliver(delivery).await.expect("it is stored");
    ended(world, deployer, id).await;
}

async fn ended(world: &World, deployer: &Deployer, id: i64) {
    let has_ended = || {
        let record = deployer.journal().deployment(DeploymentId(id)).expect("the journal is read");
        record.is_some_and(|record| !record.state().is_open() && record.state() != State::Pending)
    };
    world.time.until(&format!("#{id} has ended"), TimeDelta::hours(2), has_ended).await;
}

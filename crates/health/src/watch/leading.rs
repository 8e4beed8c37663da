//! The copy that leads: everything that runs while it does, and ends with it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use notify::{Bell, Dispatcher};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::engine::Engine;
use super::looker::Looker;
use super::writing::Writing;
use super::{Time, Watch, deployments};
use crate::alerts::Herald;
use crate::judge::{Judge, Window};
use crate::keep::Keeper;
use crate::outward::Pulse;

/// Looks that wait to be judged.
const MOST_WAITING: usize = 256;
/// Maintenance that was announced, by whichever copy, is heeded within this.
const WINDOWS_EVERY: Duration = Duration::from_secs(1);
const PRUNE_EVERY: Duration = Duration::from_mins(5);

/// Leads until told to stop.
///
/// # Errors
/// What is kept cannot be read.
pub(super) async fn lead(watch: Watch, stop: CancellationToken) -> anyhow::Result<()> {
    let keeper = watch.keeper.clone();
    let memory = keeper.run(Keeper::memory).await.context("read how the parts stood")?;
    let parts = watch.watched.iter().map(|watched| watched.part.clone()).collect();
    let judge = Judge::new(watch.rules, parts, memory, watch.time.now());
    watch.board.show(judge.picture(watch.time.now()));
    let (bell, pulse) = (Bell::default(), Pulse::default());
    let mut beside = JoinSet::new();
    let outbox = Arc::new(keeper.outbox()?);
    let dispatcher = Dispatcher::new(outbox, watch.channels.clone(), watch.time.clock.clone()).with_bell(bell.clone());
    beside.spawn(dispatcher.run(stop.clone()));
    let (seen, observations) = mpsc::channel(MOST_WAITING);
    let mut orders = HashMap::new();
    for watched in &watch.watched {
        let (looker, order) = Looker::new(watched.clone(), watch.time.clone(), watch.entropy.clone(), seen.clone());
        orders.insert(watched.part.id.clone(), order);
        beside.spawn(looker.run());
    }
    drop(seen);
    let (announced, windows) = watch::channel(Vec::new());
    beside.spawn(read_windows(keeper.clone(), watch.time.clone(), announced));
    beside.spawn(prune(keeper.clone(), watch.time.clone()));
    beside.spawn(deployments::follow(watch.known.clone(), keeper.clone(), watch.time.clone()));
    beside.spawn(deployments::renewals(watch.renewals.clone(), keeper.clone(), watch.time.clone()));
    if let Some(outward) = watch.outward.clone() {
        beside.spawn(outward.run(pulse.clone(), watch.time.monotonic.clone()));
    }
    let names = watch.channels.iter().map(|channel| channel.name()).collect();
    let engine = Engine {
        judge,
        herald: Herald::new(names, watch.public_url.as_ref()),
        board: watch.board,
        writing: Writing::new(keeper, bell, watch.time.clone()),
        orders,
        known: watch.known,
        windows,
        pulse,
        time: watch.time,
    };
    engine.run(observations, stop.clone()).await;
    beside.shutdown().await;
    anyhow::ensure!(stop.is_cancelled(), "nothing looks at the parts any more");
    Ok(())
}

async fn read_windows(keeper: Keeper, time: Time, announced: watch::Sender<Vec<Window>>) {
    loop {
        let now = time.clock.now();
        match keeper.run(move |keeper| keeper.windows(now)).await {
            Ok(windows) => {
                announced.send_if_modified(|known| {
                    let is_news = *known != windows;
                    *known = windows;
                    is_news
                });
            }
            Err(error) => tracing::warn!(%error, "announced maintenance cannot be read"),
        }
        tokio::time::sleep(WINDOWS_EVERY).await;
    }
}

async fn prune(keeper: Keeper, time: Time) {
    loop {
        tokio::time::sleep(PRUNE_EVERY).await;
        let now = time.clock.now();
        if let Err(error) = keeper.run(move |keeper| keeper.prune(now)).await {
            tracing::warn!(%error, "old rows cannot be deleted");
        }
    }
}

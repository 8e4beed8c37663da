//! Leases kept alive from a thread of their own, which CPU work on the runtime cannot starve.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::attempts::{Lease, Renewed};
use store::{Options, Store};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::state::Worker;

/// What the heartbeat tells an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Go on.
    GoOn,
    /// Somebody asked to cancel.
    Cancel,
    /// The lease is somebody else's now: end, write nothing.
    Lost,
}

/// The leases this worker believes to hold; clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leases {
    held: Arc<Mutex<HashMap<Lease, watch::Sender<Word>>>>,
    /// Makes the next heartbeat come at once.
    pub(crate) hurry: Arc<Notify>,
}

/// A held lease; given up when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    leases: Leases,
    lease: Lease,
    /// What the heartbeat says.
    word: watch::Receiver<Word>,
}

impl Held {
    /// Waits until the heartbeat says anything but to go on. May be dropped and called again.
    pub(crate) async fn changed(&mut self) {
        // An error means that the lease was given up.
        let _ = self.word.wait_for(|word| *word != Word::GoOn).await;
    }

    /// Whether it said that somebody wants the job cancelled; else the lease is lost.
    pub(crate) fn is_cancelled(&self) -> bool {
        *self.word.borrow() == Word::Cancel
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.leases.locked().remove(&self.lease);
    }
}

impl Leases {
    pub(crate) fn hold(&self, lease: Lease) -> Held {
        let (sender, word) = watch::channel(Word::GoOn);
        self.locked().insert(lease, sender);
        Held { leases: self.clone(), lease, word }
    }

    pub(crate) fn held(&self) -> Vec<Lease> {
        self.locked().keys().copied().collect()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<Lease, watch::Sender<Word>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `asked` were sent to Postgres, `renewed` came back: tell the attempts.
    fn tell(&self, asked: &[Lease], renewed: &[Renewed]) {
        let held = self.locked();
        for lease in asked {
            let Some(sender) = held.get(lease) else { continue };
            let word = match renewed.iter().find(|renewed| renewed.lease == *lease) {
                None => Word::Lost,
                Some(renewed) if renewed.cancel_requested => Word::Cancel,
                Some(_) => Word::GoOn,
            };
            sender.send_replace(word);
        }
    }
}

/// The thread that renews leases.
pub(crate) struct Heart {
    stop: CancellationToken,
    thread: std::thread::JoinHandle<()>,
}

impl Heart {
    /// Starts the thread; without one the process would hold leases that run out, so a failure to start it is fatal.
    pub(crate) fn start(worker: &Worker) -> Self {
        let stop = CancellationToken::new();
        let (worker, stopped) = (worker.clone(), stop.clone());
        let thread =
            std::thread::spawn(move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(async {
                    tokio::select! {
                        () = stopped.cancelled() => {}
                        () = beat(&worker) => {}
                    }
                }),
                Err(error) => {
                    tracing::error!(%error, "the heartbeat cannot run; ending");
                    worker.shutdown.force();
                }
            });
        Self { stop, thread }
    }

    pub(crate) fn stop(self) {
        self.stop.cancel();
        if self.thread.join().is_err() {
            tracing::error!("the heartbeat had panicked");
        }
    }
}

/// Beats for ever, over a connection of its own that attempts cannot use up.
async fn beat(worker: &Worker) {
    let interval = worker.config.lease / 3;
    let mut store: Option<Store> = None;
    loop {
        let asked = worker.leases.held();
        if !asked.is_empty() {
            match renew(worker, &mut store, &asked).await {
                Ok(renewed) => worker.leases.tell(&asked, &renewed),
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), "cannot renew leases; computing on");
                    store = None;
                }
            }
        }
        let hurry = store.is_none() && !asked.is_empty();
        tokio::select! {
            () = tokio::time::sleep(if hurry { interval / 10 } else { interval }) => {}
            () = worker.leases.hurry.notified() => {}
        }
    }
}

async fn renew(worker: &Worker, store: &mut Option<Store>, asked: &[Lease]) -> anyhow::Result<Vec<Renewed>> {
    let store = match store {
        Some(store) => store,
        None => store.insert(connect(worker).await?),
    };
    let renewal = store.heartbeat(&worker.name, asked, worker.config.lease);
    Ok(tokio::time::timeout(worker.config.lease / 2, renewal).await??)
}

async fn connect(worker: &Worker) -> anyhow::Result<Store> {
    let options = Options {
        application_name: "e2i-worker heartbeat".to_owned(),
        max_connections: 1,
        acquire_timeout: Duration::from_secs(5),
    };
    Ok(Store::connect(worker.config.database_url.expose(), &options).await?)
}

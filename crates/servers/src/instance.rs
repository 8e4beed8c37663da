//! What Postgres and Redis have in common: start with retries, stop, kill, start again on the same port and data.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::Signal;

use crate::guardian::{Command, Guardian};
use crate::{Folder, RandomBytes, ports};

/// Recovery after a crash replays the write-ahead log or the append-only file, which takes a while for much data.
const READY_WITHIN: Duration = Duration::from_mins(3);
const TRIES: u32 = 25;
const BETWEEN_TRIES: Duration = Duration::from_millis(200);

/// What differs from server to server.
pub(crate) trait Server: Send + Sync {
    /// For messages.
    fn name(&self) -> &'static str;
    /// How to run it on `port`.
    fn command(&self, folder: &Folder, port: u16) -> Command;
    /// Holds the process id on its first line.
    fn pid_file(&self, folder: &Folder) -> PathBuf;
    /// Whether it answers.
    fn is_ready(&self, folder: &Folder, port: u16) -> bool;
    /// Whether its last words tell of something that passes by itself: a process of a killed run that is just ending.
    fn is_passing(&self, log: &str) -> bool;
    /// The signal that ends it soon and in order.
    fn polite_signal(&self) -> Signal;
}

/// One server on one folder. Dropped, it stops the server without waiting.
pub(crate) struct Instance<S> {
    pub(crate) server: S,
    pub(crate) folder: Folder,
    random: RandomBytes,
    fixed_port: bool,
    port: AtomicU16,
    running: Mutex<Option<Guardian>>,
}

impl<S: Server> Instance<S> {
    pub(crate) fn new(server: S, folder: Folder, random: RandomBytes, port: Option<u16>) -> anyhow::Result<Self> {
        let chosen = port.map_or_else(|| ports::free_port(&random), Ok)?;
        Ok(Self {
            server,
            folder,
            random,
            fixed_port: port.is_some(),
            port: AtomicU16::new(chosen),
            running: Mutex::new(None),
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port.load(Ordering::Relaxed)
    }

    pub(crate) fn pid(&self) -> Option<i32> {
        let state = self.running().as_ref()?.state();
        state.pid.filter(|_| !state.ended)
    }

    fn running(&self) -> MutexGuard<'_, Option<Guardian>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts it the first time: the port may still be exchanged for another when it was not asked for.
    pub(crate) fn start(&self) -> anyhow::Result<()> {
        self.run(!self.fixed_port)
    }

    /// Stops it when it runs and starts it on the same port and data.
    pub(crate) fn restart(&self) -> anyhow::Result<()> {
        self.stop();
        self.run(false)
    }

    pub(crate) fn stop(&self) {
        let guardian = self.running().take();
        if let Some(guardian) = guardian {
            guardian.stop();
        }
    }

    pub(crate) fn kill(&self) -> anyhow::Result<()> {
        let running = self.running();
        running.as_ref().context("the server is not running")?.kill()
    }

    /// Returns when the present run has ended, at once when there is none.
    pub(crate) async fn ended(&self) {
        let watch = self.running().as_ref().map(Guardian::watch);
        if let Some(mut watch) = watch {
            // A closed channel means that the listener has ended, after the server.
            let _ = watch.wait_for(|state| state.ended).await;
        }
    }

    fn run(&self, may_change_port: bool) -> anyhow::Result<()> {
        let name = self.server.name();
        let mut last_words = String::new();
        for _ in 0..TRIES {
            let command = self.server.command(&self.folder, self.port());
            let pid_file = self.server.pid_file(&self.folder);
            self.folder.end_orphan(&pid_file, &command.program, self.server.polite_signal())?;
            if !ports::is_free(self.port()) {
                if may_change_port {
                    self.port.store(ports::free_port(&self.random)?, Ordering::Relaxed);
                } else {
                    last_words = format!("port {} of 127.0.0.1 is in use by another program", self.port());
                    std::thread::sleep(BETWEEN_TRIES);
                }
                continue;
            }
            match self.try_once(&command)? {
                Ok(guardian) => {
                    *self.running() = Some(guardian);
                    return Ok(());
                }
                Err(log) if self.server.is_passing(&log) || log.contains("Address already in use") => {
                    last_words = log;
                    std::thread::sleep(BETWEEN_TRIES);
                }
                Err(log) => bail!("{name} ended while starting. It said:\n{}", last_lines(&log)),
            }
        }
        bail!("{name} could not be started after {TRIES} tries: {}", last_lines(&last_words))
    }

    /// The running server, or what it said before it ended.
    fn try_once(&self, command: &Command) -> anyhow::Result<Result<Guardian, String>> {
        let (log, begin) = self.folder.open_log()?;
        let guardian = Guardian::start(command, self.folder.account(), log, self.folder.to_remove())?;
        let started = Instant::now();
        while !self.server.is_ready(&self.folder, self.port()) {
            if guardian.state().ended {
                guardian.stop();
                return Ok(Err(self.folder.log_since(begin)));
            }
            if started.elapsed() > READY_WITHIN {
                guardian.stop();
                bail!(
                    "{} was not ready within {} s. It said:\n{}",
                    self.server.name(),
                    READY_WITHIN.as_secs(),
                    last_lines(&self.folder.log_since(begin)),
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(Ok(guardian))
    }
}

/// The servers are handled by blocking calls (processes, files), which must not hold up a test's own event loop.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("the thread that handles a server ended early")?
}

/// [`blocking`] on an instance.
pub(crate) async fn on<S: Server + 'static, T: Send + 'static>(
    instance: &Arc<Instance<S>>,
    work: impl FnOnce(&Instance<S>) -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let instance = Arc::clone(instance);
    blocking(move || work(&instance)).await
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}

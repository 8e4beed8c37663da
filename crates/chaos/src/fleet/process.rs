//! One service process, started again whenever it ends.

use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use local::home::Home;
use rustix::process::{Pid, Signal, kill_process};
use servers::{Command, Guardian};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

const AGAIN_AFTER: Duration = Duration::from_millis(200);
const READY_WITHIN: Duration = Duration::from_mins(1);
/// Wrong arguments and wrong configuration do not mend themselves.
const HOPELESS: [i32; 2] = [2, 78];

/// What to run.
#[derive(Clone)]
pub(super) struct Launch {
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) arguments: Vec<String>,
    /// Variables of the program that its guardian must not have.
    pub(super) preloaded: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) log: PathBuf,
}

impl Launch {
    fn start(&self, home: &Home) -> anyhow::Result<Guardian> {
        let log = OpenOptions::new().create(true).append(true).open(&self.log);
        let log = log.with_context(|| format!("open {}", self.log.display()))?;
        let mut arguments: Vec<std::ffi::OsString> = self.preloaded.iter().map(Into::into).collect();
        let mut program = self.program.clone();
        if !arguments.is_empty() {
            // `env` becomes the program: the process id stays.
            arguments.push(program.into());
            program = PathBuf::from("/usr/bin/env");
        }
        arguments.extend(self.arguments.iter().map(Into::into));
        let command = Command {
            program,
            arguments,
            folder: home.path().to_path_buf(),
            environment: self.environment.clone(),
            stop_signal: "TERM",
            last_signal: "KILL",
            grace: Duration::from_secs(8),
        };
        Guardian::start(&command, home.account(), log, home.to_remove())
    }
}

/// Runs something to its end.
pub(super) fn run_to_end(launch: &Launch, home: &Home) -> anyhow::Result<()> {
    let guardian = launch.start(home)?;
    while !guardian.state().ended {
        std::thread::sleep(Duration::from_millis(5));
    }
    let code = guardian.state().code;
    guardian.stop();
    if code != Some(0) {
        bail!("{} ended with code {code:?}; see {}", launch.name, launch.log.display());
    }
    Ok(())
}

struct Shared {
    launch: Launch,
    home: Arc<Home>,
    guardian: Mutex<Option<Guardian>>,
    gave_up: Mutex<Option<String>>,
}

/// A service process that is kept running.
pub struct Process {
    shared: Arc<Shared>,
    private: SocketAddr,
    stopping: CancellationToken,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

impl Process {
    pub(super) async fn start(launch: Launch, home: Arc<Home>, private: SocketAddr) -> anyhow::Result<Self> {
        let shared = Arc::new(Shared { launch, home, guardian: Mutex::default(), gave_up: Mutex::default() });
        shared.start().await?;
        let stopping = CancellationToken::new();
        let keeper = tokio::spawn(keep(Arc::clone(&shared), stopping.clone()));
        Ok(Self { shared, private, stopping, keeper: Mutex::new(Some(keeper)) })
    }

    /// For people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.shared.launch.name
    }

    /// Its process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<Pid> {
        let state = locked(&self.shared.guardian).as_ref()?.state();
        Pid::from_raw(state.pid.filter(|_| !state.ended)?)
    }

    /// Sends it a signal; nothing when it is not running just now.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            // It may have ended in between.
            let _ = kill_process(pid, signal);
        }
    }

    /// The processes it has started itself: for a worker, those that compute.
    #[must_use]
    pub fn children(&self) -> Vec<Pid> {
        let Some(parent) = self.pid() else { return Vec::new() };
        let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
        processes
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|pid| parent_of(*pid) == Some(parent.as_raw_nonzero().get()))
            .filter_map(Pid::from_raw)
            .collect()
    }

    /// Returns when `/readyz` says yes.
    pub(super) async fn ready(&self) -> anyhow::Result<()> {
        let begin = Instant::now();
        loop {
            let address = self.private;
            let answer = spawn_blocking(move || chassis::healthcheck::ask(address, "/readyz")).await?;
            let Err(problem) = answer else { return Ok(()) };
            if let Some(reason) = self.gave_up() {
                bail!(reason);
            }
            if begin.elapsed() > READY_WITHIN {
                bail!("{} is not ready: {problem:#}; see {}", self.name(), self.shared.launch.log.display());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Why it will not be started again, when it will not.
    #[must_use]
    pub fn gave_up(&self) -> Option<String> {
        locked(&self.shared.gave_up).clone()
    }

    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        // A frozen process would not end before its guardian's patience does.
        self.signal(Signal::CONT);
        let keeper = locked(&self.keeper).take();
        if let Some(keeper) = keeper {
            // It does not panic, and nobody aborts it.
            let _ = keeper.await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

impl Shared {
    async fn start(self: &Arc<Self>) -> anyhow::Result<()> {
        let this = Arc::clone(self);
        let guardian = spawn_blocking(move || this.launch.start(&this.home)).await??;
        *locked(&self.guardian) = Some(guardian);
        Ok(())
    }

    async fn ended(&self) {
        let watch = locked(&self.guardian).as_ref().map(Guardian::watch);
        if let Some(mut watch) = watch {
            // A closed channel means that the guardian has ended.
            let _ = watch.wait_for(|state| state.ended).await;
        }
    }

    async fn take_down(&self) {
        let guardian = locked(&self.guardian).take();
        if let Some(guardian) = guardian {
            // It panics only when the runtime is ending.
            let _ = spawn_blocking(move || guardian.stop()).await;
        }
    }
}

async fn keep(shared: Arc<Shared>, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = stopping.cancelled() => break,
            () = shared.ended() => {}
        }
        let code = locked(&shared.guardian).as_ref().and_then(|guardian| guardian.state().code);
        shared.take_down().await;
        if code.is_some_and(|code| HOPELESS.contains(&code)) {
            let Launch { name, log, .. } = &shared.launch;
            *locked(&shared.gave_up) = Some(format!("{name} ended with code {code:?} for good; see {}", log.display()));
            break;
        }
        tokio::select! {
            () = stopping.cancelled() => break,
            () = tokio::time::sleep(AGAIN_AFTER) => {}
        }
        if let Err(error) = shared.start().await {
            *locked(&shared.gave_up) = Some(format!("{} cannot be started: {error:#}", shared.launch.name));
            break;
        }
    }
    shared.take_down().await;
}

/// From `/proc/N/stat`: "N (program) state parent ...".
fn parent_of(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

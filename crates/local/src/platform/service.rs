//! One service that is kept running: started again with a growing delay when it dies, until it is stopped.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use servers::Guardian;
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use super::launcher::{Launcher, Plan, Tail, ended};

const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// A run that lasted this long was a good one: the next delay is the first again.
const GOOD_RUN: Duration = Duration::from_mins(1);
const READY_WITHIN: Duration = Duration::from_mins(1);
/// Wrong arguments and wrong configuration do not mend themselves.
const HOPELESS: [i32; 2] = [2, chassis::config::EXIT_CODE as i32];

/// A service that is kept running.
pub struct Service {
    name: String,
    private_address: SocketAddr,
    state: Arc<Shared>,
    stopping: CancellationToken,
    gave_up: watch::Receiver<Option<String>>,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    launcher: Arc<Launcher>,
    plan: Plan,
    tail: Tail,
    guardian: Mutex<Option<Guardian>>,
}

impl Shared {
    fn guardian(&self) -> MutexGuard<'_, Option<Guardian>> {
        self.guardian.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, line: &str) {
        self.launcher.say(&self.plan.name, line);
    }

    /// Starts a run; processes are handled by blocking calls.
    async fn launch(self: &Arc<Self>) -> anyhow::Result<()> {
        let this = Arc::clone(self);
        let launch = move || -> anyhow::Result<()> {
            let guardian = this.launcher.launch(&this.plan, &this.tail)?;
            *this.guardian() = Some(guardian);
            Ok(())
        };
        spawn_blocking(launch).await.context("the thread that starts a service ended early")?
    }

    async fn stop(self: &Arc<Self>) {
        let guardian = self.guardian().take();
        if let Some(guardian) = guardian {
            // It panics only when the runtime is ending, and then the closed pipe stops the service.
            let _ = spawn_blocking(move || guardian.stop()).await;
        }
    }
}

impl Service {
    /// Starts `plan`, whose private port is at `private_address`, and keeps it running.
    ///
    /// # Errors
    /// When no process can be started.
    pub async fn start(launcher: Arc<Launcher>, plan: Plan, private_address: SocketAddr) -> anyhow::Result<Self> {
        let name = plan.name.clone();
        let state = Arc::new(Shared { launcher, plan, tail: Tail::default(), guardian: Mutex::new(None) });
        state.launch().await.with_context(|| format!("start {name}"))?;
        let stopping = CancellationToken::new();
        let (failure, gave_up) = watch::channel(None);
        let keeper = tokio::spawn(keep(Arc::clone(&state), stopping.clone(), failure));
        Ok(Self { name, private_address, state, stopping, gave_up, keeper: Mutex::new(Some(keeper)) })
    }

    /// For people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where `/readyz` is.
    #[must_use]
    pub fn private_address(&self) -> SocketAddr {
        self.private_address
    }

    /// Its process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<i32> {
        let state = self.state.guardian().as_ref()?.state();
        state.pid.filter(|_| !state.ended)
    }

    /// Its last lines.
    #[must_use]
    pub fn last_lines(&self) -> String {
        self.state.tail.text()
    }

    /// Returns when `/readyz` says yes.
    ///
    /// # Errors
    /// When it gave up, or is not ready within a minute: with its last lines.
    pub async fn ready(&self) -> anyhow::Result<()> {
        let begin = Instant::now();
        loop {
            let address = self.private_address();
            let answer = spawn_blocking(move || chassis::healthcheck::ask(address, "/readyz")).await?;
            let Err(problem) = answer else { return Ok(()) };
            if let Some(reason) = self.gave_up.borrow().as_ref() {
                bail!("{} {reason}. It said:\n{}", self.name, self.last_lines());
            }
            if begin.elapsed() > READY_WITHIN {
                let lines = self.last_lines();
                bail!("{} is not ready after {} s: {problem:#}. It said:\n{lines}", self.name, READY_WITHIN.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Returns when it will not be started again, with the reason; never when it was stopped.
    pub async fn gave_up(&self) -> String {
        let mut gave_up = self.gave_up.clone();
        match gave_up.wait_for(Option::is_some).await.map(|reason| reason.clone()) {
            Ok(reason) => reason.unwrap_or_default(),
            Err(_stopped) => std::future::pending().await,
        }
    }

    /// `kill -9`: it will be started again.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn kill9(&self) -> anyhow::Result<()> {
        let state = Arc::clone(&self.state);
        spawn_blocking(move || state.guardian().as_ref().context("the service is not running")?.kill()).await?
    }

    /// Stops it in order and for good.
    pub async fn stop(&self) {
        self.stopping.cancel();
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            // It does not panic, and nobody aborts it.
            let _ = keeper.await;
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stopping.cancel();
    }
}

async fn keep(state: Arc<Shared>, stopping: CancellationToken, failure: watch::Sender<Option<String>>) {
    let mut delay = FIRST_DELAY;
    loop {
        let begin = Instant::now();
        tokio::select! {
            () = stopping.cancelled() => break,
            () = run_ended(&state) => {}
        }
        let code = state.guardian().as_ref().and_then(|guardian| guardian.state().code);
        state.stop().await;
        let how = ended(code);
        if code.is_some_and(|code| HOPELESS.contains(&code)) {
            state.say(&format!("{how}, which another start would not mend"));
            failure.send_replace(Some(how));
            break;
        }
        if begin.elapsed() > GOOD_RUN {
            delay = FIRST_DELAY;
        }
        state.say(&format!("{how}; starting it again in {} ms", delay.as_millis()));
        tokio::select! {
            () = stopping.cancelled() => break,
            () = tokio::time::sleep(delay) => {}
        }
        delay = (delay * 2).min(LONGEST_DELAY);
        if let Err(error) = state.launch().await {
            state.say(&format!("could not be started: {error:#}"));
        }
    }
    state.stop().await;
}

/// Returns when the present run has ended; at once when there is none.
async fn run_ended(state: &Shared) {
    let watch = state.guardian().as_ref().map(Guardian::watch);
    if let Some(mut watch) = watch {
        // A closed channel means that the guardian has ended.
        let _ = watch.wait_for(|state| state.ended).await;
    }
}

#[cfg(test)]
mod tests {
    use servers::Account;

    use super::*;
    use crate::home::Home;

    /// Runs a shell script in the place of a service; gives it and the lines heard.
    async fn start(script: &str) -> (Service, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&lines);
        let home = Arc::new(Home::temporary(Account::for_servers().unwrap()).unwrap());
        let sink: super::super::Sink = Arc::new(move |_, line| heard.lock().unwrap().push(line.to_owned()));
        let launcher = Arc::new(Launcher::new("/bin/sh".as_ref(), home, sink).unwrap());
        let plan = Plan {
            name: "script".to_owned(),
            arguments: vec!["-c".to_owned(), script.to_owned()],
            environment: vec![("GREETING".to_owned(), "hello".to_owned())],
            grace: Duration::from_secs(5),
        };
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
        (Service::start(launcher, plan, nowhere).await.unwrap(), lines)
    }

    async fn heard(lines: &Mutex<Vec<String>>, wanted: &str, times: usize) {
        let enough = || lines.lock().unwrap().iter().filter(|line| line.contains(wanted)).count() >= times;
        let wait = async {
            while !enough() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let outcome = tokio::time::timeout(Duration::from_secs(20), wait).await;
        assert!(outcome.is_ok(), "`{wanted}` not heard {times} times: {:?}", lines.lock().unwrap());
    }

    #[tokio::test]
    async fn a_service_that_dies_is_started_again() {
        let (service, lines) = start("echo $GREETING; exit 3").await;
        heard(&lines, "hello", 2).await;
        heard(&lines, "ended with code 3; starting it again in 250 ms", 1).await;
        service.stop().await;
        assert_eq!(service.pid(), None);
    }

    #[tokio::test]
    async fn a_killed_service_is_started_again_as_another_process() {
        let (service, lines) = start("echo $$; exec sleep 60").await;
        let first = service.pid().unwrap();
        service.kill9().await.unwrap();
        heard(&lines, "was ended by signal 9", 1).await;
        let wait = async {
            while service.pid().is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let again = tokio::time::timeout(Duration::from_secs(20), wait).await;
        assert!(again.is_ok(), "not started again: {:?}", lines.lock().unwrap());
        assert_ne!(service.pid().unwrap(), first);
        service.stop().await;
    }

    #[tokio::test]
    async fn wrong_configuration_is_not_tried_again() {
        let (service, lines) = start("echo DATABASE_URL: is missing; exit 78").await;
        let reason = tokio::time::timeout(Duration::from_secs(20), service.gave_up()).await.unwrap();
        assert_eq!(reason, "ended with code 78");
        let refused = service.ready().await.unwrap_err().to_string();
        assert!(refused.contains("DATABASE_URL: is missing"), "{refused}");
        assert_eq!(lines.lock().unwrap().iter().filter(|line| line.contains("DATABASE_URL")).count(), 1);
    }
}

//! Time on paper: it stands still until somebody waits for something with [`PaperTime::until`], and then goes from one
//! sleeper's end to the next.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chassis::clock::{Clock as _, TestClock};
use chrono::{DateTime, TimeDelta, Utc};
use deployer::pace::Pace;
use tokio::sync::oneshot;

/// So many turns without a call to the world: everybody waits, and time goes on.
const QUIET_TURNS: usize = 4;

#[derive(Debug)]
pub(crate) struct PaperTime {
    pub(crate) clock: Arc<TestClock>,
    sleepers: Mutex<Vec<(DateTime<Utc>, oneshot::Sender<()>)>>,
    /// Calls to the world, as a sign of life.
    pub(crate) calls: AtomicU64,
}

impl PaperTime {
    pub(crate) fn at(start: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { clock: TestClock::at(start), sleepers: Mutex::default(), calls: AtomicU64::new(0) })
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) async fn wait(&self, time: Duration) {
        let (end, ended) = oneshot::channel();
        let at = self.now() + TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        self.sleepers.lock().unwrap().push((at, end));
        let _ = ended.await;
    }

    /// Lets time pass until the condition holds; panics when it does not within `limit` of paper time.
    pub(crate) async fn until(&self, what: &str, limit: TimeDelta, mut holds: impl FnMut() -> bool) {
        let end = self.now() + limit;
        loop {
            self.quiet().await;
            if holds() {
                return;
            }
            assert!(self.now() <= end, "{what}: not within {limit}");
            self.step();
        }
    }

    /// Lets so much time pass.
    pub(crate) async fn pass(&self, time: TimeDelta) {
        let end = self.now() + time;
        loop {
            self.quiet().await;
            if self.now() >= end {
                return;
            }
            if !self.step() {
                self.clock.set(end);
            }
        }
    }

    /// Returns when everybody waits for time.
    async fn quiet(&self) {
        let (mut quiet, mut before) = (0, u64::MAX);
        while quiet < QUIET_TURNS {
            let calls = self.calls.load(Ordering::SeqCst);
            quiet = if calls == before { quiet + 1 } else { 0 };
            before = calls;
            tokio::task::yield_now().await;
        }
    }

    /// On to the next sleeper's end.
    fn step(&self) -> bool {
        let mut sleepers = self.sleepers.lock().unwrap();
        sleepers.retain(|(_, end)| !end.is_closed());
        let Some(next) = sleepers.iter().map(|(at, _)| *at).min() else { return false };
        self.clock.set(next.max(self.clock.now()));
        let (ended, left): (Vec<_>, Vec<_>) = sleepers.drain(..).partition(|(at, _)| *at <= next);
        *sleepers = left;
        for (_, end) in ended {
            let _ = end.send(());
        }
        true
    }
}

#[async_trait]
impl Pace for PaperTime {
    async fn sleep(&self, time: Duration) {
        self.wait(time).await;
    }
}

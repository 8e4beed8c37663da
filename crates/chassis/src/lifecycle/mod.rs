//! How a service ends: soft first, hard when it must.
//!
//! SIGTERM or SIGINT cancels [`Shutdown::soft`]: no new work, finish what is running. When the drain deadline has
//! passed, or a second signal comes, [`Shutdown::hard`] is cancelled: drop everything now. Work that must be waited
//! for is spawned on [`Shutdown::tasks`].
//!
//! A release sends two signals more. SIGUSR1, *rest*: another one is here to take over; requests are still served and what
//! runs goes on, but streams tell their clients to reconnect ([`Shutdown::drain_notices`]) and a worker takes no new job
//! ([`Shutdown::resting`]). SIGUSR2, *wake*: the release was taken back, all is as before.
//!
//! A test makes a [`Shutdown`] with [`Shutdown::new`] and cancels its tokens itself; signals are wired by
//! [`Shutdown::on_signals`] alone.

mod signals;

use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The tokens and tasks by which a service ends; clones share them.
#[derive(Debug, Clone)]
pub struct Shutdown {
    /// Cancelled when no new work may be taken.
    pub soft: CancellationToken,
    /// Cancelled when running work must be dropped; implies `soft`.
    pub hard: CancellationToken,
    /// Work that the end of the service waits for.
    pub tasks: TaskTracker,
    drain_notices: watch::Sender<u64>,
    resting: watch::Sender<bool>,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    /// Tokens that nothing but the caller cancels.
    #[must_use]
    pub fn new() -> Self {
        Self {
            soft: CancellationToken::new(),
            hard: CancellationToken::new(),
            tasks: TaskTracker::new(),
            drain_notices: watch::Sender::new(0),
            resting: watch::Sender::new(false),
        }
    }

    /// Changes at every drain notice (SIGUSR1). A stream subscribes when it opens and, on a change, tells its client
    /// to reconnect.
    #[must_use]
    pub fn drain_notices(&self) -> watch::Receiver<u64> {
        self.drain_notices.subscribe()
    }

    /// Whether the service rests, and every change of that.
    #[must_use]
    pub fn resting(&self) -> watch::Receiver<bool> {
        self.resting.subscribe()
    }

    /// Whether the service rests now.
    #[must_use]
    pub fn is_resting(&self) -> bool {
        *self.resting.borrow()
    }

    /// New work is another one's from now on; gives a drain notice too. As SIGUSR1 does.
    pub fn rest(&self) {
        self.resting.send_replace(true);
        self.notify_drain();
    }

    /// Ends [`Self::rest`], as SIGUSR2 does.
    pub fn wake(&self) {
        self.resting.send_replace(false);
    }

    /// Gives a drain notice alone.
    pub fn notify_drain(&self) {
        self.drain_notices.send_modify(|count| *count += 1);
    }

    /// Ends the service softly, and hard once `deadline` has passed.
    pub fn begin(&self, deadline: Duration) {
        if self.soft.is_cancelled() {
            return;
        }
        self.soft.cancel();
        let hard = self.hard.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(deadline) => hard.cancel(),
                () = hard.cancelled() => {}
            }
        });
    }

    /// Drops running work now.
    pub fn force(&self) {
        self.soft.cancel();
        self.hard.cancel();
    }

    /// Waits, after `soft`, until every task of `tasks` has ended or `hard` is cancelled. True when all have ended.
    pub async fn drained(&self) -> bool {
        self.soft.cancelled().await;
        self.tasks.close();
        tokio::select! {
            () = self.tasks.wait() => true,
            () = self.hard.cancelled() => self.tasks.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn soft_waits_for_tasks() {
        let shutdown = Shutdown::new();
        shutdown.tasks.spawn(tokio::time::sleep(Duration::from_millis(30)));
        shutdown.begin(Duration::from_secs(10));
        assert!(shutdown.soft.is_cancelled() && !shutdown.hard.is_cancelled());
        assert!(shutdown.drained().await);
        assert!(!shutdown.hard.is_cancelled());
    }

    #[tokio::test]
    async fn the_deadline_makes_it_hard() {
        let shutdown = Shutdown::new();
        shutdown.tasks.spawn(std::future::pending::<()>());
        shutdown.begin(Duration::from_millis(30));
        assert!(!shutdown.drained().await);
        assert!(shutdown.hard.is_cancelled());
    }

    #[tokio::test]
    async fn who_rests_tells_its_streams_and_is_woken() {
        let shutdown = Shutdown::new();
        let (mut notices, mut resting) = (shutdown.drain_notices(), shutdown.resting());
        shutdown.rest();
        notices.changed().await.unwrap();
        assert!(*resting.wait_for(|resting| *resting).await.unwrap() && !shutdown.soft.is_cancelled());
        shutdown.wake();
        assert!(!shutdown.is_resting() && !notices.has_changed().unwrap());
    }

    #[tokio::test]
    async fn a_stream_sees_only_notices_after_it_opened() {
        let shutdown = Shutdown::new();
        shutdown.notify_drain();
        let mut notices = shutdown.drain_notices();
        assert!(!notices.has_changed().unwrap());
        shutdown.notify_drain();
        notices.changed().await.unwrap();
    }
}

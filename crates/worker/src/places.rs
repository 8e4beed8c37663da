//! The places of one class: how many jobs may be claimed, and how many of them compute at once.
//!
//! A place is a child at work. Usually as many jobs are claimed as there are places, so that nothing is claimed that cannot
//! begin at once. Where attempts take less time than a claim's way to Postgres and back, that would leave the places empty for
//! most of the time: then jobs are claimed ahead, as many as the places do within [`AHEAD`], at most [`MOST_AHEAD`] for each.
//! The first attempt that takes longer ends it, and what waits meanwhile is handed back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How long a job that was claimed ahead may have to wait.
const AHEAD: Duration = Duration::from_millis(20);
/// After that it is handed back, nothing counted.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// At most so many jobs are claimed for one place.
const MOST_AHEAD: usize = 8;

/// The places of one class; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    count: usize,
    free: Arc<Semaphore>,
    claimed: Arc<AtomicUsize>,
    left: Arc<Notify>,
    /// Microseconds that an attempt takes lately; nothing is claimed ahead before it is known.
    takes_us: Arc<AtomicU64>,
}

/// The right to have one job; given back when dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    places: Places,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.places.claimed.fetch_sub(1, Relaxed);
        self.places.left.notify_one();
    }
}

impl Places {
    pub(crate) fn new(count: usize) -> Self {
        Self {
            count,
            free: Arc::new(Semaphore::new(count)),
            claimed: Arc::default(),
            left: Arc::default(),
            takes_us: Arc::new(AtomicU64::new(u64::MAX)),
        }
    }

    /// Waits until at least one job may be claimed; gives how many.
    pub(crate) async fn room(&self) -> usize {
        loop {
            let left = self.left.notified();
            let room = (self.count * self.ahead()).saturating_sub(self.claimed.load(Relaxed));
            if room > 0 {
                return room;
            }
            left.await;
        }
    }

    /// One job is claimed. One loop alone claims, so that what [`Self::room`] gave is still there.
    pub(crate) fn claim(&self) -> Claim {
        self.claimed.fetch_add(1, Relaxed);
        Claim { places: self.clone() }
    }

    /// Waits for a place to compute at, in the order of asking.
    pub(crate) async fn take(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }

    /// How long an attempt had its place. A long one counts at once, short ones by and by.
    pub(crate) fn took(&self, time: Duration) {
        let took = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1);
        let before = self.takes_us.load(Relaxed);
        let smoothed = if before == u64::MAX { took } else { before / 8 * 7 + took / 8 };
        self.takes_us.store(smoothed.max(took), Relaxed);
    }

    /// How many jobs a place does within [`AHEAD`], within bounds.
    fn ahead(&self) -> usize {
        let takes = Duration::from_micros(self.takes_us.load(Relaxed).max(1));
        usize::try_from(AHEAD.as_micros() / takes.as_micros()).unwrap_or(1).clamp(1, MOST_AHEAD)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_many_as_there_are_places_until_attempts_are_known_to_be_short() {
        let places = Places::new(2);
        assert_eq!(places.room().await, 2);
        let claims = [places.claim(), places.claim()];
        assert!(tokio::time::timeout(Duration::from_millis(5), places.room()).await.is_err(), "both are taken");
        places.took(Duration::from_millis(1));
        assert_eq!(places.room().await, 2 * MOST_AHEAD - 2);
        places.took(Duration::from_secs(1));
        drop(claims);
        assert_eq!(places.room().await, 2, "a long one ends it at once");
        for _ in 0..100 {
            places.took(Duration::from_millis(5));
        }
        assert_eq!(places.room().await, 2 * 4);
    }

    #[tokio::test]
    async fn who_waits_for_room_is_woken_by_a_claim_that_ends() {
        let places = Places::new(1);
        let claim = places.claim();
        let waiting = tokio::spawn({
            let places = places.clone();
            async move { places.room().await }
        });
        tokio::task::yield_now().await;
        drop(claim);
        assert_eq!(waiting.await.unwrap(), 1);
    }
}

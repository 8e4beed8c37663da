//! The workers: whether one is ready, whether one is heard of, and how work stands.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chassis::clock::SharedMonotonic;
use chassis::config::Secret;
use store::glance::{self, WorkGlance};

use super::place::Place;
use super::service::judge as judge_readiness;
use super::{Probe, for_so_long};
use crate::reading::{Reading, Unit, Verdict};

/// How work stands is known by then, or left out: the database's slowness is told by its own part.
const WORK_WITHIN: Duration = Duration::from_secs(2);
/// Counting dead letters reads every failed job.
const DEAD_LETTERS_EVERY: Duration = Duration::from_mins(5);
/// A job that has waited longer is worth a look.
const LONG_WAIT_S: f64 = 900.0;

/// The workers.
#[derive(Debug)]
pub struct Worker {
    place: Place,
    database: Secret<String>,
    monotonic: SharedMonotonic,
    dead_letters: Mutex<Option<(Duration, u64)>>,
}

impl Worker {
    /// At their private port and in the database.
    #[must_use]
    pub fn at(place: Place, database: Secret<String>, monotonic: SharedMonotonic) -> Self {
        Self { place, database, monotonic, dead_letters: Mutex::new(None) }
    }

    async fn work(&self) -> Option<(WorkGlance, Option<u64>)> {
        let asked = async {
            let work = glance::work(self.database.expose()).await.ok()?;
            Some((work, self.dead_letters().await))
        };
        tokio::time::timeout(WORK_WITHIN, asked).await.ok().flatten()
    }

    async fn dead_letters(&self) -> Option<u64> {
        let now = self.monotonic.elapsed();
        let known = *self.dead_letters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, count)) = known.filter(|(at, _)| now.saturating_sub(*at) < DEAD_LETTERS_EVERY) {
            return Some(count);
        }
        let count = glance::dead_letters(self.database.expose()).await.ok()?;
        *self.dead_letters.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, count));
        Some(count)
    }
}

#[async_trait]
impl Probe for Worker {
    async fn look(&self) -> Reading {
        let (ready, work) = tokio::join!(self.place.ask("/readyz", judge_readiness), self.work());
        match work {
            Some((work, dead_letters)) => judge(ready, &work, dead_letters),
            None => ready,
        }
    }
}

fn judge(ready: Reading, work: &WorkGlance, dead_letters: Option<u64>) -> Reading {
    let waits = work.oldest_waiting_s.unwrap_or(0.0);
    let judged = if ready.verdict == Verdict::Fail {
        ready
    } else if work.workers == 0 {
        let heard = work.heard_s_ago.map_or_else(|| "never".to_owned(), |ago| format!("{} ago", for_so_long(ago)));
        Reading::fail(format!("no worker that takes jobs is heard of; last: {heard}"))
    } else if ready.verdict == Verdict::Pass && waits > LONG_WAIT_S {
        let waiting = work.waiting;
        Reading::warn(format!("{waiting} jobs wait, the oldest for {}", for_so_long(waits)))
    } else {
        ready
    };
    let judged = judged
        .with("waiting jobs", work.waiting as f64, Unit::Count)
        .with("oldest waiting job", waits, Unit::Seconds)
        .with("running jobs", work.running as f64, Unit::Count)
        .with("workers", work.workers as f64, Unit::Count);
    match dead_letters {
        Some(count) => judged.with("dead letters of a day", count as f64, Unit::Count),
        None => judged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(workers: u64, oldest_waiting_s: Option<f64>) -> WorkGlance {
        WorkGlance { waiting: 3, delayed: 0, running: 1, oldest_waiting_s, workers, heard_s_ago: Some(45.0) }
    }

    #[test]
    fn a_worker_that_is_ready_and_takes_no_jobs_is_none() {
        let silent = judge(Reading::pass(), &work(0, None), None);
        assert!(silent.verdict == Verdict::Fail && silent.words.contains("45 s ago"), "{silent:?}");
        let down = judge(Reading::fail("refused"), &work(0, None), None);
        assert_eq!(down.words, "refused", "the nearer reason is told");
    }

    #[test]
    fn long_waits_are_a_warning_and_figures_are_told() {
        assert_eq!(judge(Reading::pass(), &work(1, Some(5.0)), Some(2)).verdict, Verdict::Pass);
        let late = judge(Reading::pass(), &work(1, Some(1_800.0)), Some(2));
        assert_eq!((late.verdict, late.words.as_str()), (Verdict::Warn, "3 jobs wait, the oldest for 30 min"));
        assert!(late.figures.iter().any(|figure| figure.name == "dead letters of a day" && figure.value > 1.5));
    }
}

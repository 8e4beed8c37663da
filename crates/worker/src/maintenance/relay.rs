//! Puts due jobs on Redis, in fair order, as fast as there is work and room.
//!
//! A round is begun when this worker has claimed a share of what was put there last, else after a while: a short one while
//! anything stands on Redis, a longer one while nothing does. One worker has a round at a time.
//!
//! How many of one owner's jobs may stand on a stream follows from how fast they go ([`Depth`]): entries that go within
//! milliseconds may be many, so that no worker waits for the relay; where entries wait, few suffice, and whoever comes next
//! has few in front. Entries that do stand in front of another owner's job are taken back.

use std::collections::HashMap;
use std::time::Duration;

use chassis::telemetry::trace_context::sending_spans;
use domain::job::{JobClass, Priority};
use queue::Entry;
use store::dispatch::{Load, Pending, Room, Stream};

use crate::counters;
use crate::state::Worker;

/// Between two rounds while something stands on Redis.
const BUSY: Duration = Duration::from_millis(100);
/// Between two rounds while nothing does.
const IDLE: Duration = Duration::from_millis(500);
/// An entry that has stood so long waits for a place: what stands before whom matters.
const SETTLED: Duration = Duration::from_millis(100);
/// Of one owner on one stream while entries wait.
const FEW: i64 = 8;
/// Of one owner on one stream before it is known how fast they go.
const FIRST: i64 = 32;

/// What the relay keeps in mind from round to round.
#[derive(Debug, Default)]
pub(super) struct Relay {
    depths: HashMap<Stream, Depth>,
}

/// How many of one owner's jobs may stand on one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Depth {
    of_one: i64,
    /// On the stream after the last round.
    filled: i64,
}

impl Default for Depth {
    fn default() -> Self {
        Self { of_one: FIRST, filled: 0 }
    }
}

impl Depth {
    /// Doubled when half of what was put there has gone, as long as nothing waits.
    fn next(self, load: Option<&Load>, window: i64) -> i64 {
        let (jobs, oldest) = load.map_or((0, Duration::ZERO), |load| (load.jobs, load.oldest));
        let next = if oldest >= SETTLED {
            FEW
        } else if self.filled > 0 && jobs * 2 <= self.filled {
            self.of_one * 2
        } else {
            self.of_one
        };
        next.min(window)
    }
}

impl Relay {
    /// One round; how long to wait for the next.
    pub(super) async fn round(&mut self, worker: &Worker) -> anyhow::Result<Duration> {
        let Some(mut round) = worker.store.relay().await? else { return Ok(BUSY) };
        let loads = round.loads().await?;
        let room = self.room(worker, &loads);
        if loads.iter().any(|load| load.oldest >= SETTLED) {
            let recalled = round.recall(&room, SETTLED).await?;
            counters::recalled(recalled);
            let Some(next) = worker.store.relay().await? else { return Ok(BUSY) };
            round = next;
        }
        let due = round.due(&room).await?;
        if !due.is_empty() {
            // Entry on Redis first, then the mark in Postgres: killed in between, it is put there twice, which is
            // harmless. The round stays open meanwhile: another worker's would put the same there.
            let sending = sending_spans(due.iter().map(|pending| pending.traceparent.as_deref()));
            worker.queue.enqueue(&entries(&due)).await?;
            drop(sending);
        }
        round.finish(&due).await?;
        counters::relayed(due.len());
        self.remember(&loads, &due);
        let on_redis = self.depths.values().map(|depth| depth.filled).sum::<i64>();
        counters::wake_relay_after(usize::try_from(on_redis / 4).unwrap_or(0).max(1));
        Ok(if on_redis > 0 { BUSY } else { IDLE })
    }

    fn room(&mut self, worker: &Worker, loads: &[Load]) -> Room {
        let window = i64::from(worker.config.dispatch_window);
        let in_flight_per_owner = i64::from(worker.config.jobs_running_per_owner);
        let mut of_one_owner = Vec::new();
        for class in JobClass::ALL {
            for priority in Priority::ALL {
                let stream = (class, priority);
                let depth = self.depths.entry(stream).or_default();
                depth.of_one = depth.next(loads.iter().find(|load| load.stream == stream), window);
                of_one_owner.push((stream, depth.of_one));
            }
        }
        Room { window, in_flight_per_owner, of_one_owner }
    }

    fn remember(&mut self, loads: &[Load], due: &[Pending]) {
        for (stream, depth) in &mut self.depths {
            let before = loads.iter().find(|load| load.stream == *stream).map_or(0, |load| load.jobs);
            let new = due.iter().filter(|pending| (pending.class, pending.priority) == *stream).count();
            depth.filled = before + i64::try_from(new).unwrap_or(i64::MAX);
        }
    }
}

fn entries(due: &[Pending]) -> Vec<(JobClass, Priority, Entry)> {
    due.iter()
        .map(|pending| {
            let (job, dispatch_seq, traceparent) = (pending.job, pending.dispatch_seq, pending.traceparent.clone());
            (pending.class, pending.priority, Entry { job, dispatch_seq, traceparent })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(jobs: i64, oldest_ms: u64) -> Load {
        let stream = (JobClass::Small, Priority::Normal);
        Load { stream, jobs, oldest: Duration::from_millis(oldest_ms) }
    }

    #[test]
    fn what_goes_fast_is_doubled_up_to_the_window_and_what_waits_is_few() {
        let mut depth = Depth::default();
        assert_eq!(depth.next(None, 256), FIRST, "nothing was put there yet");
        let mut seen = Vec::new();
        for _ in 0..5 {
            depth.filled = depth.of_one;
            depth.of_one = depth.next(Some(&load(depth.filled / 4, 5)), 256);
            seen.push(depth.of_one);
        }
        assert_eq!(seen, [64, 128, 256, 256, 256]);
        assert_eq!(depth.next(Some(&load(200, 5)), 256), 256, "not half gone yet");
        assert_eq!(depth.next(Some(&load(200, 150)), 256), FEW);
        assert_eq!(Depth::default().next(Some(&load(3, 150)), 4), 4, "never above the window");
    }
}

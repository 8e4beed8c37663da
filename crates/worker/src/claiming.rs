//! From streams to claimed jobs: room first, so that nothing is claimed that cannot begin at once, or almost ([`Places`]).

use std::collections::HashSet;
use std::time::Duration;

use domain::agents::LEAST_MEMORY_MIB;
use domain::ids::JobId;
use domain::job::{JobClass, Priority};
use queue::{Delivery, Reader};
use store::attempts::Claimant;
use tokio::time::Instant;

use crate::places::Places;
use crate::state::Worker;
use crate::{attempt, counters, resting};

/// How long one wait for new entries lasts; between two the end of the service is looked for.
const WAIT: Duration = Duration::from_secs(1);
/// Entries read this long ago and not settled belong to a worker that died in between.
const ABANDONED: Duration = Duration::from_secs(10);
/// After how long a job is offered again that is not for this worker now: of an agent version that is not here, or in need
/// of more memory than is free.
const HAND_ON: Duration = Duration::from_secs(5);
/// How much later than the others a worker reads while jobs that it handed on are out. Else one that only waits is always
/// the first at what it cannot do, and keeps it from the one that can.
const COURTESY: Duration = Duration::from_millis(100);
/// How long to leave Redis or Postgres alone after an error.
const BACK_OFF: Duration = Duration::from_secs(1);

/// Claims jobs of one class until the service ends softly.
pub(crate) async fn run(worker: Worker, class: JobClass) {
    let places = match class {
        JobClass::Small => worker.config.concurrency,
        JobClass::Large => worker.config.large_concurrency,
    };
    let mut desk = Desk {
        reader: Reader::new(&worker.queue, &worker.name),
        places: Places::new(places),
        class,
        round: 0,
        looked_for_abandoned: None,
        handed_on: None,
        worker,
    };
    while let Some(room) = desk.room().await {
        if let Err(error) = desk.turn(room).await {
            tracing::warn!(%class, error = format!("{error:#}"), "cannot take work; trying again");
            desk.rest(BACK_OFF).await;
        }
    }
}

struct Desk {
    worker: Worker,
    reader: Reader,
    places: Places,
    class: JobClass,
    round: usize,
    looked_for_abandoned: Option<Instant>,
    handed_on: Option<Instant>,
}

impl Desk {
    /// Waits until jobs may be claimed, and says how many, at least one; `None` when the service ends.
    async fn room(&self) -> Option<usize> {
        let room = tokio::select! {
            biased;
            () = self.worker.shutdown.soft.cancelled() => return None,
            room = self.room_awake() => room,
        };
        // What surely does not fit into the memory that is free is not read.
        let fitting = self.worker.budget.free_mib() / LEAST_MEMORY_MIB;
        Some(room.min(usize::try_from(fitting).unwrap_or(usize::MAX).max(1)))
    }

    /// A worker that rests has no room; the rest may begin while a place is waited for.
    async fn room_awake(&self) -> usize {
        let mut resting = self.worker.shutdown.resting();
        loop {
            resting::until(&mut resting, false).await;
            let room = self.places.room().await;
            if !self.worker.shutdown.is_resting() {
                return room;
            }
        }
    }

    async fn turn(&mut self, room: usize) -> anyhow::Result<()> {
        let deliveries = self.read(room).await?;
        if deliveries.is_empty() {
            self.reader.wait(self.class, WAIT).await?;
            if self.handed_on.is_some_and(|last| last.elapsed() < HAND_ON * 2) {
                self.rest(COURTESY).await;
            }
            return Ok(());
        }
        self.claim(deliveries).await
    }

    /// What lies in the streams, the soonest first, one stream at a time with the room that is left.
    async fn read(&mut self, room: usize) -> anyhow::Result<Vec<Delivery>> {
        let mut deliveries = self.abandoned(room).await?;
        for priority in order(self.round) {
            let left = room - deliveries.len();
            if left == 0 {
                break;
            }
            deliveries.extend(self.reader.read(self.class, priority, left).await?);
        }
        self.round = self.round.wrapping_add(1);
        Ok(deliveries)
    }

    async fn abandoned(&mut self, room: usize) -> anyhow::Result<Vec<Delivery>> {
        if self.looked_for_abandoned.is_some_and(|last| last.elapsed() < ABANDONED) {
            return Ok(Vec::new());
        }
        self.looked_for_abandoned = Some(Instant::now());
        let mut found = Vec::new();
        for priority in Priority::ALL {
            if found.len() < room {
                found.extend(self.reader.take_over(self.class, priority, ABANDONED, room - found.len()).await?);
            }
        }
        Ok(found)
    }

    async fn claim(&mut self, deliveries: Vec<Delivery>) -> anyhow::Result<()> {
        let wanted: Vec<(JobId, i64)> = deliveries
            .iter()
            .filter_map(|delivery| delivery.entry.as_ref())
            .map(|entry| (entry.job, entry.dispatch_seq))
            .collect();
        let worker = &self.worker;
        let claimant = Claimant {
            worker: &worker.name,
            lease: worker.config.lease,
            agents: &agents(),
            free_mib: worker.budget.free_mib(),
            idle: worker.budget.is_idle(),
        };
        let claimed = worker.store.claim(&wanted, claimant).await?;
        let ours: HashSet<JobId> = claimed.iter().map(|claimed| claimed.job).collect();
        let left_out: Vec<(JobId, i64)> = wanted.iter().filter(|(job, _)| !ours.contains(job)).copied().collect();
        counters::claimed(self.class, &claimed);
        for claimed in claimed {
            let had =
                (self.places.claim(), worker.budget.take(claimed.memory_mib), worker.load.of_one_more(self.class));
            let attempt = attempt::run(worker.clone(), claimed, self.class, self.places.clone());
            worker.shutdown.tasks.spawn(async move {
                attempt.await;
                drop(had);
            });
        }
        if !left_out.is_empty() {
            let handed_on = worker.store.hand_on(&left_out, HAND_ON).await?;
            counters::handed_on(handed_on);
            counters::duplicates_dropped(left_out.len() - usize::try_from(handed_on).unwrap_or(0));
            if handed_on > 0 {
                self.handed_on = Some(Instant::now());
            }
        }
        // Settled last: an entry of a claim that failed comes again.
        worker.queue.settle(&deliveries).await?;
        Ok(())
    }

    async fn rest(&self, time: Duration) {
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = self.worker.shutdown.soft.cancelled() => {}
        }
    }
}

/// The agent versions this worker has.
fn agents() -> Vec<(&'static str, i32)> {
    domain::agents::all().iter().map(|agent| (agent.name, agent.version)).collect()
}

/// In which order the streams are read. High comes first in five of eight rounds, but in two normal and in one low does:
/// whatever is on top of it, no priority waits for ever.
fn order(round: usize) -> [Priority; 3] {
    use Priority::{High, Low, Normal};
    match round % 8 {
        3 | 5 => [Normal, High, Low],
        7 => [Low, High, Normal],
        _ => [High, Normal, Low],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_priority_is_first_at_times_and_read_in_every_round() {
        for priority in Priority::ALL {
            assert!((0..8).any(|round| order(round)[0] == priority));
            assert!((0..8).all(|round| order(round).contains(&priority)));
        }
    }
}

//! What is counted, by name: as metrics of this process, and into totals over all processes. The lists with their meanings
//! are in `docs/MONITORING.md` and `docs/DISPATCH.md`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::job::{JobClass, JobState, Reason};
use metrics::counter;
use store::Store;
use store::attempts::{Claimed, Ended};
use store::counters::{Count, Tally};
use tokio::sync::Notify;

use crate::history;

static TALLY: Tally = Tally::new();

/// Claims since the relay last looked, and how many are worth waking it for.
static CLAIMED: AtomicUsize = AtomicUsize::new(0);
static WORTH_WAKING: AtomicUsize = AtomicUsize::new(1);
static ROOM: Notify = Notify::const_new();

/// Adds what was counted to the totals in Postgres.
pub(crate) async fn flush(store: &Store) -> store::Result<()> {
    TALLY.flush(store).await
}

/// From now on, so many claims wake the relay.
pub(crate) fn wake_relay_after(claims: usize) {
    CLAIMED.store(0, Ordering::Relaxed);
    WORTH_WAKING.store(claims, Ordering::Relaxed);
}

/// Waits until so much was claimed that there is room on Redis.
pub(crate) async fn room_on_redis() {
    ROOM.notified().await;
}

/// Jobs of that class that are this worker's by a claim.
pub(crate) fn claimed(class: JobClass, jobs: &[Claimed]) {
    let count = jobs.len();
    counter!("e2i_jobs_claimed_total").increment(count as u64);
    for job in jobs {
        metrics::histogram!("e2i_job_wait_seconds", "class" => class.as_str()).record(job.waited.as_secs_f64());
    }
    TALLY.add(Count::Claimed, count as u64);
    if CLAIMED.fetch_add(count, Ordering::Relaxed) + count >= WORTH_WAKING.load(Ordering::Relaxed) {
        ROOM.notify_one();
    }
}

/// Entries whose claim hit nothing: another worker had the job, or it was dispatched anew since.
pub(crate) fn duplicates_dropped(count: usize) {
    counter!("e2i_duplicate_claims_dropped_total").increment(count as u64);
    TALLY.add(Count::DuplicateClaimsDropped, count as u64);
}

/// Jobs of an agent version this worker does not have, handed on to another.
pub(crate) fn handed_on(count: u64) {
    counter!("e2i_jobs_handed_on_total").increment(count);
    TALLY.add(Count::HandedOn, count);
}

/// A write of an attempt that is not the current one.
pub(crate) fn fenced_write_refused() {
    counter!("e2i_fenced_writes_refused_total").increment(1);
    TALLY.add(Count::FencedWritesRefused, 1);
}

/// Progress that Redis refused because a later event of the job was there.
pub(crate) fn stale_event_refused() {
    counter!("e2i_stale_events_refused_total").increment(1);
    TALLY.add(Count::StaleEventsRefused, 1);
}

/// An attempt ended.
pub(crate) fn attempt_ended(claimed: &Claimed, ended: &Ended, took: Duration) {
    let (agent, seconds) = (claimed.agent.as_str(), took.as_secs_f64());
    let reason = ended.failure.as_ref().map_or("none", |failure| failure.reason.as_str());
    let labels = [("agent", agent.to_owned()), ("state", ended.state.to_string()), ("reason", reason.to_owned())];
    counter!("e2i_attempts_ended_total", &labels).increment(1);
    metrics::histogram!("e2i_attempt_duration_seconds", "agent" => agent.to_owned()).record(seconds);
    TALLY.add(Count::AttemptsEnded, 1);
    if ended.state == JobState::Succeeded {
        let waited = claimed.waited.as_secs_f64();
        metrics::histogram!("e2i_inference_latency_seconds", "agent" => agent.to_owned()).record(waited + seconds);
        history::took(ended.job, seconds);
    }
    if ended.failure.as_ref().is_some_and(|failure| failure.reason == Reason::Crash) {
        TALLY.add(Count::Crashes, 1);
        TALLY.add(Count::CrashLooped, u64::from(ended.state == JobState::Failed));
    }
}

/// A lease ran out and the reaper took the job.
pub(crate) fn reaped(state: &str) {
    counter!("e2i_leases_expired_total", "state" => state.to_owned()).increment(1);
    TALLY.add(Count::LeaseExpiries, 1);
}

/// Jobs put on Redis from the outbox, not at once by the gateway.
pub(crate) fn relayed(count: usize) {
    counter!("e2i_jobs_relayed_total").increment(count as u64);
    TALLY.add(Count::Dispatched, count as u64);
}

/// Jobs dispatched anew because Redis had lost them.
pub(crate) fn redispatched(why: &'static str, count: u64) {
    counter!("e2i_jobs_redispatched_total", "why" => why).increment(count);
    TALLY.add(if why == "epoch" { Count::EpochRedispatched } else { Count::Swept }, count);
}

/// Entries taken back from Redis because another owner's job was due before them.
pub(crate) fn recalled(count: u64) {
    counter!("e2i_jobs_recalled_total").increment(count);
    TALLY.add(Count::Recalled, count);
}

/// Lost jobs that were claimed again.
pub(crate) fn recovered(count: usize) {
    counter!("e2i_jobs_recovered_total").increment(count as u64);
    TALLY.add(Count::Recovered, count as u64);
}

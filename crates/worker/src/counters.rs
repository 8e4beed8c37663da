//! What is counted, by name. The list with its meanings is in `docs/DISPATCH.md`.

use metrics::counter;
use store::attempts::Ended;

/// Jobs that are this worker's by a claim.
pub(crate) fn claimed(count: usize) {
    counter!("e2i_jobs_claimed_total").increment(count as u64);
}

/// Entries whose claim hit nothing: another worker had the job, or it was dispatched anew since.
pub(crate) fn duplicates_dropped(count: usize) {
    counter!("e2i_duplicate_claims_dropped_total").increment(count as u64);
}

/// Jobs of an agent version this worker does not have, handed on to another.
pub(crate) fn handed_on(count: u64) {
    counter!("e2i_jobs_handed_on_total").increment(count);
}

/// A write of an attempt that is not the current one.
pub(crate) fn fenced_write_refused() {
    counter!("e2i_fenced_writes_refused_total").increment(1);
}

/// Progress that Redis refused because a later event of the job was there.
pub(crate) fn stale_event_refused() {
    counter!("e2i_stale_events_refused_total").increment(1);
}

/// An attempt ended.
pub(crate) fn attempt_ended(agent: &str, ended: &Ended, seconds: f64) {
    let reason = ended.failure.as_ref().map_or("none", |failure| failure.reason.as_str());
    let labels = [("agent", agent.to_owned()), ("state", ended.state.to_string()), ("reason", reason.to_owned())];
    counter!("e2i_attempts_ended_total", &labels).increment(1);
    metrics::histogram!("e2i_attempt_duration_seconds", "agent" => agent.to_owned()).record(seconds);
}

/// A lease ran out and the reaper took the job.
pub(crate) fn reaped(state: &str) {
    counter!("e2i_leases_expired_total", "state" => state.to_owned()).increment(1);
}

/// Jobs put on Redis from the outbox, not at once by the gateway.
pub(crate) fn relayed(count: usize) {
    counter!("e2i_jobs_relayed_total").increment(count as u64);
}

/// Jobs dispatched anew because Redis had lost them.
pub(crate) fn redispatched(why: &'static str, count: u64) {
    counter!("e2i_jobs_redispatched_total", "why" => why).increment(count);
}

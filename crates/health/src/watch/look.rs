//! One look at a part. Its time limit holds whatever the probe does: it runs in a task of its own, which is ended.

use std::time::Duration;

use crate::probes::Watched;
use crate::reading::{Observation, Reading, Verdict};

use super::{AbortOnDrop, Time};

/// Looks once.
pub(super) async fn look(watched: Watched, time: Time) -> Observation {
    let begun = time.monotonic.elapsed();
    let probe = watched.probe.clone();
    let asking = tokio::spawn(async move { probe.look().await });
    let _ended = AbortOnDrop(asking.abort_handle());
    let limit = watched.part.cadence.timeout;
    let reading = match tokio::time::timeout(limit, asking).await {
        Ok(Ok(reading)) => reading,
        Ok(Err(error)) => {
            tracing::error!(part = %watched.part.id, %error, "a look broke");
            Reading::fail("the look itself broke; the log says how")
        }
        Err(_) => Reading::fail(format!("no answer within {:.1} s", limit.as_secs_f64())),
    };
    let took = time.monotonic.elapsed().saturating_sub(begun);
    judged(&watched, reading, took, &time)
}

/// An answer that was slow is a warning.
fn judged(watched: &Watched, mut reading: Reading, took: Duration, time: &Time) -> Observation {
    let is_timed = watched.slow_after.is_some() && reading.verdict != Verdict::NotConfigured;
    if let Some(slow_after) = watched.slow_after
        && reading.verdict == Verdict::Pass
        && took > slow_after
    {
        reading.verdict = Verdict::Warn;
        reading.words = format!("slow: it took {:.1} s to answer", took.as_secs_f64());
    }
    let latency = is_timed.then_some(took);
    Observation { part: watched.part.id.clone(), at: time.clock.now(), latency, reading }
}

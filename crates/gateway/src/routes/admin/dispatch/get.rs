//! `GET /api/v1/admin/dispatch`

use std::collections::BTreeMap;

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};
use chrono::{DateTime, Utc};
use domain::job::{JobClass, Priority};
use serde::Serialize;
use store::dispatch::{RecoveryTimes, StreamDepth, WorkerSeen};
use utoipa::ToSchema;

use super::PausedClass;
use crate::error::Result;
use crate::people::admission::Admin;
use crate::state::AppState;

/// How dispatch stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispatchTold {
    /// Totals over all processes, kept over restarts, at most some seconds old: `submitted`, `dispatched`, `recalled`,
    /// `claimed`, `duplicate_claims_dropped`, `handed_on`, `fenced_writes_refused`, `stale_events_refused`,
    /// `attempts_ended`, `crashes`, `crash_looped`, `lease_expiries`, `epoch_redispatched`, `swept`, `recovered`.
    counters: BTreeMap<&'static str, u64>,
    /// How long lost jobs took to be claimed again, over seven days.
    recovery: Recovery,
    /// By class and priority; those without jobs are left out.
    streams: Vec<StreamTold>,
    /// Submitted for a time that is still to come.
    delayed: u64,
    /// Since when the longest waiting job could have begun; null where none waits.
    oldest_waiting: Option<DateTime<Utc>>,
    /// Classes of which nothing begins.
    paused: Vec<PausedClass>,
    /// Workers heard within the last half minute.
    workers: Vec<WorkerTold>,
}

/// Seconds from the moment a lease ran out, or Redis was found to have lost an entry, to the next claim.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recovery {
    /// Recovered.
    count: u64,
    /// Lost and not claimed again yet.
    open: u64,
    /// Half took at most so long.
    p50_s: Option<f64>,
    /// 99 of 100 did.
    p99_s: Option<f64>,
    /// All did.
    max_s: Option<f64>,
}

/// One stream.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StreamTold {
    class: JobClass,
    priority: Priority,
    /// On Redis, not claimed.
    on_redis: u64,
    /// In Postgres, waiting for their turn or their time.
    behind: u64,
    /// Claimed.
    running: u64,
}

/// A worker.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkerTold {
    /// Host, process and a random part.
    name: String,
    /// Places for small jobs.
    small_places: u32,
    /// Places for large jobs.
    large_places: u32,
    /// Jobs it runs.
    running: u64,
    /// Since when.
    started_at: DateTime<Utc>,
    /// When it was last heard.
    seen_at: DateTime<Utc>,
}

/// Tells how dispatch stands: totals, depths, pauses, workers.
#[utoipa::path(get, path = "/", tag = "admin", responses(
    (status = 200, body = DispatchTold),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn get_dispatch(State(state): State<AppState>, _admin: Admin) -> Result<Json<DispatchTold>> {
    let store = &state.store;
    let overview = store.overview().await?;
    let counters = store.counters().await?.into_iter().map(|(count, total)| (count.name(), total)).collect();
    Ok(Json(DispatchTold {
        counters,
        recovery: store.recovery_times().await?.into(),
        streams: overview.streams.into_iter().map(StreamTold::from).collect(),
        delayed: overview.delayed,
        oldest_waiting: overview.oldest_waiting,
        paused: store.pauses().await?.into_iter().map(PausedClass::from).collect(),
        workers: overview.workers.into_iter().map(WorkerTold::from).collect(),
    }))
}

impl From<RecoveryTimes> for Recovery {
    fn from(times: RecoveryTimes) -> Self {
        let RecoveryTimes { count, open, p50_s, p99_s, max_s } = times;
        Self { count, open, p50_s, p99_s, max_s }
    }
}

impl From<StreamDepth> for StreamTold {
    fn from(depth: StreamDepth) -> Self {
        let (class, priority) = depth.stream;
        Self { class, priority, on_redis: depth.on_redis, behind: depth.behind, running: depth.running }
    }
}

impl From<WorkerSeen> for WorkerTold {
    fn from(worker: WorkerSeen) -> Self {
        let WorkerSeen { name, small_places, large_places, running, started_at, seen_at } = worker;
        Self { name, small_places, large_places, running, started_at, seen_at }
    }
}

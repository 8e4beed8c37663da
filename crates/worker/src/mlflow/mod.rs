//! Every analysis as an MLflow run. MLflow may be away for as long as it likes: no attempt waits for it.
//!
//! ```text
//!  attempt ends --(same statement)--> e2i.mlflow_runs --taken, a few at a time--> [`shipping`] --> MLflow
//!                                          ^                                          |
//!                                          +---- run id | later, with the error | parked with the reason
//! ```
//! * [`run`]: what of an analysis becomes parameters, metrics, tags and files; [`flatten`] and [`files`] help.
//! * [`client`]: MLflow's REST API, as much of it as is needed.
//! * [`shipping`]: one attempt becomes one run, whoever dies on the way.
//! * [`circuit`]: while MLflow is away one attempt per interval is tried, not one per run.
//!
//! Another destination of runs would be another `client`; another thing to log is a line in [`run`].

mod circuit;
mod client;
mod files;
mod flatten;
mod run;
mod shipping;

use std::time::Duration;

use chassis::telemetry::trace_context::set_remote_parent;
use metrics::{counter, gauge};
use store::mlflow_runs::{RunToLog, Taken};
use tracing::{Instrument as _, Span, field};

use self::circuit::Circuit;
use self::client::{CallError, Client};
use crate::state::Worker;

/// Rows taken at a time: each may hold a result of some MiB.
const BATCH: i64 = 8;
/// For how long they are ours; longer than a batch takes.
const LEASE: Duration = Duration::from_mins(5);
/// Between two looks for rows while there are none.
const IDLE: Duration = Duration::from_secs(2);
/// First and longest wait of one run before it is tried again.
const AGAIN: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(10));
/// A run that could not be logged for so long is given up.
const TOO_OLD: Duration = Duration::from_hours(14 * 24);
/// Longest reason that is kept.
const LONGEST_ERROR: usize = 1000;

/// Logs runs until the service ends softly: then another worker does. At once back where MLflow is not configured.
pub(crate) async fn run(worker: Worker) {
    let Some(config) = &worker.config.mlflow else { return };
    match Client::new(config) {
        Ok(client) => tokio::select! {
            () = for_ever(&worker, &client) => {}
            () = worker.shutdown.soft.cancelled() => {}
        },
        Err(error) => tracing::error!(error = format!("{error:#}"), "runs cannot be logged to MLflow"),
    }
}

async fn for_ever(worker: &Worker, client: &Client) {
    let mut circuit = Circuit::default();
    loop {
        let at_most = if circuit.is_open() { 1 } else { BATCH };
        let wait = match round(worker, client, &mut circuit, at_most).await {
            Ok(0) => circuit.wait(worker).unwrap_or(IDLE),
            Ok(_) => circuit.wait(worker).unwrap_or_default(),
            Err(error) => {
                tracing::debug!(%error, "cannot look for runs to log; trying on");
                IDLE
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Takes some rows and logs them, one after the other; how many were taken.
async fn round(worker: &Worker, client: &Client, circuit: &mut Circuit, at_most: i64) -> store::Result<usize> {
    let counts = worker.store.run_counts().await?;
    gauge!("e2i_mlflow_runs_pending").set(counts.pending as f64);
    gauge!("e2i_mlflow_runs_parked").set(counts.parked as f64);
    if counts.pending == 0 {
        return Ok(0);
    }
    let runs = worker.store.take_runs(at_most, LEASE).await?;
    for (place, run) in runs.iter().enumerate() {
        if let Err(away) = ship(worker, client, run).instrument(span_of(run)).await? {
            if circuit.failed() {
                tracing::warn!(error = %away, "MLflow does not take runs; they wait in Postgres");
            }
            let others: Vec<Taken> = runs.iter().skip(place + 1).map(|run| run.taken).collect();
            worker.store.postpone_runs(&others, Duration::ZERO, None).await?;
            break;
        }
        if circuit.works() {
            tracing::info!("MLflow takes runs again");
        }
    }
    Ok(runs.len())
}

/// One row to its next standing; inside, why MLflow could not be asked.
async fn ship(worker: &Worker, client: &Client, run: &RunToLog) -> store::Result<Result<(), String>> {
    let (taken, job) = (&run.taken, run.taken.job);
    let shipped = shipping::ship(&worker.store, client, run).await?;
    if shipped.is_err() {
        Span::current().record("otel.status_code", "ERROR");
    }
    match shipped {
        Ok(()) => counter!("e2i_mlflow_runs_logged_total").increment(1),
        Err(CallError::Refused(reason)) => {
            tracing::error!(%job, %reason, "MLflow refuses the run; it is not tried again");
            counter!("e2i_mlflow_runs_failed_total", "why" => "refused").increment(1);
            worker.store.park_run(taken, &shortened(&reason)).await?;
        }
        Err(CallError::Away(reason)) if taken.age >= TOO_OLD => {
            tracing::error!(%job, %reason, "the run could not be logged for two weeks; it is not tried again");
            counter!("e2i_mlflow_runs_failed_total", "why" => "too_old").increment(1);
            worker.store.park_run(taken, &shortened(&reason)).await?;
        }
        Err(CallError::Away(reason)) => {
            counter!("e2i_mlflow_runs_failed_total", "why" => "away").increment(1);
            let doublings = u32::try_from(taken.tries - 1).unwrap_or(0).min(10);
            // At least half of it: a run that fails by itself must not be tried without a pause.
            let longest = (AGAIN.0 * 2_u32.pow(doublings)).min(AGAIN.1);
            let after = longest / 2 + worker.jitter(longest / 2);
            worker.store.postpone_runs(&[*taken], after, Some(&shortened(&reason))).await?;
            return Ok(Err(reason));
        }
    }
    Ok(Ok(()))
}

/// In the trace of the request that asked for the analysis; MLflow is told of it with each call.
fn span_of(run: &RunToLog) -> Span {
    let span = tracing::info_span!(
        "mlflow", otel.name = "log the run to MLflow", otel.kind = "client", otel.status_code = field::Empty,
        job = %run.taken.job, request_id = run.request_id,
    );
    if let Some(traceparent) = &run.traceparent {
        set_remote_parent(&span, traceparent);
    }
    span
}

fn shortened(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\0').take(LONGEST_ERROR).collect()
}

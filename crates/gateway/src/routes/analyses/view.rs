//! An analysis as callers see it.

use chrono::{DateTime, Utc};
use domain::ids::{DatasetId, JobId, UserId, WorkspaceId};
use domain::job::{Failure, JobState};
use domain::progress::{Envelope, EventId, JobEvent};
use serde::Serialize;
use serde_json::Value;
use store::jobs::{Job, Listed};
use store::mlflow_runs::{RunId, RunStanding};
use utoipa::ToSchema;

use crate::error::Result;
use crate::state::AppState;

/// A question that was asked of a dataset, and where it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Analysis {
    /// Its id.
    pub(crate) id: JobId,
    /// Where it belongs.
    workspace_id: WorkspaceId,
    /// Who asked.
    created_by: UserId,
    /// Which agent.
    agent: String,
    /// Which version of it.
    agent_version: i32,
    /// On what.
    dataset_id: Option<DatasetId>,
    /// The dataset's name; told in lists alone.
    dataset_name: Option<String>,
    /// Which version of the dataset; told in lists alone.
    dataset_version: Option<u32>,
    /// The parameters, complete with defaults.
    #[schema(value_type = Object)]
    parameters: Value,
    /// Where it stands.
    pub(crate) state: JobState,
    /// Why it has no result, or why its last attempt ended early.
    failure: Option<Failure>,
    /// How often a worker took it up.
    attempt: u32,
    /// How often its process died.
    crash_count: i32,
    /// Whether somebody asked to cancel it.
    cancel_requested: bool,
    /// Not before; null where nothing but its turn is waited for.
    run_at: Option<DateTime<Utc>>,
    /// Why nothing of its class begins at present, in an admin's words; null where it is not queued or not paused.
    paused: Option<String>,
    /// Its place among those that wait, from 1 on; a lower bound where much waits. Told of one queued analysis alone.
    queue_position: Option<u64>,
    /// When it is to begin, as far as can be told.
    expected_start: Option<DateTime<Utc>>,
    /// Seconds that it is expected to take, from how long runs like it took; told of one queued analysis alone.
    expected_s: Option<f64>,
    /// When it was submitted.
    created_at: DateTime<Utc>,
    /// When a worker first took it up.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
    /// Where its logging to MLflow stands; told of one ended analysis alone.
    mlflow: Option<MlflowRun>,
}

/// An analysis in MLflow.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MlflowRun {
    /// Where its logging stands.
    state: MlflowState,
    /// The run that it became.
    run_id: Option<String>,
    /// The run's page, below the platform's address; for admins.
    path: Option<String>,
    /// Why it is not logged (yet), in MLflow's words.
    detail: Option<String>,
}

/// Where logging to MLflow stands.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MlflowState {
    /// It will be logged; MLflow may be away.
    Pending,
    /// It is a run.
    Logged,
    /// MLflow refused it for good, or was away for two weeks.
    Failed,
    /// It ended while there was no MLflow, or before it began, or it is none that is logged.
    Off,
}

impl From<Option<RunStanding>> for MlflowRun {
    fn from(standing: Option<RunStanding>) -> Self {
        let without_run = |state, detail| Self { state, run_id: None, path: None, detail };
        match standing {
            None => without_run(MlflowState::Off, None),
            Some(RunStanding::Pending(error)) => without_run(MlflowState::Pending, error),
            Some(RunStanding::Parked(error)) => without_run(MlflowState::Failed, Some(error)),
            Some(RunStanding::Logged(RunId { experiment, run })) => Self {
                state: MlflowState::Logged,
                path: Some(format!("/mlflow/#/experiments/{experiment}/runs/{run}")),
                run_id: Some(run),
                detail: None,
            },
        }
    }
}

impl From<Job> for Analysis {
    fn from(job: Job) -> Self {
        // `run_at` of a job that waits for nothing is the moment it was submitted.
        let run_at = (job.state == JobState::Queued && job.run_at > job.created_at).then_some(job.run_at);
        Self {
            run_at,
            paused: None,
            queue_position: None,
            expected_start: None,
            expected_s: None,
            id: job.id,
            workspace_id: job.workspace,
            created_by: job.owner,
            agent: job.agent,
            agent_version: job.agent_version,
            dataset_id: job.dataset,
            dataset_name: None,
            dataset_version: None,
            parameters: job.parameters,
            state: job.state,
            failure: job.failure,
            attempt: job.attempt,
            crash_count: job.crash_count,
            cancel_requested: job.cancel_requested,
            created_at: job.created_at,
            started_at: job.started_at,
            finished_at: job.finished_at,
            mlflow: None,
        }
    }
}

impl From<Listed> for Analysis {
    fn from(listed: Listed) -> Self {
        let Listed { job, dataset_name, dataset_version } = listed;
        Self { dataset_name, dataset_version, ..job.into() }
    }
}

/// With what a queued one can expect, and what became of an ended one in MLflow.
pub(crate) async fn expecting(state: &AppState, job: Job) -> Result<Analysis> {
    if job.state.is_terminal() {
        let mlflow = Some(state.store.run_of(job.id).await?.into());
        return Ok(Analysis { mlflow, ..job.into() });
    }
    if job.state != JobState::Queued {
        return Ok(job.into());
    }
    let paused = state.outlook.paused(&state.store, job.class).await?.map(|pause| pause.reason);
    let expected = state.outlook.of(&state.store, &job, state.clock.now()).await?;
    let expected_start = expected.start.filter(|_| paused.is_none());
    Ok(Analysis {
        paused,
        queue_position: expected.position,
        expected_start,
        expected_s: expected.seconds,
        ..job.into()
    })
}

/// The event that tells of a state which the gateway itself brought about, at the database's time.
pub(crate) fn state_event(job: &Job, attempt: u32, at_ms: u64) -> Envelope {
    let EventId { attempt, seq } = EventId::outside(attempt, at_ms);
    let event = JobEvent::State { state: job.state, failure: job.failure.clone() };
    Envelope { job: job.id, workspace: job.workspace, owner: job.owner, attempt, seq, event }
}

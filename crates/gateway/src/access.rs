//! What of the stored is the caller's, and in which words it is refused.
//!
//! What the caller may not see is 404. What they see but may not change (a viewer of the workspace) is 403: they know
//! that it is there.

use chassis::auth::Caller;
use chassis::http::Problem;
use domain::agents::{self, Audience};
use domain::dataset::{DatasetState, TableSchema};
use domain::ids::{DatasetId, JobId, UploadId, WorkspaceId};
use domain::people::WorkspaceRole;
use http::StatusCode;
use store::Access;
use store::datasets::Dataset;
use store::jobs::Job;
use store::uploads::Upload;

use crate::error::{ApiError, Result};
use crate::state::AppState;

/// The analysis, if the caller may see it. Profiles are jobs of the platform's own and no analyses.
pub(crate) async fn analysis(state: &AppState, caller: &Caller, id: JobId) -> Result<Job> {
    let job = state.readings.job(caller.user_id(), id).await?;
    job.filter(|job| !is_platform_job(job)).ok_or_else(|| no_analysis(id))
}

/// There is none, or none of the caller's.
pub(crate) fn no_analysis(id: JobId) -> ApiError {
    ApiError::not_found(&format!("analysis {id}"))
}

/// Whether the platform itself asked for it.
pub(crate) fn is_platform_job(job: &Job) -> bool {
    agents::find(&job.agent).is_some_and(|agent| agent.audience == Audience::Platform)
}

/// The dataset, if the caller may see it.
pub(crate) async fn dataset(state: &AppState, caller: &Caller, id: DatasetId) -> Result<Dataset> {
    let dataset = state.store.dataset(Access::read(caller.user_id()), id).await?;
    dataset.ok_or_else(|| no_dataset(id))
}

/// What a dataset's table looks like, if agents and recipes may work on it: from `profiling` on, unless it failed.
pub(crate) fn readable(dataset: &Dataset) -> Result<&TableSchema> {
    match (dataset.state, &dataset.schema) {
        (DatasetState::Profiling | DatasetState::Ready, Some(schema)) => Ok(schema),
        (DatasetState::Failed, Some(_)) => {
            let detail = format!("dataset {} could not be read: {}; upload it anew", dataset.id, why(dataset));
            Err(unusable(detail, dataset))
        }
        _ => Err(without_table(dataset)),
    }
}

/// There are no bytes (yet).
pub(crate) fn without_table(dataset: &Dataset) -> ApiError {
    let id = dataset.id;
    let detail = match (dataset.state, &dataset.recipe) {
        (DatasetState::Failed, _) => {
            format!("dataset {id} could not be made: {}; correct the recipe and post it again", why(dataset))
        }
        (_, Some(_)) => format!("dataset {id} is still being made from its recipe; try again when it is ready"),
        (_, None) => format!("dataset {id} is still being uploaded; try again when that has ended"),
    };
    unusable(detail, dataset)
}

fn why(dataset: &Dataset) -> &str {
    dataset.failure.as_ref().map_or("no reason is known", |failure| failure.detail.as_str())
}

fn unusable(detail: String, dataset: &Dataset) -> ApiError {
    Problem::conflict(detail)
        .extra("state", dataset.state.as_str())
        .extra("failure", serde_json::json!(dataset.failure))
        .into()
}

/// There is none, or none of the caller's.
pub(crate) fn no_dataset(id: DatasetId) -> ApiError {
    ApiError::not_found(&format!("dataset {id}"))
}

/// The resumable upload, if the caller may see it and its time is not up.
pub(crate) async fn upload(state: &AppState, caller: &Caller, id: UploadId) -> Result<Upload> {
    let upload = state.store.upload(Access::read(caller.user_id()), id).await?;
    let upload = upload.ok_or_else(|| ApiError::not_found(&format!("upload {id}")))?;
    if upload.is_expired {
        let detail = format!("upload {id} has ended or was given up at {}; begin a new one", upload.expires_at);
        return Err(Problem::of(StatusCode::GONE).detail(detail).into());
    }
    Ok(upload)
}

/// The same, to change it.
pub(crate) async fn upload_to_write(state: &AppState, caller: &Caller, id: UploadId) -> Result<Upload> {
    let seen = upload(state, caller, id).await?;
    workspace_to_write(state, caller, Some(seen.workspace)).await?;
    Ok(seen)
}

/// The workspace to write to: the one named, else the caller's personal one.
pub(crate) async fn workspace_to_write(
    state: &AppState,
    caller: &Caller,
    named: Option<WorkspaceId>,
) -> Result<WorkspaceId> {
    let found = match named {
        Some(id) => state.store.workspace(caller.user_id(), id).await?,
        None => state.store.workspaces(caller.user_id()).await?.into_iter().find(|workspace| workspace.personal),
    };
    match (found, named) {
        (Some(workspace), _) if workspace.role >= WorkspaceRole::Analyst => Ok(workspace.id),
        (Some(_), _) => Err(viewer_only()),
        (None, Some(id)) => Err(ApiError::not_found(&format!("workspace {id}"))),
        (None, None) => Err(Problem::conflict("you have no workspace of your own; give workspace_id").into()),
    }
}

/// The caller sees it, but may not change it.
pub(crate) fn viewer_only() -> ApiError {
    Problem::forbidden("you are a viewer of this workspace; this needs the role analyst or owner").into()
}

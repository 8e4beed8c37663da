//! `GET /api/v1/analyses/{id}/reproduce.py`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Path, Problem, ProblemDetails};
use domain::agents;
use domain::ids::JobId;
use domain::job::JobState;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;
use store::Access;
use store::jobs::Job;

use super::result;
use crate::access;
use crate::error::{ApiError, Result};
use crate::people::admission::Person;
use crate::state::AppState;

/// Gives a Python script that computes the result again with statsmodels, linearmodels and `DoubleML`.
///
/// It is run on the file that was analysed and compares the numbers; its first lines say what to install.
#[utoipa::path(get, path = "/{id}/reproduce.py", tag = "analyses",
    params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, description = "The script, as an attachment", body = String, content_type = "text/x-python"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's, or its agent has no script (`no-script`)",
         body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "There is no result: not yet (`result-not-ready`), or because the analysis failed or \
         was cancelled (`no-result`, with `failure`)", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_script(
    State(state): State<AppState>,
    caller: Person,
    Path(id): Path<JobId>,
) -> Result<Response> {
    let job = access::analysis(&state, &caller, id).await?;
    if job.state != JobState::Succeeded {
        return Err(result::none(&job).into());
    }
    let reader = Access::read(caller.user_id());
    let found = state.store.job_result(reader, id).await?.ok_or_else(|| access::no_analysis(id))?;
    let dataset = match job.dataset {
        Some(dataset) => state.store.dataset(reader, dataset).await?,
        None => None,
    };
    let name = dataset.map(|dataset| dataset.name);
    let script = script(&job, Some(&found), name.as_deref()).ok_or_else(|| no_script(&job))?;
    Ok(script_answer(script))
}

/// The script of a job with this result on the dataset of this name, if there is one.
pub(crate) fn script(job: &Job, result: Option<&Value>, dataset: Option<&str>) -> Option<String> {
    let agent = agents::find(&job.agent)?;
    (agent.reproduce)(&job.parameters, result.filter(|_| job.state == JobState::Succeeded)?, dataset)
}

/// A script, to be saved.
pub(crate) fn script_answer(script: String) -> Response {
    let mut response = script.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/x-python; charset=utf-8"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"reproduce.py\""));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// There is no script for the result.
pub(crate) fn no_script(job: &Job) -> ApiError {
    let detail = format!(
        "the agent `{}` (version {}) has no script for this result; the result itself says how it was computed",
        job.agent, job.agent_version
    );
    Problem::new(StatusCode::NOT_FOUND, "no-script", "No script").detail(detail).into()
}

//! `GET /api/v1/analyses/{id}/result`

use axum::extract::State;

use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::JobId;
use domain::job::JobState;
use http::StatusCode;
use serde_json::{Value, json};
use store::Access;
use store::jobs::Job;

use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// Gives the result of an analysis, as its agent's `result_schema` describes it.
#[utoipa::path(get, path = "/{id}/result", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, description = "The agent's result", body = Object),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "There is no result: not yet (`result-not-ready`), or because the analysis failed or \
         was cancelled (`no-result`, with `failure`)", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_result(
    State(state): State<AppState>,
    caller: Person,
    Path(id): Path<JobId>,
) -> Result<Json<Value>> {
    let job = access::analysis(&state, &caller, id).await?;
    if job.state != JobState::Succeeded {
        return Err(none(&job).into());
    }
    let result = state.store.job_result(Access::read(caller.user_id()), id).await?;
    Ok(Json(result.ok_or_else(|| access::no_analysis(id))?))
}

/// Why an analysis has no result.
pub(super) fn none(job: &Job) -> Problem {
    let (slug, title, detail) = match (job.state, &job.failure) {
        (JobState::Failed | JobState::Cancelled, Some(failure)) => {
            ("no-result", "No result", format!("the analysis was {}: {}", ended_as(job.state), failure.detail))
        }
        (JobState::Failed | JobState::Cancelled, None) => {
            ("no-result", "No result", format!("the analysis was {}", ended_as(job.state)))
        }
        (JobState::Queued, _) => {
            ("result-not-ready", "Result not ready", "the analysis waits for a worker; follow its events".to_owned())
        }
        (JobState::Running | JobState::Succeeded, _) => {
            ("result-not-ready", "Result not ready", "the analysis is running; follow its events".to_owned())
        }
    };
    Problem::new(StatusCode::CONFLICT, slug, title)
        .detail(detail)
        .extra("state", job.state.as_str())
        .extra("failure", json!(job.failure))
}

fn ended_as(state: JobState) -> &'static str {
    if state == JobState::Cancelled { "cancelled" } else { "ended without a result" }
}

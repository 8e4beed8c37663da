//! `GET /api/v1/analyses/{id}/attempts`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use chrono::{DateTime, Utc};
use domain::ids::JobId;
use domain::job::Failure;
use serde::Serialize;
use store::Access;
use store::jobs::Try;
use utoipa::ToSchema;

use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// One time that a worker took an analysis up.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the number of an attempt is called so everywhere in the API")]
pub(crate) struct Attempt {
    /// Its number, from 1 on.
    attempt: u32,
    /// Which worker.
    worker: String,
    /// When it was taken up.
    started_at: DateTime<Utc>,
    /// When it ended; null while it runs.
    ended_at: Option<DateTime<Utc>>,
    /// Why it ended without a result; null where it runs or succeeded.
    failure: Option<Failure>,
}

impl From<Try> for Attempt {
    fn from(tried: Try) -> Self {
        let Try { attempt, worker, started_at, ended_at, failure } = tried;
        Self { attempt, worker, started_at, ended_at, failure }
    }
}

/// Every attempt, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptList {
    attempts: Vec<Attempt>,
}

/// Tells every attempt of an analysis and why it ended.
#[utoipa::path(get, path = "/{id}/attempts", tag = "analyses",
    params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, body = AttemptList),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn list_attempts(
    State(state): State<AppState>,
    caller: Person,
    Path(id): Path<JobId>,
) -> Result<Json<AttemptList>> {
    access::analysis(&state, &caller, id).await?;
    let tries = state.store.tries(Access::read(caller.user_id()), id).await?;
    Ok(Json(AttemptList { attempts: tries.into_iter().map(Attempt::from).collect() }))
}

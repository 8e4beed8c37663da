//! `POST /api/v1/admin/dispatch/{class}/pause`

use axum::extract::State;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::job::JobClass;
use serde::Deserialize;
use utoipa::ToSchema;

use super::PausedClass;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::state::AppState;

const MAX_REASON_LENGTH: usize = 1000;

/// Why a class is paused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseClass {
    /// 1 to 1000 characters; owners of queued analyses read it.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Pauses a class: what is queued does not begin, what runs goes on, submitting goes on. A pause of a class that is paused
/// gives it another reason.
#[utoipa::path(post, path = "/{class}/pause", tag = "admin", params(("class" = JobClass, Path, description = "The class")),
    request_body = PauseClass,
    responses(
        (status = 200, description = "Nothing of the class begins any more", body = PausedClass),
        (status = 403, description = "The caller is no admin", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "No reason, or too long a one", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn pause_class(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(class): Path<JobClass>,
    Json(asked): Json<PauseClass>,
) -> Result<Json<PausedClass>> {
    let reason = asked.reason.trim();
    let length = reason.chars().count();
    if !(1..=MAX_REASON_LENGTH).contains(&length) {
        let detail = format!("the reason has {length} characters; give 1 to {MAX_REASON_LENGTH}, owners read it");
        return Err(Problem::unprocessable(detail).into());
    }
    let by = admin.user_id();
    let pause = state.store.pause(&context.actor.by(by), by, class, reason).await?;
    state.outlook.forget().await;
    Ok(Json(pause.into()))
}

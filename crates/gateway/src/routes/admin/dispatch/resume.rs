//! `POST /api/v1/admin/dispatch/{class}/resume`

use axum::extract::State;
use chassis::http::{Path, Problem, ProblemDetails};
use domain::job::JobClass;
use http::StatusCode;

use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::state::AppState;

/// Lets a paused class go on, in fair order.
#[utoipa::path(post, path = "/{class}/resume", tag = "admin",
    params(("class" = JobClass, Path, description = "The class")),
    responses(
        (status = 204, description = "It goes on"),
        (status = 403, description = "The caller is no admin", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "It is not paused", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn resume_class(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
    Path(class): Path<JobClass>,
) -> Result<StatusCode> {
    let resumed = state.store.resume(&context.actor.by(admin.user_id()), class, None).await?;
    state.outlook.forget().await;
    if !resumed {
        return Err(Problem::conflict(format!("the class {class} is not paused")).into());
    }
    Ok(StatusCode::NO_CONTENT)
}

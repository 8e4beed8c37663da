//! `GET /api/v1/admin/dead-letters`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails, Query};

use super::jobs::list::{JobList, JobQuery, page_of};
use crate::error::Result;
use crate::paging::PageQuery;
use crate::people::admission::Admin;
use crate::state::AppState;

/// Lists the jobs that were given up: their process died too often, or their workers vanished. Newest first.
///
/// `/api/v1/admin/jobs/{id}` tells every attempt's reason, `/api/v1/admin/jobs/{id}/retry` tries one again.
#[utoipa::path(get, path = "/dead-letters", tag = "admin", params(JobQuery, PageQuery), responses(
    (status = 200, body = JobList),
    (status = 400, description = "A filter, limit or cursor that cannot be read", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 403, description = "The caller is no admin", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
pub(crate) async fn list_dead_letters(
    State(state): State<AppState>,
    _admin: Admin,
    Query(asked): Query<JobQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<JobList>> {
    Ok(Json(page_of(&state, asked, &page, true).await?))
}

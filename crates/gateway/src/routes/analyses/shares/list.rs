//! `GET /api/v1/analyses/{id}/shares`

use axum::extract::State;
use chassis::http::{Json, Path, ProblemDetails};
use domain::ids::JobId;
use serde::Serialize;
use store::Access;
use utoipa::ToSchema;

use super::ShareView;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::state::AppState;

/// The links to an analysis.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareList {
    /// Newest first, ended ones included; at most 200.
    shares: Vec<ShareView>,
}

/// Lists the links to an analysis: who made them, until when they work, when they were opened last.
#[utoipa::path(get, path = "/", tag = "analyses", params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 200, body = ShareList),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn list_shares(
    State(state): State<AppState>,
    caller: Person,
    Path(id): Path<JobId>,
) -> Result<Json<ShareList>> {
    access::analysis(&state, &caller, id).await?;
    let shares = state.store.shares(Access::read(caller.user_id()), id).await?;
    Ok(Json(ShareList { shares: shares.into_iter().map(ShareView::from).collect() }))
}

//! `DELETE /api/v1/status/windows/{id}`

use axum::extract::State;
use chassis::http::{Path, Problem, ProblemDetails};
use http::StatusCode;

use crate::access::Admin;
use crate::error::Result;
use crate::state::AppState;

/// Ends maintenance that runs, or calls off what is to come. What is still down then is raised.
#[utoipa::path(delete, path = "/{id}", tag = "status", params(("id" = i64, Path, description = "Its number")), responses(
    (status = 204, description = "It has ended"),
    (status = 403, description = "Not an admin", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn end_window(State(state): State<AppState>, admin: Admin, Path(id): Path<i64>) -> Result<StatusCode> {
    let now = state.clock.now();
    if !state.keeper.run(move |keeper| keeper.close(id, now)).await? {
        return Err(Problem::not_found(format!("there is no maintenance {id} that runs or is to come")).into());
    }
    tracing::info!(by = admin.name(), window = id, "maintenance was ended");
    // Whoever asks next sees it.
    state.background.read_fast().await?;
    Ok(StatusCode::NO_CONTENT)
}

//! `DELETE /api/v1/uploads/{id}`

use axum::extract::State;
use chassis::http::{Path, ProblemDetails};
use domain::ids::UploadId;
use http::StatusCode;
use store::Access;

use crate::access;
use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;
use crate::uploads::resumable::protocol::Tus;
use crate::uploads::resumable::{being_checked, upkeep};

/// Ends an upload and removes what it had brought. A dataset that came of it stays.
#[utoipa::path(delete, path = "/{id}", tag = "uploads",
    params(
        ("id" = UploadId, Path, description = "The upload"),
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
    ),
    responses(
        (status = 204, description = "Gone"),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such upload of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 410, description = "It is gone already", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 423, description = "Complete, and being checked", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn delete_upload(
    State(state): State<AppState>,
    person: Person,
    _: Tus,
    context: RequestContext,
    Path(id): Path<UploadId>,
) -> Result<StatusCode> {
    access::upload_to_write(&state, &person, id).await?;
    if !state.store.end_upload(Access::write(person.user_id()), id, context.request_id()).await? {
        let upload = access::upload_to_write(&state, &person, id).await?;
        return Err(being_checked(&upload).into());
    }
    metrics::counter!("gateway_resumable_uploads_total", "outcome" => "deleted").increment(1);
    let removing = state.clone();
    let removed = state.shutdown.tasks.spawn(async move { upkeep::remove_or_leave(&removing, id).await });
    // It fails only when the runtime ends: then the sweep does it.
    let _ = removed.await;
    Ok(StatusCode::NO_CONTENT)
}

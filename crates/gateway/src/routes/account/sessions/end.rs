//! `DELETE /api/v1/account/sessions/{id}`

use axum::extract::State;
use chassis::http::{Path, ProblemDetails};
use http::StatusCode;
use store::people::sessions::Scope;
use uuid::Uuid;

use crate::error::{ApiError, Result};
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Signs the caller out on one device: its refresh token stops working at once, its access token within seconds.
#[utoipa::path(delete, path = "/account/sessions/{id}", tag = "account",
    params(("id" = Uuid, Path, description = "The session")),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "No such session of the caller's, or it has ended; or `supabase-mode`", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn end_session(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let user = person.user_id();
    if state.store.end_sessions(&context.actor.by(user), user, Scope::One(id)).await? == 0 {
        return Err(ApiError::not_found(&format!("session {id} of yours")));
    }
    state.admission.forget(user);
    Ok(StatusCode::NO_CONTENT)
}

//! `POST /auth/v1/logout`: ends sessions.

use axum::extract::State;
use chassis::http::{Problem, ProblemDetails, Query};
use http::StatusCode;
use serde::Deserialize;
use store::people::sessions::Scope;
use utoipa::IntoParams;

use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Person;
use crate::state::AppState;

/// Which sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogoutScope {
    /// `global` (all sessions of the caller, the default), `local` (this one) or `others` (all but this one).
    #[serde(default)]
    #[param(example = "local")]
    scope: Option<String>,
}

/// Ends the caller's sessions; their refresh tokens stop working at once, access tokens within seconds.
#[utoipa::path(
    post, path = "/logout", tag = "auth", params(LogoutScope),
    responses((status = 204), (status = 401, body = ProblemDetails, content_type = "application/problem+json"))
)]
pub(crate) async fn logout(
    State(state): State<AppState>,
    person: Person,
    context: RequestContext,
    Query(query): Query<LogoutScope>,
) -> Result<StatusCode> {
    let session = person.session_id.unwrap_or_default();
    let scope = match query.scope.as_deref().unwrap_or("global") {
        "global" => Scope::Global,
        "local" => Scope::Local(session),
        "others" => Scope::Others(session),
        other => {
            let detail = format!("scope {other:?} is not known; use global, local or others");
            return Err(Problem::bad_request(detail).into());
        }
    };
    let user = person.user_id();
    state.store.end_sessions(&context.actor.by(user), user, scope).await?;
    state.admission.forget(user);
    Ok(StatusCode::NO_CONTENT)
}

//! `POST /api/v1/admin/mlflow-session`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::http::{Problem, ProblemDetails};
use http::{HeaderValue, StatusCode, header};

use crate::error::Result;
use crate::people::RequestContext;
use crate::people::admission::Admin;
use crate::people::mlflow_session::MlflowSession;
use crate::state::AppState;

/// Opens MLflow, at `/mlflow/`, to this browser for 15 minutes, at most until the access token expires.
#[utoipa::path(post, path = "/mlflow-session", tag = "admin",
    responses(
        (status = 204, description = "It is open", headers(
            ("Set-Cookie" = String, description = "For `/mlflow` alone; no script can read it"))),
        (status = 403, description = "The caller is no admin", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "There is no MLflow", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn open_mlflow(
    State(state): State<AppState>,
    admin: Admin,
    context: RequestContext,
) -> Result<Response> {
    if !state.config.has_mlflow {
        return Err(Problem::conflict("this platform has no MLflow; set MLFLOW_TRACKING_URI to have one").into());
    }
    let now = state.clock.now();
    let cookie = MlflowSession::begin(&admin, now).set_cookie(&state.link_key, &state.config.auth.public_url, now);
    let cookie = HeaderValue::from_str(&cookie).map_err(anyhow::Error::from)?;
    state.store.note_mlflow_opened(&context.actor.by(admin.user_id())).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

//! `GET /api/v1/shared/reproduce.py`

use axum::extract::State;
use axum::response::Response;
use chassis::http::ProblemDetails;
use http::HeaderMap;

use super::{get::name, open};
use crate::error::Result;
use crate::people::RequestContext;
use crate::routes::analyses;
use crate::state::AppState;

/// Gives the script of a shared analysis, as `/api/v1/analyses/{id}/reproduce.py` does.
#[utoipa::path(get, path = "/reproduce.py", tag = "shared", security(()),
    params(("X-Share-Token" = String, Header, description = "What stands behind `#token=` in the link")),
    responses(
        (status = 200, description = "The script, as an attachment", body = String, content_type = "text/x-python"),
        (status = 404, description = "The link does not work, or there is no script for the result (`no-script`)",
         body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn get_shared_script(
    State(state): State<AppState>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response> {
    let opened = open(&state, &context, &headers).await?;
    let script = analyses::script(&opened.job, opened.result.as_ref(), name(&opened));
    script.map(analyses::script_answer).ok_or_else(|| analyses::no_script(&opened.job))
}

//! `GET /api/v1/status/windows`

use axum::extract::State;
use chassis::http::Json;

use crate::access::Audience;
use crate::error::Result;
use crate::http::kept;
use crate::http::redact::Redact as _;
use crate::state::AppState;
use crate::view::WindowView;

/// Tells which maintenance runs and is to come.
#[utoipa::path(get, path = "/", tag = "status", security((), ("bearer" = [])),
    responses((status = 200, body = Vec<WindowView>)))]
pub(crate) async fn list_windows(State(state): State<AppState>, audience: Audience) -> Result<Json<Vec<WindowView>>> {
    let now = state.clock.now();
    let windows = state.keeper.run(move |keeper| kept::windows(keeper, now)).await?;
    Ok(Json(windows.for_audience(audience)))
}

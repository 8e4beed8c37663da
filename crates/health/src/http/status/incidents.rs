//! `GET /api/v1/status/incidents`

use axum::extract::State;
use chassis::http::{Json, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Audience;
use crate::error::Result;
use crate::http::kept;
use crate::http::redact::Redact as _;
use crate::state::AppState;
use crate::view::IncidentPage;

const MOST: usize = 100;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `next` of the page before; left out for the newest.
    before: Option<i64>,
    /// How many.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: usize,
}

fn twenty() -> usize {
    20
}

/// Tells what was and is wrong, newest first.
#[utoipa::path(get, path = "/incidents", tag = "status", security((), ("bearer" = [])), params(Asked),
    responses((status = 200, body = IncidentPage)))]
pub(crate) async fn list_incidents(
    State(state): State<AppState>,
    audience: Audience,
    Query(asked): Query<Asked>,
) -> Result<Json<IncidentPage>> {
    let limit = asked.limit;
    if !(1..=MOST).contains(&limit) {
        return Err(Problem::bad_request(format!("limit is {limit}; it can be 1 to {MOST}")).into());
    }
    let page = state.keeper.run(move |keeper| kept::incidents(keeper, asked.before, limit)).await?;
    Ok(Json(page.for_audience(audience)))
}

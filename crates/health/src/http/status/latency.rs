//! `GET /api/v1/status/parts/{id}/latency`

use axum::extract::State;
use chassis::http::{Json, Path, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Audience;
use crate::error::Result;
use crate::part::PartId;
use crate::state::AppState;
use crate::view::LatencyView;

/// As long as stretches of a part are kept.
const MOST_HOURS: u32 = 400 * 24;

/// Of a part that was never looked at.
const UNKNOWN_STEP_S: u32 = 300;

/// Which stretch of time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// How many hours back from now.
    #[serde(default = "a_day")]
    #[param(minimum = 1, maximum = 9600, default = 24)]
    hours: u32,
}

fn a_day() -> u32 {
    24
}

/// Tells how long a part took to answer.
#[utoipa::path(get, path = "/parts/{id}/latency", tag = "status", security((), ("bearer" = [])),
    params(("id" = String, Path, description = "The part"), Asked), responses((status = 200, body = LatencyView)))]
pub(crate) async fn part_latency(
    State(state): State<AppState>,
    _audience: Audience,
    Path(part): Path<PartId>,
    Query(asked): Query<Asked>,
) -> Result<Json<LatencyView>> {
    let hours = asked.hours;
    if !(1..=MOST_HOURS).contains(&hours) {
        return Err(Problem::bad_request(format!("hours is {hours}; it can be 1 to {MOST_HOURS}")).into());
    }
    known(&state, &part)?;
    let (now, asked_for) = (state.clock.now(), part.clone());
    let found = state.keeper.run(move |keeper| keeper.latency(now, &asked_for, hours)).await?;
    Ok(Json(found.unwrap_or(LatencyView { id: part, step_s: UNKNOWN_STEP_S, points: Vec::new() })))
}

/// 404 for what is not watched.
pub(super) fn known(state: &AppState, part: &PartId) -> Result<(), Problem> {
    if state.board.now().parts.iter().any(|standing| standing.part == *part) {
        return Ok(());
    }
    Err(Problem::not_found("there is no such part; GET /api/v1/status names them"))
}

//! `GET /api/v1/status/timeline`

use axum::extract::State;
use chassis::http::{Json, Problem, Query};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Audience;
use crate::error::Result;
use crate::http::redact::Redact as _;
use crate::state::AppState;
use crate::view::TimelineView;

const MOST_DAYS: u16 = 400;
/// Lines of one answer; the oldest are left out.
const MOST_LINES: usize = 1_000;

/// Which stretch of time.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// How many days back from now.
    #[serde(default = "thirty")]
    #[param(minimum = 1, maximum = 400, default = 30)]
    days: u16,
}

fn thirty() -> u16 {
    30
}

/// Tells what happened, newest first: releases, rollbacks, pins, renewals of the certificate, maintenance, incidents.
///
/// At most 1,000 lines.
#[utoipa::path(get, path = "/timeline", tag = "status", security((), ("bearer" = [])), params(Asked),
    responses((status = 200, body = TimelineView)))]
pub(crate) async fn status_timeline(
    State(state): State<AppState>,
    audience: Audience,
    Query(asked): Query<Asked>,
) -> Result<Json<TimelineView>> {
    let days = asked.days;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::bad_request(format!("days is {days}; it can be 1 to {MOST_DAYS}")).into());
    }
    let since = state.clock.now() - TimeDelta::days(i64::from(days));
    let items = state.keeper.run(move |keeper| keeper.timeline(since, MOST_LINES)).await?;
    Ok(Json(TimelineView { items: items.for_audience(audience) }))
}

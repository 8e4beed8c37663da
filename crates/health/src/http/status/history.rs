//! `GET /api/v1/status/history`

use axum::body::Bytes;
use axum::extract::State;
use chassis::http::{Problem, Query};
use chrono::{DateTime, Days, Utc};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Audience;
use crate::error::{ApiError, Result};
use crate::http::rendered::Ready;
use crate::state::AppState;
use crate::view::{DayView, HistoryView, PartHistory};

/// The longest history that is kept by the day and shown.
const MOST_DAYS: u16 = 400;

/// Which history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// How many days, today among them.
    #[serde(default = "ninety")]
    #[param(minimum = 1, maximum = 400, default = 90)]
    days: u16,
}

fn ninety() -> u16 {
    90
}

/// Tells how the parts stood on each day.
#[utoipa::path(get, path = "/history", tag = "status", security((), ("bearer" = [])), params(Asked),
    responses((status = 200, body = HistoryView)))]
pub(crate) async fn status_history(
    State(state): State<AppState>,
    _audience: Audience,
    Query(asked): Query<Asked>,
) -> Result<Ready> {
    let days = asked.days;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(Problem::bad_request(format!("days is {days}; it can be 1 to {MOST_DAYS}")).into());
    }
    let body = state.past.get(days, async || read(&state, days).await).await?;
    Ok(Ready { status: StatusCode::OK, media_type: "application/json", body })
}

async fn read(state: &AppState, days: u16) -> Result<Bytes> {
    let now = state.clock.now();
    let mut kept = state.keeper.run(move |keeper| keeper.days(now, u32::from(days))).await?;
    let picture = state.board.now();
    let parts = picture.parts.iter().map(|standing| PartHistory {
        id: standing.part.clone(),
        title: standing.title.clone(),
        days: kept.remove(&standing.part).unwrap_or_else(|| unknown(now, days)),
    });
    let view = HistoryView { parts: parts.collect() };
    let written = serde_json::to_vec(&view).map_err(|cause| ApiError::from(Problem::internal(cause)))?;
    Ok(Bytes::from(written))
}

/// The days of a part that was never looked at.
fn unknown(now: DateTime<Utc>, days: u16) -> Vec<DayView> {
    let today = now.date_naive();
    let dates = (0..u64::from(days)).rev().filter_map(|back| today.checked_sub_days(Days::new(back)));
    let unknown = |date| DayView { date, up_share: None, observed_s: 0.0, down_s: 0.0, warn_s: 0.0, incidents: 0 };
    dates.map(unknown).collect()
}

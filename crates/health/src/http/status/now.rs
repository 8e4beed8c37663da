//! `GET /api/v1/status`

use axum::body::Bytes;
use axum::extract::State as Extract;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use crate::access::Audience;
use crate::board::{Picture, Standing};
use crate::error::Result;
use crate::http::background::Background;
use crate::http::health::seconds_since;
use crate::http::redact::Redact as _;
use crate::http::rendered::Ready;
use crate::state::AppState;
use crate::view::{AlertsView, Overall, PartView, StatusView, Uptime};

const UNKNOWN: Uptime = Uptime { h24: None, d7: None, d30: None, d90: None };

/// Tells how everything stands, for people.
///
/// Nobody has to sign in; who has sees figures and releases, admins also why. Answered from memory, whatever hangs.
#[utoipa::path(get, path = "/", tag = "status", security((), ("bearer" = [])), responses((status = 200, body = StatusView)))]
pub(crate) async fn status(Extract(state): Extract<AppState>, audience: Audience) -> Result<Ready> {
    let (picture, background) = (state.board.now(), state.background.now());
    Ok(state.status.get(audience, &picture, &background, || {
        let view = view(&state, &picture, &background, audience);
        // A view has no maps with odd keys: it is always representable.
        let body = Bytes::from(serde_json::to_vec(&view).unwrap_or_default());
        Ready { status: StatusCode::OK, media_type: "application/json", body }
    }))
}

fn view(state: &AppState, picture: &Picture, background: &Background, audience: Audience) -> StatusView {
    let age = state.freshness.age(picture);
    let is_stale = state.freshness.stale(picture).is_some();
    let now = picture.at + TimeDelta::from_std(age).unwrap_or_default();
    let alerts = AlertsView {
        channels: state.channels.iter().map(|channel| channel.name().to_owned()).collect(),
        waiting: background.waiting.count,
        waiting_words: background.waiting.words.clone(),
        watched_from_outside: state.watched_from_outside,
    };
    let (is_person, is_admin) = (audience >= Audience::Person, audience == Audience::Admin);
    StatusView {
        status: if is_stale { Overall::Fail } else { Overall::of(picture) },
        at: picture.at,
        age_s: age.as_secs_f64(),
        version: state.identity.version.to_owned(),
        revision: state.identity.revision.clone(),
        settling_until: picture.settling_until,
        parts: picture.parts.iter().map(|standing| part(standing, background, now, audience)).collect(),
        incidents: background.incidents.clone().for_audience(audience),
        windows: background.windows.clone().for_audience(audience),
        deploys: background.deploys.clone().filter(|_| is_person),
        alerts: is_admin.then_some(alerts),
        logs_kept_days: background.logs_kept_days.filter(|_| is_admin),
    }
}

fn part(standing: &Standing, background: &Background, now: DateTime<Utc>, audience: Audience) -> PartView {
    let last = standing.last.as_ref();
    let words = last.map(|last| last.reading.words.clone()).filter(|words| !words.is_empty());
    PartView {
        id: standing.part.clone(),
        title: standing.title.clone(),
        importance: standing.importance,
        parents: standing.parents.clone(),
        state: standing.state,
        since: standing.since,
        flapping: standing.flapping,
        suppressed_by: standing.suppressed_by.clone(),
        excused_by: standing.excused_by.clone(),
        age_s: last.map(|last| seconds_since(last.at, now)),
        latency_ms: last.and_then(|last| last.latency).map(|latency| latency.as_secs_f64() * 1_000.0),
        uptime: background.uptimes.get(&standing.part).copied().unwrap_or(UNKNOWN),
        words: words.filter(|_| audience == Audience::Admin),
        figures: last.map(|last| last.reading.figures.clone()).filter(|_| audience >= Audience::Person),
    }
}

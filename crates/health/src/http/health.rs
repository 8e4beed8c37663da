//! `GET /health`

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State as Extract;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use super::rendered::Ready;
use crate::access::Audience;
use crate::board::{Picture, Standing, State};
use crate::error::Result;
use crate::state::AppState;
use crate::view::{CheckView, HealthView, Overall};

/// What an answer to it is (draft-inadarei-api-health-check-06).
const MEDIA_TYPE: &str = "application/health+json";

/// Tells how everything stands, for programs.
///
/// Answered from memory, whatever hangs; each check says how old its answer is. Whoever is no admin reads states and ages,
/// no host and no error. A part that is not critical never makes the whole fail.
#[utoipa::path(get, path = "/health", tag = "health", security((), ("bearer" = [])), responses(
    (status = 200, description = "`pass` or `warn`: the platform works", body = HealthView,
     content_type = "application/health+json"),
    (status = 503, description = "`fail`: something critical is down, or the checks themselves hang", body = HealthView,
     content_type = "application/health+json"),
))]
pub(crate) async fn health(Extract(state): Extract<AppState>, audience: Audience) -> Result<Ready> {
    let (picture, background) = (state.board.now(), state.background.now());
    // Signed in or not is no difference here.
    let audience = if audience == Audience::Admin { audience } else { Audience::Anybody };
    Ok(state.health.get(audience, &picture, &background, || ready(&view(&state, &picture, audience))))
}

fn ready(view: &HealthView) -> Ready {
    let status = if view.status == Overall::Fail { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    // A view has no maps with odd keys: it is always representable.
    Ready { status, media_type: MEDIA_TYPE, body: Bytes::from(serde_json::to_vec(view).unwrap_or_default()) }
}

fn view(state: &AppState, picture: &Picture, audience: Audience) -> HealthView {
    let age = state.freshness.age(picture);
    let output = state.freshness.stale(picture);
    // What "now" is, told by the picture's own time: the ages of looks are not those of a clock that jumped since.
    let now = picture.at + TimeDelta::from_std(age).unwrap_or_default();
    let checks = picture.parts.iter().map(|part| (part.part.clone(), vec![check(part, now, audience)]));
    HealthView {
        status: if output.is_some() { Overall::Fail } else { Overall::of(picture) },
        version: state.identity.version.to_owned(),
        release_id: state.identity.revision.clone(),
        revision: state.identity.revision.clone(),
        service_id: state.identity.service.to_owned(),
        description: "The state of E2I Causal Analytics and of all it stands on".to_owned(),
        time: picture.at,
        age_s: age.as_secs_f64(),
        output,
        checks: checks.collect::<BTreeMap<_, _>>(),
    }
}

fn check(part: &Standing, now: DateTime<Utc>, audience: Audience) -> CheckView {
    let is_admin = audience == Audience::Admin;
    let last = part.last.as_ref();
    let seen = last.filter(|_| is_admin);
    let latency = seen.and_then(|last| last.latency);
    CheckView {
        component_id: part.part.clone(),
        status: in_three_words(part.state),
        state: part.state,
        critical: part.importance == crate::part::Importance::Critical,
        time: last.map(|last| last.at),
        age_s: last.map(|last| seconds_since(last.at, now)),
        since: is_admin.then_some(part.since),
        observed_value: latency.map(|latency| latency.as_secs_f64() * 1_000.0),
        observed_unit: latency.map(|_| "ms".to_owned()),
        suppressed_by: part.suppressed_by.clone().filter(|_| is_admin),
        output: seen.map(|last| last.reading.words.clone()).filter(|words| !words.is_empty()),
    }
}

fn in_three_words(state: State) -> Overall {
    match state {
        State::Pass | State::NotConfigured => Overall::Pass,
        State::Warn | State::Unknown => Overall::Warn,
        State::Fail => Overall::Fail,
    }
}

/// Never less than none: a look may end a moment after the picture was begun.
pub(super) fn seconds_since(at: DateTime<Utc>, now: DateTime<Utc>) -> f64 {
    let passed = now.signed_duration_since(at);
    (passed.num_milliseconds().max(0) as f64) / 1_000.0
}

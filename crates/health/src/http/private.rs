//! The private port: `/livez`, `/readyz`, `/metrics`. Parts that are down do not make health itself unready: it is there
//! to say so.

use std::time::Duration;

use axum::Router;
use chassis::private::{self, Check};
use chassis::telemetry;

use super::measures;
use crate::board::{Picture, State};
use crate::state::AppState;
use crate::view::Overall;

/// How long a readiness check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);
/// Every state that a part can be in, as labels have it.
const STATES: [(State, &str); 5] = [
    (State::Unknown, "unknown"),
    (State::Pass, "pass"),
    (State::Warn, "warn"),
    (State::Fail, "fail"),
    (State::NotConfigured, "not_configured"),
];
const OVERALLS: [(Overall, &str); 3] = [(Overall::Pass, "pass"), (Overall::Warn, "warn"), (Overall::Fail, "fail")];

/// The private port's routes. It is ready while pictures are new; where nothing can be read of what is kept, it serves on.
///
/// # Errors
/// Another kind of recorder is installed already.
pub fn router(state: &AppState) -> anyhow::Result<Router> {
    let metrics = telemetry::metrics::install()?;
    measures::begin();
    let shared = state.clone();
    let looks = move || {
        let words = shared.freshness.stale(&shared.board.now());
        async move { words.map_or(Ok(()), |words| Err(anyhow::anyhow!(words))) }
    };
    let keeper = state.keeper.clone();
    let kept = move || {
        let keeper = keeper.clone();
        async move { Ok(keeper.run(|keeper| keeper.picture().map(drop)).await?) }
    };
    let checks = vec![Check::new("looks", CHECK_TIMEOUT, looks), Check::new("history", CHECK_TIMEOUT, kept).optional()];
    Ok(private::router(state.identity.clone(), checks, metrics, &state.shutdown))
}

/// How everything stands, as gauges; never ends.
pub async fn keep_gauges(state: AppState) {
    let mut pictures = state.board.watch();
    loop {
        let picture = pictures.borrow_and_update().clone();
        tell(&state, &picture);
        // An old picture grows older without a change.
        let _or_ten_seconds = tokio::time::timeout(Duration::from_secs(10), pictures.changed()).await;
    }
}

fn tell(state: &AppState, picture: &Picture) {
    let number = |is: bool| if is { 1.0 } else { 0.0 };
    let is_stale = state.freshness.stale(picture).is_some();
    let overall = if is_stale { Overall::Fail } else { Overall::of(picture) };
    for (one, label) in OVERALLS {
        metrics::gauge!("health_status", "status" => label).set(number(overall == one));
    }
    metrics::gauge!("health_picture_age_seconds").set(state.freshness.age(picture).as_secs_f64());
    for part in &picture.parts {
        let id = part.part.as_str();
        for (one, label) in STATES {
            metrics::gauge!("health_part_state", "part" => id.to_owned(), "state" => label)
                .set(number(part.state == one));
        }
        metrics::gauge!("health_part_flapping", "part" => id.to_owned()).set(number(part.flapping));
        let last = part.last.as_ref();
        if let Some(latency) = last.and_then(|last| last.latency) {
            metrics::gauge!("health_part_latency_seconds", "part" => id.to_owned()).set(latency.as_secs_f64());
        }
        if let Some(last) = last {
            let at = last.at.timestamp_millis() as f64 / 1_000.0;
            metrics::gauge!("health_part_looked_at_seconds", "part" => id.to_owned()).set(at);
        }
    }
    let background = state.background.now();
    metrics::gauge!("health_open_incidents").set(background.incidents.len() as f64);
    metrics::gauge!("health_waiting_alerts").set(background.waiting.count as f64);
}

//! The private port: `/livez`, `/readyz`, `/metrics`, and `/state`, which scripts and tests compare with what runs.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use chassis::http::Json;
use chassis::private::{self, Check, Identity};
use chassis::telemetry;

use crate::error::Result;
use crate::handle::Deployer;
use crate::state::AppState;
use crate::view::StateView;

/// How long a readiness check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// The private port's routes.
///
/// # Errors
/// Another kind of recorder is installed already.
pub fn router(identity: Identity, state: &AppState) -> anyhow::Result<Router> {
    let metrics = telemetry::metrics::install()?;
    let deployer = state.deployer.clone();
    let journal = move || {
        let deployer = deployer.clone();
        async move { Ok(deployer.state().await.map(drop)?) }
    };
    let checks = vec![Check::new("journal", CHECK_TIMEOUT, journal)];
    let own = Router::new().route("/state", get(state_view)).with_state(state.clone());
    Ok(private::router(identity, checks, metrics, &state.shutdown).merge(own))
}

async fn state_view(State(state): State<AppState>) -> Result<Json<StateView>> {
    Ok(Json(state.deployer.state().await?))
}

/// What is live and what is wrong, as gauges; never ends.
pub async fn keep_gauges(deployer: Deployer) {
    loop {
        if let Ok(state) = deployer.state().await {
            let number = |is: bool| if is { 1.0 } else { 0.0 };
            let live = state.live.map_or(0.0, |live| live.deployment.0 as f64);
            metrics::gauge!("deployer_live_deployment").set(live);
            metrics::gauge!("deployer_running").set(number(state.running.is_some()));
            metrics::gauge!("deployer_pending").set(number(state.pending.is_some()));
            metrics::gauge!("deployer_stuck").set(number(state.stuck.is_some()));
            metrics::gauge!("deployer_pinned").set(number(state.pin.is_some()));
            metrics::gauge!("deployer_paused").set(number(state.paused));
        }
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
}

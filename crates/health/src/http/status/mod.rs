//! `/api/v1/status`: what the Status page shows, and what admins order.

mod heartbeat;
mod history;
mod incidents;
mod latency;
mod now;
mod test_alerts;
mod timeline;
mod windows;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(now::status))
        .routes(routes!(history::status_history))
        .routes(routes!(latency::part_latency))
        .routes(routes!(incidents::list_incidents))
        .routes(routes!(timeline::status_timeline))
        .routes(routes!(test_alerts::test_alerts))
        .routes(routes!(heartbeat::beat))
        .nest("/windows", windows::router())
}

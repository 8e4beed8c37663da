//! `/api/v1/deployments`: what is live, what comes next, and orders.

mod cancel;
mod deploy;
mod events;
mod get;
mod list;
mod log;
mod overview;
mod pause;
mod plan;
mod resume;
mod rollback;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_deployments, deploy::deploy))
        .routes(routes!(overview::deployments_overview))
        .routes(routes!(plan::plan_deployment))
        .routes(routes!(resume::resume_deployments))
        .routes(routes!(pause::pause_platform))
        .routes(routes!(get::get_deployment))
        .routes(routes!(log::download_deployment_log))
        .routes(routes!(events::follow_deployment))
        .routes(routes!(cancel::cancel_deployment))
        .routes(routes!(rollback::roll_back))
}

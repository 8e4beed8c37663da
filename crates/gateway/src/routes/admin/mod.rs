//! `/api/v1/admin`: for callers with the platform role `admin`.

mod audit;
mod dead_letters;
mod dispatch;
mod jobs;
mod mlflow_runs;
mod mlflow_session;
mod users;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(audit::list_audit_log))
        .routes(routes!(dead_letters::list_dead_letters))
        .routes(routes!(mlflow_runs::retry_mlflow_runs))
        .routes(routes!(mlflow_session::open_mlflow))
        .nest("/dispatch", dispatch::router())
        .nest("/jobs", jobs::router())
        .nest("/users", users::router())
}

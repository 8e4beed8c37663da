//! `/api/v1/admin/jobs`: jobs of all workspaces, the platform's own among them.

mod cancel;
mod get;
pub(super) mod list;
mod retry;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use self::view::AdminJob;
use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_jobs))
        .routes(routes!(get::get_job))
        .routes(routes!(retry::retry_job))
        .routes(routes!(cancel::cancel_job))
}

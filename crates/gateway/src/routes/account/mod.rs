//! `/api/v1/account`: the caller, and where they are signed in.

mod get;
mod sessions;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::account))
        .routes(routes!(sessions::list::list_sessions))
        .routes(routes!(sessions::end::end_session))
}

//! `/api/v1/status/windows`: maintenance that is announced.

mod announce;
mod end;
mod list;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list::list_windows, announce::announce_window)).routes(routes!(end::end_window))
}

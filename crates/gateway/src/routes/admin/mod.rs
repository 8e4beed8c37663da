//! `/api/v1/admin`: for callers with the platform role `admin`.

mod users;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().nest("/users", users::router())
}

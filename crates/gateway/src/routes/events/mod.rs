//! `/api/v1/events`: everything that happens to the caller's analyses.

mod follow;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(follow::follow_everything))
}

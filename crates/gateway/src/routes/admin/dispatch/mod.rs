//! `/api/v1/admin/dispatch`: how dispatch stands, and stopping a class for a while.

mod get;
mod pause;
mod resume;

use chrono::{DateTime, Utc};
use domain::ids::UserId;
use domain::job::JobClass;
use serde::Serialize;
use store::dispatch::pauses::Pause;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get::get_dispatch))
        .routes(routes!(pause::pause_class))
        .routes(routes!(resume::resume_class))
}

/// A class of which nothing begins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PausedClass {
    /// Which.
    class: JobClass,
    /// Why.
    reason: String,
    /// By whom.
    paused_by: UserId,
    /// Since when.
    paused_at: DateTime<Utc>,
}

impl From<Pause> for PausedClass {
    fn from(pause: Pause) -> Self {
        Self { class: pause.class, reason: pause.reason, paused_by: pause.by, paused_at: pause.since }
    }
}

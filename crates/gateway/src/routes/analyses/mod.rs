//! `/api/v1/analyses`: submit (or only ask what it would take), follow, read, repeat elsewhere, share, cancel, retry,
//! delete.

mod attempts;
mod cancel;
mod delete;
mod events;
mod expectation;
mod get;
mod list;
mod reproduce;
mod result;
mod retry;
mod shares;
mod submit;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(crate) use self::cancel::tell_cancelled;
pub(crate) use attempts::Attempt;
pub(crate) use reproduce::{no_script, script, script_answer};
pub(crate) use view::{Analysis, state_event};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_analyses, submit::submit_analysis))
        .routes(routes!(expectation::expect_analysis))
        .routes(routes!(get::get_analysis, delete::delete_analysis))
        .routes(routes!(cancel::cancel_analysis))
        .routes(routes!(retry::retry_analysis))
        .routes(routes!(attempts::list_attempts))
        .routes(routes!(result::get_result))
        .routes(routes!(reproduce::get_script))
        .routes(routes!(events::follow_analysis))
        .nest("/{id}/shares", shares::router())
}

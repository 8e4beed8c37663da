//! `/api/v1/uploads`: resumable uploads by the tus protocol, version 1.0. A complete one becomes a dataset.

mod append;
mod create;
mod delete;
mod describe;
mod get;
mod head;
mod view;

use axum::middleware::map_response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;
use crate::uploads::resumable::protocol::say_version;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(describe::describe_uploads, create::create_upload))
        .routes(routes!(get::get_upload, head::head_upload, append::append_upload, delete::delete_upload))
        .layer(map_response(say_version))
}

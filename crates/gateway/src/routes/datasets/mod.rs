//! `/api/v1/datasets`: upload, derive, read, download, delete. A dataset is immutable; an upload of the same name is its
//! next version, and so is what a recipe makes of one.

mod delete;
mod dependents;
mod derive;
mod download;
mod get;
mod list;
mod preview;
mod upload;
mod versions;
pub(super) mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_datasets, upload::upload_dataset))
        .routes(routes!(get::get_dataset, delete::delete_dataset))
        .routes(routes!(dependents::get_dependents))
        .routes(routes!(versions::list_versions, derive::derive_version))
        .routes(routes!(download::download_dataset))
        .routes(routes!(preview::preview_dataset))
}

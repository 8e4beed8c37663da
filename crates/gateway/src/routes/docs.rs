//! `GET /openapi.json` and a readable form of it under `/docs`.

use axum::Router;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::SwaggerUi;

/// Swagger UI, whose files are part of the program: nothing is loaded from elsewhere.
pub(super) fn router(document: OpenApi) -> Router {
    SwaggerUi::new("/docs").url("/openapi.json", document).into()
}

//! `GET /openapi.json` and a readable form of it under `/docs`.

use axum::Router;
use axum::routing::get;
use bytes::Bytes;
use http::header;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

const PATH: &str = "/openapi.json";

/// Swagger UI, whose files are part of the program: nothing is loaded from elsewhere. The document is written once: to
/// write it anew for each of many readers who take their time kept a gateway from everything else.
pub(super) fn router(document: &OpenApi) -> Router {
    // Our own types are always representable: the fallback is never seen.
    let text = Bytes::from(serde_json::to_vec(document).unwrap_or_default());
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], text) };
    let pages: Router = SwaggerUi::new("/docs").config(Config::from(PATH)).into();
    pages.route(PATH, get(answer))
}

//! `/api/v1/shared`: what a link to one analysis shows to whoever has it, signed in or not.
//!
//! The link's token comes in the header `X-Share-Token`, never in a path or a query, which logs and histories keep. An
//! unknown, an expired and a revoked one, and none at all, are the same 404 after the same single look-up.

mod get;
mod script;

use chassis::http::Problem;
use http::{HeaderMap, HeaderName};
use store::jobs::Opened;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::{ApiError, Result};
use crate::people::RequestContext;
use crate::state::AppState;

const SHARE_TOKEN: HeaderName = HeaderName::from_static("x-share-token");

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(get::get_shared)).routes(routes!(script::get_shared_script))
}

/// What the request's link shows.
///
/// # Errors
/// 429 when the address opens links too often; 404 when its link does not work.
async fn open(state: &AppState, context: &RequestContext, headers: &HeaderMap) -> Result<Opened> {
    if let Some(limiter) = &state.shared_reads {
        let said = limiter.check(&context.standing.client());
        context.standing.tell(said.unwrap_or_else(|exceeded| exceeded.reading));
        said.map_err(|exceeded| {
            metrics::counter!("rate_limited_total", "by" => "shared").increment(1);
            exceeded.problem()
        })?;
    }
    let token = headers.get(SHARE_TOKEN).and_then(|token| token.to_str().ok()).unwrap_or_default();
    let hash = state.link_key.share_hash(token);
    state.store.open_share(&context.actor, &hash).await?.ok_or_else(no_link)
}

fn no_link() -> ApiError {
    let detail = "this link does not work: it has expired, was revoked or was never made; ask whoever gave it to you \
                  for another";
    Problem::not_found(detail).into()
}

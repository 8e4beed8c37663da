//! `POST /api/v1/deployments/pause`

use axum::extract::State;
use chassis::http::{Json, ProblemDetails};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Orderer;
use crate::error::Result;
use crate::state::AppState;
use crate::view::Overview;

/// Whether the maintenance page is to be up.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PauseOrder)]
pub(crate) struct Order {
    /// True puts it up, false takes it away.
    on: bool,
}

/// Puts the maintenance page up, or takes it away. While it is up nothing is deployed by itself.
#[utoipa::path(post, path = "/pause", tag = "deployments", request_body = Order, responses(
    (status = 200, body = Overview),
    (status = 403, description = "`forbidden`, `fresh-sign-in-required`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 409, description = "`order-refused`", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn pause_platform(
    State(state): State<AppState>,
    orderer: Orderer,
    Json(order): Json<Order>,
) -> Result<Json<Overview>> {
    let by = orderer.name();
    state.deployer.pause(order.on, &by).await?;
    tracing::info!(by, on = order.on, "the maintenance page was ordered");
    Ok(Json(state.deployer.overview().await?))
}

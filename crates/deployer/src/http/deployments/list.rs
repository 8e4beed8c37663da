//! `GET /api/v1/deployments`

use axum::extract::State;
use chassis::http::{Json, Problem, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Admin;
use crate::error::Result;
use crate::order::Paging;
use crate::state::AppState;
use crate::view::{self, Page};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Rows per page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<usize>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those that stand here.
    state: Option<view::State>,
}

/// Lists deployments, newest first.
#[utoipa::path(get, path = "/", tag = "deployments", params(ListQuery), responses((status = 200, body = Page)))]
pub(crate) async fn list_deployments(
    State(state): State<AppState>,
    _admin: Admin,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page>> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::bad_request(format!("limit is {limit}; use 1 to {MAX_LIMIT}")).into());
    }
    Ok(Json(state.deployer.list(Paging { limit, cursor: query.cursor, state: query.state }).await?))
}

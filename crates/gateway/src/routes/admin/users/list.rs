//! `GET /api/v1/admin/users`: everybody, by address.

use axum::extract::State;
use chassis::http::{Json, Problem, ProblemDetails, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::UserAnswer;
use crate::error::Result;
use crate::people::admission::Admin;
use crate::state::AppState;

const DEFAULT_LIMIT: u16 = 100;
const MAX_LIMIT: u16 = 500;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Addresses after this one: `next` of the page before.
    #[serde(default)]
    after: Option<String>,
    /// At most so many, 1 to 500; 100 when left out.
    #[serde(default)]
    limit: Option<u16>,
}

/// A page of users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserList {
    users: Vec<UserAnswer>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// Lists users by address.
#[utoipa::path(
    get, path = "/", tag = "admin", params(Page),
    responses(
        (status = 200, body = UserList),
        (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_users(
    State(state): State<AppState>,
    _admin: Admin,
    Query(page): Query<Page>,
) -> Result<Json<UserList>> {
    let limit = page.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::bad_request(format!("limit {limit} is out of range; use 1 to {MAX_LIMIT}")).into());
    }
    // One more than asked for tells whether there is a next page.
    let mut users = state.store.users(page.after.as_deref(), i64::from(limit) + 1).await?;
    let more = users.len() > usize::from(limit);
    users.truncate(usize::from(limit));
    let next = users.last().filter(|_| more).map(|user| user.email.clone());
    Ok(Json(UserList { users: users.into_iter().map(UserAnswer::from).collect(), next }))
}

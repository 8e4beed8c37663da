//! `POST /api/v1/status/heartbeats/{part}`

use axum::extract::State;
use chassis::http::rate::Standing;
use chassis::http::{Path, Problem, ProblemDetails};
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, StatusCode};

use crate::error::Result;
use crate::part::PartId;
use crate::state::AppState;

/// Says that a part lives: a nightly script's last line.
///
/// The token is the part's own, of the file of checks, as `Authorization: Bearer`. A wrong one and an unknown part are
/// refused in the same words.
#[utoipa::path(post, path = "/heartbeats/{part}", tag = "status", security(("bearer" = [])),
    params(("part" = String, Path, description = "The part")),
    responses(
        (status = 204, description = "Noted"),
        (status = 401, description = "`wrong-token`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn beat(
    State(state): State<AppState>,
    Path(part): Path<PartId>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<StatusCode> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(bearer).unwrap_or_default();
    if !state.heartbeats.is_token_of(&part, given) {
        let from = Standing::of(&extensions).client();
        state.wrong_tokens.check(&from).map_err(|exceeded| exceeded.problem())?;
        tracing::warn!(%from, "a heartbeat came with a wrong token, or for no part that sends any");
        return Err(wrong_token().into());
    }
    let now = state.clock.now();
    state.keeper.run(move |keeper| keeper.beat(&part, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn wrong_token() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "wrong-token", "Wrong token")
        .detail("there is no heartbeat of this name with this token; send `Authorization: Bearer <token>` as HEALTH_CHECKS_FILE has it")
}

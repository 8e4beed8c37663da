//! `POST /api/v1/deployments`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Json, Problem, ProblemDetails};
use http::{StatusCode, header};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::Orderer;
use crate::error::Result;
use crate::order::Options;
use crate::state::AppState;
use crate::view::Summary;

/// Longest reference: git's own limit is that of a file's path.
const MAX_REFERENCE: usize = 250;
/// Longest note, in characters.
const MAX_NOTE: usize = 1_000;
const NO_MAINTENANCE: &str = "a release does not replace nginx, certificates or MLflow: the plan says when one is due, and \
                              docs/DEPLOYMENT_RUNBOOK.md how it is done by hand; order it without `maintenance`";

/// What to deploy, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = DeployOrder)]
pub(crate) struct Order {
    /// A branch, a tag or a commit; it has to be on the branch that is released.
    #[serde(rename = "ref")]
    #[schema(rename = "ref", example = "main", max_length = 250)]
    reference: String,
    /// Overrule the refusals that can be overruled.
    #[serde(default)]
    force: bool,
    /// Nothing that is offered: an order that asks for it is refused, never taken as if it were done.
    #[serde(default)]
    #[schema(ignore)]
    maintenance: bool,
    /// Why, for those who read it later.
    #[serde(default)]
    #[schema(max_length = 1000)]
    note: String,
}

/// Orders a deploy. It waits for what is under way; one that waits already gives way to it.
#[utoipa::path(post, path = "/", tag = "deployments", request_body = Order, responses(
    (status = 202, body = Summary, headers(("Location" = String, description = "The deployment"))),
    (status = 403, description = "`forbidden`, `fresh-sign-in-required`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 409, description = "`order-refused`", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn deploy(
    State(state): State<AppState>,
    orderer: Orderer,
    Json(order): Json<Order>,
) -> Result<Response> {
    check_reference(&order.reference)?;
    if order.note.chars().count() > MAX_NOTE {
        return Err(Problem::unprocessable(format!("the note is longer than {MAX_NOTE} characters")).into());
    }
    if order.maintenance {
        return Err(Problem::unprocessable(NO_MAINTENANCE).into());
    }
    let options = Options { force: order.force, note: order.note };
    let by = orderer.name();
    let summary = state.deployer.deploy(&order.reference, &by, options).await?;
    tracing::info!(by, deployment = summary.id.0, reference = order.reference, "a deploy was ordered");
    Ok(accepted(summary))
}

/// 202, and where to look.
pub(super) fn accepted(summary: Summary) -> Response {
    let location = format!("/api/v1/deployments/{}", summary.id);
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(summary)).into_response()
}

/// What git could take for an option, or for more than one name, goes nowhere near it (gitrevisions(7), gitcheckrefformat).
pub(super) fn check_reference(reference: &str) -> Result<(), Problem> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/+-".contains(&byte);
    let is_name = (1..=MAX_REFERENCE).contains(&reference.len())
        && reference.bytes().all(is_plain)
        && !reference.starts_with(['-', '/', '.'])
        && !reference.contains("..");
    if is_name {
        return Ok(());
    }
    let detail = format!("{reference:?} is no branch, tag or commit; names have letters, digits and ._/+- in them");
    Err(Problem::unprocessable(detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_names_and_nothing_else() {
        for good in ["main", "release/1.2", "v1.0.0+x", "a10867b14bb7"] {
            assert!(check_reference(good).is_ok(), "{good}");
        }
        for bad in ["", "--upload-pack=x", "main..next", "a b", "main^", "@{-1}", "/main", "a:b", &"a".repeat(251)] {
            assert!(check_reference(bad).is_err(), "{bad}");
        }
    }
}

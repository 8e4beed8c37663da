//! `POST /api/v1/analyses/{id}/shares`

use std::time::Duration;

use axum::extract::State;
use axum::response::IntoResponse;
use chassis::http::{Json, Path, Problem, ProblemDetails};
use domain::ids::JobId;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use store::Access;
use store::jobs::{MAX_WORKING_SHARES, Shared};
use store::people::sessions::NewToken;
use utoipa::ToSchema;

use super::ShareView;
use crate::access;
use crate::error::Result;
use crate::people::admission::Person;
use crate::people::{RequestContext, links};
use crate::state::AppState;

/// How long a link works when nobody says otherwise.
const DEFAULT_EXPIRES_IN: Duration = Duration::from_hours(7 * 24);
/// Longest life of a link.
const LONGEST_EXPIRES_IN: Duration = Duration::from_hours(90 * 24);
/// Shortest.
const SHORTEST_EXPIRES_IN: Duration = Duration::from_mins(1);

/// How long the link is to work.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewShare {
    /// Seconds from now on; 7 days when left out.
    #[schema(minimum = 60, maximum = 7_776_000, default = 604_800)]
    expires_in_s: Option<u64>,
}

impl NewShare {
    fn ttl(&self) -> Result<Duration> {
        let wanted = self.expires_in_s.map_or(DEFAULT_EXPIRES_IN, Duration::from_secs);
        if (SHORTEST_EXPIRES_IN..=LONGEST_EXPIRES_IN).contains(&wanted) {
            return Ok(wanted);
        }
        let (shortest, longest) = (SHORTEST_EXPIRES_IN.as_secs(), LONGEST_EXPIRES_IN.as_secs());
        let detail = format!(
            "expires_in_s {} is not possible; give {shortest} to {longest} seconds, which is 90 days",
            wanted.as_secs()
        );
        Err(Problem::unprocessable(detail).into())
    }
}

/// A new link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeShare {
    /// The link as lists show it.
    share: ShareView,
    /// To hand over. It is shown this once.
    #[schema(example = "https://e2i.example.org/shared#token=VqUCx0Zk3jN6W8Xv")]
    url: String,
    /// The same without the address, for `X-Share-Token`.
    token: String,
}

/// Makes a link by which anybody who has it may read this analysis, and nothing else of the workspace.
///
/// It shows the question, the dataset's name and version, and the result. It stops working when it expires, when it is
/// revoked, and when its maker is no analyst or owner of the workspace any more.
#[utoipa::path(post, path = "/", tag = "analyses", request_body = NewShare,
    params(("id" = JobId, Path, description = "The analysis")),
    responses(
        (status = 201, description = "Made; `url` is shown this once", body = MadeShare),
        (status = 403, description = "The caller is a viewer of the workspace", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "As many links to it work as there may be; revoke one", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 422, description = "Shorter than a minute or longer than 90 days", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn create_share(
    State(state): State<AppState>,
    caller: Person,
    context: RequestContext,
    Path(id): Path<JobId>,
    Json(asked): Json<NewShare>,
) -> Result<impl IntoResponse> {
    access::analysis(&state, &caller, id).await?;
    let ttl = asked.ttl()?;
    let token = links::new_secret(&*state.entropy);
    let stored = NewToken { hash: &state.link_key.share_hash(&token), ttl };
    let access = Access::write(caller.user_id());
    let share = match state.store.create_share(access, id, stored, context.request_id()).await? {
        Some(Shared::Made(share)) => share.into(),
        Some(Shared::TooMany) => {
            let detail = format!("{MAX_WORKING_SHARES} links to analysis {id} work already; revoke one first");
            return Err(Problem::conflict(detail).into());
        }
        None => return Err(access::viewer_only()),
    };
    let url = links::address(&state.config.auth.public_url, "shared", &token);
    let answer = Json(MadeShare { share, url, token });
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], answer))
}

//! `GET /api/v1/analyses/{id}/events`

use axum::extract::State;
use axum::response::Response;

use chassis::http::{Path, ProblemDetails, sse};
use domain::ids::JobId;
use domain::progress::Envelope;
use http::HeaderMap;
use store::Access;

use crate::access;
use crate::error::Result;
use crate::live::analysis::{Wish, follow};
use crate::live::hub::Topic;
use crate::live::{self, closing::Closing};
use crate::people::admission::Person;
use crate::state::AppState;

/// Follows an analysis by server-sent events.
///
/// `state` and `progress` carry the id `{attempt}-{seq}`; give the last one as `Last-Event-ID` to go on from there.
/// `gap` says that events are no longer kept; a `snapshot` (the analysis) follows. The stream ends after the state that
/// ends the analysis; before that `end` (`reason`: `token_expired`, `session_ended`, `gone`) means that it is over, `reconnect` that another
/// gateway goes on. Read it by `fetch` with a bearer token.
#[utoipa::path(get, path = "/{id}/events", tag = "analyses",
    params(
        ("id" = JobId, Path, description = "The analysis"),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen"),
    ),
    responses(
        (status = 200, description = "The events; this is the data of `state` and `progress`", body = Envelope,
         content_type = "text/event-stream"),
        (status = 400, description = "Last-Event-ID is no id", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 404, description = "No such analysis of the caller's", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
pub(crate) async fn follow_analysis(
    State(state): State<AppState>,
    caller: Person,
    headers: HeaderMap,
    Path(id): Path<JobId>,
) -> Result<Response> {
    let after = live::last_event_id(&headers)?;
    // Before the row is read: what happens in between is heard.
    let heard = state.live.subscribe(vec![Topic::Job(id)]);
    let job = access::analysis(&state, &caller, id).await?;
    let closing = Closing::new(&state, &caller);
    let wish = Wish { access: Access::read(caller.user_id()), job, heard, after, closing };
    Ok(sse::answer(follow(state, wish)))
}

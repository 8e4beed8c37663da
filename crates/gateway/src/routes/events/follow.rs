//! `GET /api/v1/events`

use axum::extract::State;
use axum::response::Response;

use chassis::http::{ProblemDetails, sse};
use http::HeaderMap;

use crate::error::Result;
use crate::live::closing::Closing;
use crate::live::everything::{self, EventsSnapshot};
use crate::people::admission::Person;
use crate::state::AppState;

/// Follows all analyses of the caller's workspaces by server-sent events.
///
/// Begins with a `snapshot` of those that have not ended (`complete: true`); a new one is told of by a `snapshot` of its
/// own (`complete: false`). `state` and `progress` carry the id `{analysis}:{attempt}-{seq}`. A client that comes back
/// with `Last-Event-ID`, or was too slow, is told `gap` and a complete snapshot. `end` and `reconnect` as for one
/// analysis.
#[utoipa::path(get, path = "/", tag = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen")),
    responses(
        (status = 200, description = "The events; the data of `snapshot` is this", body = EventsSnapshot,
         content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
pub(crate) async fn follow_everything(
    State(state): State<AppState>,
    caller: Person,
    headers: HeaderMap,
) -> Result<Response> {
    let heard = state.live.subscribe(Vec::new());
    let closing = Closing::new(&state, &caller);
    let resumed = headers.get("last-event-id").is_some_and(|id| !id.is_empty());
    Ok(sse::answer(everything::follow(state, caller.user_id(), heard, resumed, closing)))
}

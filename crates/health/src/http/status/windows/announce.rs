//! `POST /api/v1/status/windows`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chassis::http::{Json, Problem, ProblemDetails};
use chrono::{DateTime, TimeDelta, Utc};
use http::{StatusCode, header};

use crate::access::Admin;
use crate::error::Result;
use crate::http::kept;
use crate::keep::NewWindow;
use crate::part::PartId;
use crate::state::AppState;
use crate::view::{WindowOrder, WindowView};

/// The longest: whoever forgets one is not deaf for ever.
const LONGEST: TimeDelta = TimeDelta::days(31);
/// How far a window's beginning may lie back: browsers' clocks are not ours.
const BACK: TimeDelta = TimeDelta::minutes(5);
const MOST_REASON: usize = 500;

/// Announces maintenance: what is in it raises no alert while it runs. States go on being told and kept.
#[utoipa::path(post, path = "/", tag = "status", request_body = WindowOrder, responses(
    (status = 201, body = WindowView, headers(("Location" = String, description = "The window"))),
    (status = 403, description = "Not an admin", body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn announce_window(
    State(state): State<AppState>,
    admin: Admin,
    Json(order): Json<WindowOrder>,
) -> Result<Response> {
    let known: Vec<PartId> = state.board.now().parts.iter().map(|standing| standing.part.clone()).collect();
    let window = checked(order, &admin.name(), &known, state.clock.now())?;
    let window = kept::window(state.keeper.run(move |keeper| keeper.announce(&window)).await?);
    tracing::info!(by = window.by, window = window.id, until = %window.until, "maintenance was announced");
    // Whoever asks next sees it.
    state.background.read_fast().await?;
    let location = format!("/api/v1/status/windows/{}", window.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(window)).into_response())
}

fn checked(order: WindowOrder, by: &str, known: &[PartId], now: DateTime<Utc>) -> Result<NewWindow, Problem> {
    let refuse = |words: String| Err(Problem::unprocessable(words));
    if let Some(unknown) = order.parts.iter().find(|part| !known.contains(part)) {
        return refuse(format!(
            "there is no part {unknown:?}; GET /api/v1/status names them",
            unknown = unknown.as_str()
        ));
    }
    let reason = order.reason.trim();
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        return refuse(format!("the reason has to have 1 to {MOST_REASON} characters: people read it"));
    }
    let from = order.from.unwrap_or(now);
    if from < now - BACK {
        return refuse(format!("from is {from}, which is past; leave it out to begin now"));
    }
    if order.until <= from.max(now) {
        return refuse(format!(
            "until is {until}, which is not after its beginning and now ({now})",
            until = order.until
        ));
    }
    if order.until - from > LONGEST {
        return refuse(format!(
            "it would last more than {} days; announce the next one when this one ends",
            LONGEST.num_days()
        ));
    }
    let mut parts = order.parts;
    parts.sort_unstable();
    parts.dedup();
    Ok(NewWindow {
        parts,
        from,
        until: order.until,
        reason: reason.to_owned(),
        by: Some(by.to_owned()),
        deployment: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_refused_in_words() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let part = |text: &str| PartId::parse(text).unwrap();
        let order = |parts: &[&str], from: Option<i64>, until: i64, reason: &str| WindowOrder {
            parts: parts.iter().map(|id| part(id)).collect(),
            from: from.map(|minutes| now + TimeDelta::minutes(minutes)),
            until: now + TimeDelta::minutes(until),
            reason: reason.to_owned(),
        };
        let known = [part("gateway"), part("postgres")];
        let check = |order| checked(order, "ann@example.org", &known, now);
        let window = check(order(&["postgres", "gateway", "postgres"], None, 30, " New disk ")).unwrap();
        assert_eq!((window.parts, window.from), (vec![part("gateway"), part("postgres")], now));
        assert_eq!((window.reason.as_str(), window.by.as_deref()), ("New disk", Some("ann@example.org")));
        for (wrong, word) in [
            (order(&["mysql"], None, 30, "x"), "mysql"),
            (order(&[], None, 30, "  "), "reason"),
            (order(&[], None, 30, &"x".repeat(501)), "reason"),
            (order(&[], Some(-10), 30, "x"), "from"),
            (order(&[], None, -1, "x"), "until"),
            (order(&[], Some(60), 30, "x"), "until"),
            (order(&[], None, 60 * 24 * 32, "x"), "31 days"),
        ] {
            let problem = check(wrong).unwrap_err();
            assert!(problem.message().contains(word), "{word} is not in {problem}");
        }
    }
}

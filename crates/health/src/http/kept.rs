//! What is kept, in the API's shapes.

use chrono::{DateTime, TimeDelta, Utc};

use crate::judge::{Incident, Window};
use crate::keep::{Keeper, Result};
use crate::view::{DeploysView, IncidentPage, IncidentView, WindowView};

/// Releases are counted over so many days.
const DEPLOY_DAYS: i64 = 30;

/// What is wrong now, root causes first: what stands on nothing that is down was raised before what stands on it.
pub(super) fn open_incidents(keeper: &Keeper) -> Result<Vec<IncidentView>> {
    Ok(keeper.open_incidents()?.into_iter().map(incident).collect())
}

/// A page of incidents, newest first.
pub(super) fn incidents(keeper: &Keeper, before: Option<i64>, limit: usize) -> Result<IncidentPage> {
    // One more than asked for tells whether there is a next page.
    let mut found = keeper.incidents(before, limit + 1)?;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().map(|last| last.id).filter(|_| !is_last);
    Ok(IncidentPage { items: found.into_iter().map(incident).collect(), next })
}

/// Maintenance that runs or is to come, the soonest first.
pub(super) fn windows(keeper: &Keeper, now: DateTime<Utc>) -> Result<Vec<WindowView>> {
    let mut windows: Vec<WindowView> = keeper.windows(now)?.into_iter().map(window).collect();
    windows.sort_by_key(|window| window.from);
    Ok(windows)
}

/// How releases went.
pub(super) fn deploys(keeper: &Keeper, now: DateTime<Utc>) -> Result<DeploysView> {
    let deploys = keeper.deploys(now - TimeDelta::days(DEPLOY_DAYS))?;
    let success_share = (deploys.ended > 0).then(|| deploys.live as f64 / deploys.ended as f64);
    Ok(DeploysView { ended: deploys.ended, live: deploys.live, success_share, median_s: deploys.median_s })
}

/// An incident, with all that is known of it.
fn incident(incident: Incident) -> IncidentView {
    IncidentView {
        id: incident.id,
        part: incident.part,
        title: incident.title,
        state: incident.state,
        began_at: incident.began_at,
        detected_at: incident.detected_at,
        ended_at: incident.ended_at,
        detect_s: incident.detect.as_secs_f64(),
        resolve_s: incident.resolve.map(|resolve| resolve.as_secs_f64()),
        flapping: incident.flapped > 0,
        affected: incident.affected,
        cause: incident.cause,
        deployment: incident.deployment,
        words: Some(incident.words).filter(|words| !words.is_empty()),
    }
}

/// Maintenance, with who announced it.
pub(super) fn window(window: Window) -> WindowView {
    let Window { id, parts, from, until, reason, by, deployment: _ } = window;
    WindowView { id, parts, from, until, reason, by }
}

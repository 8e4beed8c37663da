//! What probably caused an incident: the newest release shortly before it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::part::Part;

/// How long before an incident a release may have been to be suspected.
const NEAR: TimeDelta = TimeDelta::minutes(15);

/// A release or a rollback, as far as it may be to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The deployment's number.
    pub deployment: i64,
    /// The commit, short.
    pub commit: String,
    /// Whether it went back.
    pub is_rollback: bool,
    /// When it began to touch what runs.
    pub began_at: DateTime<Utc>,
    /// When it ended; `None` while it is under way.
    pub ended_at: Option<DateTime<Utc>>,
    /// The services that it replaced; empty where that is not known: any.
    pub services: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The deployment's number.
    pub deployment: i64,
    /// For people: "red 40 s after release abc1234: roll back".
    pub words: String,
}

/// The newest release that began or ended at most 15 minutes before the incident began. One that touched the part goes before
/// one that touched others alone: a part may well suffer from what it does not stand on.
#[must_use]
pub fn find(part: &Part, began_at: DateTime<Utc>, releases: &[Release]) -> Option<Cause> {
    let suspect = |release: &&Release| near(release, began_at).is_some();
    let touched = |release: &Release| {
        release.services.is_empty()
            || part.service.is_some_and(|service| release.services.iter().any(|name| name == service))
    };
    let newest = releases
        .iter()
        .filter(suspect)
        .max_by_key(|release| (touched(release), release.began_at, release.deployment))?;
    let after = near(newest, began_at)?;
    Some(Cause { deployment: newest.deployment, words: words(newest, after) })
}

/// How long after the release it was, counted from its end, or from its beginning where it had not ended.
fn near(release: &Release, began_at: DateTime<Utc>) -> Option<TimeDelta> {
    let within = |since: DateTime<Utc>| (since <= began_at && began_at - since <= NEAR).then(|| began_at - since);
    match release.ended_at.filter(|ended_at| *ended_at <= began_at) {
        Some(ended_at) => within(ended_at),
        // Under way when it began: however long it had been, it is suspected.
        None => (release.began_at <= began_at).then(|| began_at - release.began_at),
    }
}

fn words(release: &Release, after: TimeDelta) -> String {
    let (what, advice) = if release.is_rollback {
        ("rollback to", "look at what it took away, or deploy the newer commit again")
    } else {
        ("release", "roll back")
    };
    let when = match release.ended_at {
        Some(_) => format!("{} after", span(after)),
        None => format!("{} into", span(after)),
    };
    format!("red {when} {what} {}: {advice}", release.commit)
}

/// A stretch of time for people: "40 s", "3 min", "2 h 5 min".
#[must_use]
pub fn span(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        _ if seconds % 3600 < 60 => format!("{} h", seconds / 3600),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::part::{Cadence, Importance, PartId};

    fn gateway() -> Part {
        let second = Duration::from_secs(1);
        Part {
            id: PartId::parse("gateway").unwrap(),
            title: "Gateway".into(),
            importance: Importance::Critical,
            parents: Vec::new(),
            cadence: Cadence { interval: second, timeout: second, down_after: 3, up_after: 2 },
            service: Some("gateway"),
        }
    }

    fn noon() -> DateTime<Utc> {
        "2026-11-26T12:00:00Z".parse().unwrap()
    }

    /// Began and ended so many seconds before noon.
    fn release(deployment: i64, began_s: i64, ended_s: Option<i64>, services: &[&str]) -> Release {
        Release {
            deployment,
            commit: format!("abc{deployment}"),
            is_rollback: false,
            began_at: noon() - TimeDelta::seconds(began_s),
            ended_at: ended_s.map(|ended_s| noon() - TimeDelta::seconds(ended_s)),
            services: services.iter().map(|service| (*service).to_owned()).collect(),
        }
    }

    fn words(releases: &[Release]) -> Option<String> {
        find(&gateway(), noon(), releases).map(|cause| cause.words)
    }

    #[test]
    fn the_newest_release_shortly_before_is_suspected() {
        let releases = [release(1, 500, Some(400), &["gateway"]), release(2, 90, Some(40), &["gateway"])];
        assert_eq!(words(&releases).unwrap(), "red 40 s after release abc2: roll back");
        assert_eq!(find(&gateway(), noon(), &releases).unwrap().deployment, 2);
    }

    #[test]
    fn what_was_long_ago_or_came_later_is_not() {
        assert_eq!(words(&[release(1, 2_000, Some(901), &["gateway"])]), None);
        assert!(words(&[release(1, 2_000, Some(900), &["gateway"])]).is_some());
        assert_eq!(words(&[release(1, -5, None, &["gateway"])]), None);
        assert_eq!(words(&[]), None);
    }

    #[test]
    fn one_that_is_under_way_is_however_long_it_takes() {
        assert_eq!(words(&[release(1, 1_200, None, &["gateway"])]).unwrap(), "red 20 min into release abc1: roll back");
        // It ended after the trouble began.
        let words = words(&[release(1, 30, Some(-60), &["gateway"])]).unwrap();
        assert!(words.starts_with("red 30 s"), "{words}");
    }

    #[test]
    fn what_touched_the_part_goes_before_what_did_not() {
        let releases = [release(1, 300, Some(200), &["gateway"]), release(2, 90, Some(40), &["worker"])];
        assert_eq!(find(&gateway(), noon(), &releases).unwrap().deployment, 1);
        assert_eq!(find(&gateway(), noon(), &releases[1..]).unwrap().deployment, 2, "better than nothing");
    }

    #[test]
    fn after_a_rollback_nobody_is_told_to_roll_back() {
        let rollback = Release { is_rollback: true, ..release(3, 90, Some(40), &[]) };
        let words = words(&[rollback]).unwrap();
        assert!(words.starts_with("red 40 s after rollback to abc3: "), "{words}");
        assert!(!words.contains("roll back"));
    }

    #[test]
    fn stretches_of_time_read_well() {
        let spans = [0, 40, 119, 120, 3_600, 7_200, 7_500, 90_000].map(|seconds| span(TimeDelta::seconds(seconds)));
        assert_eq!(spans, ["0 s", "40 s", "119 s", "2 min", "60 min", "2 h", "2 h 5 min", "25 h"]);
        assert_eq!(span(TimeDelta::seconds(-5)), "0 s");
    }
}

//! What the deployer tells means here: lines on the timeline, a window for what a release touches, and suspects.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::Time;
use crate::cause;
use crate::keep::{Keeper, NewEvent, NewWindow};
use crate::part::PartId;
use crate::probes::certificate::Validity;
use crate::releases::{DeployerState, Known, Release, ReleaseKind, ReleaseState, Seen};
use crate::view::EventKind;

/// A release's window ends with it, and at the latest then: a deployer that dies in one excuses nothing for longer.
const LONGEST: TimeDelta = TimeDelta::hours(1);
/// What was replaced is still ending then.
const AFTERWARDS: Duration = Duration::from_secs(15);
/// The deployer replaces itself last, when the release is live already.
const DEPLOYER_AFTERWARDS: TimeDelta = TimeDelta::seconds(90);
/// What a release replaces where the deployer does not say.
const REPLACED: [&str; 3] = ["gateway", "worker", "frontend"];
/// What a release disturbs whatever it replaces.
const DISTURBED: [&str; 2] = ["canary", "release"];
/// Releases that ended earlier caused nothing that begins now.
const SUSPECTED: usize = 10;

/// What may have caused what goes wrong now.
pub(super) fn suspects(state: &DeployerState) -> Vec<cause::Release> {
    let touched = |release: &&Release| release.state.is_under_way() || release.state.went_live().is_some();
    let suspect = |release: &Release| {
        Some(cause::Release {
            deployment: release.id,
            commit: short(release),
            is_rollback: release.kind == ReleaseKind::Rollback,
            began_at: release.started_at.or(release.ended_at).unwrap_or(release.at),
            ended_at: if release.state.is_under_way() { None } else { Some(release.ended_at.unwrap_or(release.at)) },
            services: release.touches.clone(),
        })
        // What ended before it touched anything disturbed nothing.
        .filter(|_| release.state != ReleaseState::Failed && release.kind != ReleaseKind::Adopted)
    };
    state.releases.iter().filter(touched).take(SUSPECTED).filter_map(suspect).collect()
}

/// Keeps timeline and windows; never ends.
pub(super) async fn follow(mut known: Known, keeper: Keeper, time: Time) {
    // What the state folder held of it: a pin that was lifted meanwhile is news.
    let mut before = known.now();
    loop {
        let seen = known.now();
        if let Some(state) = &seen.state {
            let now = time.clock.now();
            let events = events(state, &before, now);
            if let Err(error) = keeper.run(move |keeper| keeper.note(&events)).await {
                tracing::warn!(%error, "releases cannot be put on the timeline");
            }
            windows(&keeper, &time, state).await;
        }
        before = seen;
        // Windows that are to end some time after their release do not wait for the next news.
        let _or_a_while = tokio::time::timeout(Duration::from_secs(5), known.changed()).await;
    }
}

/// A certificate that took the place of another goes on the timeline; never ends.
pub(super) async fn renewals(mut renewals: watch::Receiver<Option<Validity>>, keeper: Keeper, time: Time) {
    while renewals.changed().await.is_ok() {
        let Some(validity) = *renewals.borrow_and_update() else { continue };
        let event = NewEvent {
            key: format!("certificate-{}", validity.until.timestamp()),
            at: time.clock.now(),
            kind: EventKind::CertificateRenewed,
            words: format!("Certificate renewed; it holds until {}", validity.until.format("%Y-%m-%d")),
            part: PartId::parse("certificate"),
            deployment: None,
            took_s: None,
        };
        if let Err(error) = keeper.run(move |keeper| keeper.note(&[event])).await {
            tracing::warn!(%error, "a renewed certificate cannot be put on the timeline");
        }
    }
    std::future::pending::<()>().await;
}

fn short(release: &Release) -> String {
    match &release.commit {
        Some(commit) => commit.chars().take(7).collect(),
        None => format!("#{}", release.id),
    }
}

fn events(state: &DeployerState, before: &Seen, now: DateTime<Utc>) -> Vec<NewEvent> {
    let mut events: Vec<_> = state.releases.iter().filter_map(event).collect();
    let pinned = |key: String, at, kind, words: String, deployment| NewEvent {
        key,
        at,
        kind,
        words,
        part: None,
        deployment: Some(deployment),
        took_s: None,
    };
    let key = |deployment: i64, since: DateTime<Utc>| format!("pin-{deployment}-{}", since.timestamp());
    if let Some(pin) = &state.pin {
        let words = format!("Pinned to #{}: newer commits wait", pin.deployment);
        events.push(pinned(key(pin.deployment, pin.since), pin.since, EventKind::Pinned, words, pin.deployment));
    }
    let last = before.state.as_ref().and_then(|state| state.pin.as_ref());
    if let Some(last) = last.filter(|last| state.pin.as_ref() != Some(*last)) {
        let key = format!("{}-lifted", key(last.deployment, last.since));
        events.push(pinned(key, now, EventKind::Unpinned, "The pin is lifted".to_owned(), last.deployment));
    }
    events
}

/// The line of a release that ended.
fn event(release: &Release) -> Option<NewEvent> {
    let commit = short(release);
    let (what, kind, words) = match (release.state, release.kind) {
        (ReleaseState::Live | ReleaseState::Replaced, ReleaseKind::Rollback) => {
            ("live", EventKind::RolledBack, format!("Rolled back to {commit}"))
        }
        (ReleaseState::Live | ReleaseState::Replaced, _) => {
            ("live", EventKind::Released, format!("Release {commit} went live"))
        }
        (ReleaseState::TakenBack, _) => {
            ("taken-back", EventKind::ReleaseFailed, format!("Release {commit} failed and was taken back"))
        }
        (ReleaseState::Failed, _) => {
            ("failed", EventKind::ReleaseFailed, format!("Release {commit} failed before it changed anything"))
        }
        (ReleaseState::Stuck, _) => ("stuck", EventKind::ReleaseFailed, format!("Release {commit} is stuck")),
        _ => return None,
    };
    Some(NewEvent {
        key: format!("deployment-{}-{what}", release.id),
        at: release.ended_at.unwrap_or(release.at),
        kind,
        words,
        part: None,
        deployment: Some(release.id),
        took_s: release.seconds,
    })
}

/// Opens a window for what is under way and closes those of what is not.
async fn windows(keeper: &Keeper, time: &Time, state: &DeployerState) {
    let now = time.clock.now();
    let open = match keeper.run(move |keeper| keeper.windows(now)).await {
        Ok(open) => open,
        Err(error) => return tracing::warn!(%error, "windows cannot be read"),
    };
    for release in state.releases.iter().filter(|release| release.state.is_under_way()) {
        let is_open = open.iter().any(|window| window.deployment == Some(release.id));
        if !is_open {
            let window = window(release, now);
            announce(keeper, window).await;
        }
    }
    for window in open.iter().filter(|window| window.until - window.from == LONGEST) {
        let Some(id) = window.deployment else { continue };
        let release = state.releases.iter().find(|release| release.id == id);
        let Some(release) = release.filter(|release| !release.state.is_under_way()) else { continue };
        let ended = release.ended_at.unwrap_or(release.at);
        if now - ended < TimeDelta::from_std(AFTERWARDS).unwrap_or_default() && now >= ended {
            continue;
        }
        let closed = window.id;
        if let Err(error) = keeper.run(move |keeper| keeper.close(closed, now)).await {
            tracing::warn!(%error, "a release's window cannot be closed");
        }
        if release.touches.iter().any(|service| service == "deployer") && now - ended < DEPLOYER_AFTERWARDS {
            let parts = PartId::parse("deployer").into_iter().collect();
            let until = ended + DEPLOYER_AFTERWARDS;
            let reason = format!("the deployer replaces itself after release {}", short(release));
            announce(keeper, NewWindow { parts, from: now, until, reason, by: None, deployment: Some(id) }).await;
        }
    }
}

async fn announce(keeper: &Keeper, window: NewWindow) {
    if let Err(error) = keeper.run(move |keeper| keeper.announce(&window)).await {
        tracing::warn!(%error, "a release's window cannot be opened");
    }
}

fn window(release: &Release, now: DateTime<Utc>) -> NewWindow {
    let said: BTreeSet<&str> = release.touches.iter().map(String::as_str).collect();
    let touched: BTreeSet<&str> = if said.is_empty() { REPLACED.into() } else { said };
    let parts = touched.into_iter().chain(DISTURBED).filter_map(PartId::parse).collect();
    let what = if release.kind == ReleaseKind::Rollback { "rollback to" } else { "release" };
    NewWindow {
        parts,
        from: now,
        until: now + LONGEST,
        reason: format!("{what} {} is under way", short(release)),
        by: None,
        deployment: Some(release.id),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::releases::Pin;

    fn release(id: i64, state: ReleaseState, kind: ReleaseKind) -> Release {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(id * 100);
        Release {
            id,
            state,
            at,
            kind,
            commit: Some("abc1234def".into()),
            started_at: Some(at - TimeDelta::seconds(50)),
            ended_at: Some(at),
            seconds: Some(50.0),
            touches: vec!["gateway".into()],
        }
    }

    #[test]
    fn releases_that_ended_are_on_the_timeline_once_each() {
        let live = event(&release(1, ReleaseState::Replaced, ReleaseKind::Deploy)).unwrap();
        assert_eq!((live.key.as_str(), live.kind), ("deployment-1-live", EventKind::Released));
        assert_eq!(live.words, "Release abc1234 went live");
        let back = event(&release(2, ReleaseState::Live, ReleaseKind::Rollback)).unwrap();
        assert_eq!((back.kind, back.words.as_str()), (EventKind::RolledBack, "Rolled back to abc1234"));
        assert_eq!(event(&release(3, ReleaseState::Running, ReleaseKind::Deploy)), None);
        let failed = event(&release(4, ReleaseState::TakenBack, ReleaseKind::Deploy)).unwrap();
        assert_eq!(failed.kind, EventKind::ReleaseFailed);
    }

    #[test]
    fn a_pin_and_its_end_are_told() {
        let pin = Pin { deployment: 3, since: DateTime::UNIX_EPOCH };
        let pinned = DeployerState { pin: Some(pin), ..DeployerState::default() };
        let now = DateTime::UNIX_EPOCH;
        let first = events(&pinned, &Seen::default(), now);
        assert_eq!(first.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Pinned]);
        let before = Seen { state: Some(Arc::new(pinned)), is_current: true };
        let lifted = events(&DeployerState::default(), &before, now);
        assert_eq!(lifted.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Unpinned]);
        assert_ne!(first[0].key, lifted[0].key);
    }

    #[test]
    fn a_window_has_what_is_replaced_and_what_that_disturbs() {
        let window = window(&release(5, ReleaseState::Running, ReleaseKind::Deploy), DateTime::UNIX_EPOCH);
        let parts: Vec<_> = window.parts.iter().map(PartId::as_str).collect();
        assert_eq!(parts, ["gateway", "canary", "release"]);
        assert_eq!(window.reason, "release abc1234 is under way");
    }

    #[test]
    fn what_touched_nothing_is_no_suspect() {
        let kinds = |state, kind| {
            suspects(&DeployerState { releases: vec![release(1, state, kind)], ..DeployerState::default() })
        };
        assert!(kinds(ReleaseState::Failed, ReleaseKind::Deploy).is_empty());
        assert!(kinds(ReleaseState::NotBegun, ReleaseKind::Deploy).is_empty());
        assert_eq!(kinds(ReleaseState::Running, ReleaseKind::Deploy)[0].ended_at, None);
        assert!(kinds(ReleaseState::Live, ReleaseKind::Rollback)[0].is_rollback);
    }
}

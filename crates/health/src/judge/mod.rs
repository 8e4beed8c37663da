//! What is to be thought of what was seen, and what people are to be told. Pure: no clock, no disk, no network.
//!
//! Looks go in ([`Judge::observe`]), the time goes on ([`Judge::tick`]), and [`Happening`]s come out, to be written down with
//! the messages that tell of them. Everything is decided from how things stand, never from how they got there, so that a
//! restart ([`Memory`]) goes on where another process ended.
//!
//! * [`track`]: thresholds. A part is down after so many failures in a row, well after so many successes.
//! * [`blame`]: a part that stands on one that is down is not to blame. What fails first asks its parents to be looked at now
//!   ([`Judge::needs_look_now`]) and is raised only when they are known to be well. An incident is held back; the end of one
//!   never is.
//! * [`flap`]: what goes up and down again and again is told once, and once more when it no longer does.
//! * [`windows`]: maintenance and releases. What is down when one closes is raised then.
//! * [`decide`]: all of it together, for one part.
//!
//! Durations are counted by the monotonic clock alone ([`Moment`]): the wall clock may jump.

mod blame;
mod decide;
mod flap;
mod happening;
mod memory;
mod moment;
mod rules;
mod track;
mod windows;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

pub use happening::{Happening, Incident, Judged, News, Sample};
pub use memory::{Memory, PartMemory};
pub use moment::Moment;
pub use rules::{FlapRules, Rules};
pub use windows::Window;

use crate::board::{Picture, Standing, State};
use crate::cause::Release;
use crate::part::{Part, PartId};
use crate::reading::Observation;
use moment::{duration, micros};
use track::{Bar, Hold, Track, Wanted, state_of};
use windows::Windows;

/// Judges. One for all parts, owned by one task.
#[derive(Debug)]
pub struct Judge {
    rules: Rules,
    tracks: Vec<Track>,
    places: HashMap<PartId, usize>,
    windows: Windows,
    releases: Vec<Release>,
    last_incident: i64,
    /// Until then a cold start is excused.
    settling: Option<i64>,
    /// Incidents of parts that are watched no more: ended by the first tick.
    orphans: Vec<Incident>,
    /// Somebody waits for another's look.
    waiting: bool,
}

impl Judge {
    /// For these parts, with what is known from before. A parent that is no part is left out.
    #[must_use]
    pub fn new(rules: Rules, parts: Vec<Part>, memory: Memory, now: Moment) -> Self {
        let places: HashMap<_, _> = parts.iter().enumerate().map(|(place, part)| (part.id.clone(), place)).collect();
        let mut tracks: Vec<_> = parts.into_iter().map(|part| Track::new(part, &rules, now)).collect();
        for (place, track) in tracks.iter_mut().enumerate() {
            let known = track.part.parents.iter().filter_map(|parent| places.get(parent).copied());
            track.parents = known.filter(|parent| *parent != place).collect();
            // What is remembered as down has to be seen down again.
            track.hold = Some(Hold { since: now.micros(), looks: 1, until: now.micros() });
        }
        for known in &memory.parts {
            if let Some(place) = places.get(&known.part) {
                tracks[*place].recall(now, known);
            }
        }
        let away = memory.alive_at.map(|alive_at| (now.at - alive_at).to_std().unwrap_or_default());
        let is_cold = away.is_none_or(|away| away >= rules.cold_after);
        let mut judge = Self {
            settling: is_cold.then(|| now.micros() + micros(rules.settle)),
            rules,
            tracks,
            places,
            windows: Windows::default(),
            releases: Vec::new(),
            last_incident: memory.last_incident,
            orphans: Vec::new(),
            waiting: false,
        };
        for incident in memory.incidents {
            judge.resume(incident, now);
        }
        judge
    }

    fn resume(&mut self, incident: Incident, now: Moment) {
        self.last_incident = self.last_incident.max(incident.id);
        let Some(place) =
            self.places.get(&incident.part).copied().filter(|place| self.tracks[*place].incident.is_none())
        else {
            self.orphans.push(incident);
            return;
        };
        let track = &mut self.tracks[place];
        track.raised = now.micros_at(incident.detected_at, Duration::MAX);
        track.told = now.micros_at(incident.told_at, Duration::MAX);
        track.incident = Some(incident);
    }

    /// Takes a look in. Looks at parts that are not watched give nothing.
    pub fn observe(&mut self, now: Moment, seen: &Observation) -> Option<Judged> {
        let place = *self.places.get(&seen.part)?;
        let track = &mut self.tracks[place];
        let (sample, changed) = track.look(now, seen);
        let mut happenings = Vec::new();
        if track.bar.is_none() {
            track.flaps.saw(state_of(seen.reading.verdict));
        }
        if let Some(from) = changed {
            // From down to a warning is half the way up, and no change of direction.
            let half_way = from == State::Fail && track.state == State::Warn;
            // Nor is it one of its own to come back with the part that it stands on.
            let follows = track.hold.is_some_and(|hold| now.micros() < hold.until);
            if track.bar.is_none() && from != State::Unknown && !half_way && !follows {
                track.flaps.changed(now);
            }
            happenings.push(Happening::Changed { from, memory: track.memory() });
        }
        self.turn_windows(now, &mut happenings);
        if changed.is_some() || self.waiting {
            self.decide_all(now, &mut happenings);
        } else {
            self.decide(place, now, &mut happenings);
        }
        Some(Judged { sample, happenings })
    }

    /// Lets the time go on; to be called every second.
    pub fn tick(&mut self, now: Moment) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for mut incident in std::mem::take(&mut self.orphans) {
            incident.ended_at = Some(now.at);
            incident.resolve = Some((now.at - incident.detected_at).to_std().unwrap_or_default());
            "It is not watched any more.".clone_into(&mut incident.words);
            happenings.push(decide::news(News::Resolved, &incident));
        }
        if self.settling.is_some_and(|until| until <= now.micros()) {
            self.settling = None;
        }
        self.turn_windows(now, &mut happenings);
        self.decide_all(now, &mut happenings);
        happenings
    }

    /// Announces maintenance, or puts another one in the place of what was announced under this number.
    pub fn open_window(&mut self, now: Moment, window: Window) -> Vec<Happening> {
        self.windows.put(now, window);
        self.tick(now)
    }

    /// Ends maintenance, or calls it off. What is down is raised after one more look at it.
    pub fn close_window(&mut self, now: Moment, id: i64) -> Vec<Happening> {
        let mut happenings: Vec<_> = self.windows.remove(id).map(Happening::WindowEnded).into_iter().collect();
        happenings.extend(self.tick(now));
        happenings
    }

    /// Has exactly these windows: what is not among them any more is closed, what is new is opened.
    pub fn follow_windows(&mut self, now: Moment, windows: &[Window]) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for id in self.windows.closable(now) {
            if !windows.iter().any(|window| window.id == id) {
                happenings.extend(self.windows.remove(id).map(Happening::WindowEnded));
            }
        }
        for window in windows {
            self.windows.put(now, window.clone());
        }
        happenings.extend(self.tick(now));
        happenings
    }

    fn turn_windows(&mut self, now: Moment, happenings: &mut Vec<Happening>) {
        let (began, ended) = self.windows.turn(now);
        happenings.extend(began.into_iter().map(Happening::WindowBegan));
        happenings.extend(ended.into_iter().map(Happening::WindowEnded));
    }

    /// The releases of the last hour or so, for the probable cause. Open incidents without one are explained by it.
    pub fn know_releases(&mut self, releases: Vec<Release>) -> Vec<Happening> {
        self.releases = releases;
        let mut happenings = Vec::new();
        for track in &mut self.tracks {
            let Some(incident) = track.incident.as_mut().filter(|incident| incident.cause.is_none()) else { continue };
            if let Some(cause) = crate::cause::find(&track.part, incident.began_at, &self.releases) {
                incident.cause = Some(cause.words);
                incident.deployment = Some(cause.deployment);
                happenings.push(decide::news(News::Explained, incident));
            }
        }
        happenings
    }

    /// The parts that are to be looked at now, whatever their interval. Each is named once.
    pub fn needs_look_now(&mut self) -> Vec<PartId> {
        let mut wanted = Vec::new();
        for track in self.tracks.iter_mut().filter(|track| track.wanted == Wanted::Now) {
            track.wanted = Wanted::PassedOn;
            wanted.push(track.part.id.clone());
        }
        wanted
    }

    /// From the part's last look to its next, before jitter: shorter while something is in doubt.
    #[must_use]
    pub fn pace(&self, part: &PartId) -> Option<Duration> {
        self.places.get(part).map(|place| self.tracks[*place].pace(&self.rules))
    }

    /// How every part stands.
    #[must_use]
    pub fn standings(&self) -> Vec<Standing> {
        (0..self.tracks.len()).map(|place| self.standing(place)).collect()
    }

    fn standing(&self, place: usize) -> Standing {
        let track = &self.tracks[place];
        let root = match track.bar {
            Some(Bar::Parent(root)) => Some(root),
            // Nobody is told anything; who looks sees what is to blame all the same.
            Some(Bar::Settling | Bar::Window) => self.root(place),
            None => None,
        };
        let blamed = root.filter(|_| track.troubled() && track.incident.is_none());
        Standing {
            part: track.part.id.clone(),
            title: track.part.title.clone(),
            importance: track.part.importance,
            parents: track.parents.iter().map(|parent| self.tracks[*parent].part.id.clone()).collect(),
            interval_s: track.part.cadence.interval.as_secs_f64(),
            state: track.state,
            since: track.since,
            flapping: track.incident.as_ref().is_some_and(|incident| incident.flaps),
            suppressed_by: blamed.map(|root| self.tracks[root].part.id.clone()),
            excused_by: self.windows.excuse(&track.part.id).map(str::to_owned),
            last: track.last.clone(),
        }
    }

    /// Everything, now.
    #[must_use]
    pub fn picture(&self, now: Moment) -> Picture {
        Picture { at: now.at, parts: self.standings(), settling_until: self.settling_until(now) }
    }

    fn settling_until(&self, now: Moment) -> Option<DateTime<Utc>> {
        let left = self.settling? - now.micros();
        (left > 0).then(|| now.at + duration(left))
    }

    /// The incidents that are not over.
    pub fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.tracks.iter().filter_map(|track| track.incident.as_ref())
    }
}

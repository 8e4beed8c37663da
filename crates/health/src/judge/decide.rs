//! What is to be told of a part, given how everything stands.

use super::Judge;
use super::blame::Blame;
use super::happening::{Happening, Incident, News};
use super::moment::{Moment, duration, micros};
use super::track::{Bar, Hold};
use crate::board::State;
use crate::part::Importance;

/// Whether something may be raised for a part now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    Open,
    Barred,
    /// What is needed to know has not been seen yet.
    Waiting,
}

impl Judge {
    pub(super) fn decide_all(&mut self, now: Moment, happenings: &mut Vec<Happening>) {
        self.waiting = false;
        for place in 0..self.tracks.len() {
            self.decide(place, now, happenings);
        }
    }

    /// Decides about one part. What is due is decided by the state alone, so it may be asked at any time.
    pub(super) fn decide(&mut self, place: usize, now: Moment, happenings: &mut Vec<Happening>) {
        self.bar(place, now);
        let has_eased = self.has_eased(place, now);
        let track = &self.tracks[place];
        let Some(incident) = &track.incident else {
            self.begin(place, now, happenings);
            return;
        };
        let flaps = track.flaps.flaps(now, incident.flaps);
        let (told, state) = (incident.state, track.state);
        if incident.flaps {
            if !flaps {
                self.settle_down(place, now, happenings);
            }
        } else if !track.troubled() {
            self.end(place, now, News::Resolved, happenings);
        } else if has_eased {
            self.tell(place, now, News::Eased, happenings);
        } else if flaps || (told == State::Warn && state == State::Fail) {
            let news = if flaps { News::Flapping } else { News::Worsened };
            if self.gate(place, now) == Gate::Open {
                self.tell(place, now, news, happenings);
            }
        } else if self.reminder_is_due(place, now) {
            self.tell(place, now, News::Reminded, happenings);
        }
        self.affect(place, happenings);
    }

    /// Whether it warns for long enough for that to be news: what comes back is often slow at first, and well a moment later.
    fn has_eased(&mut self, place: usize, now: Moment) -> bool {
        let follow = micros(self.rules.follow);
        let track = &mut self.tracks[place];
        let told_down =
            track.incident.as_ref().is_some_and(|incident| incident.state == State::Fail && !incident.flaps);
        if !(told_down && track.state == State::Warn) {
            track.eased = None;
            return false;
        }
        now.micros() - *track.eased.get_or_insert(now.micros()) >= follow
    }

    /// Raises or lowers the bar of a part.
    fn bar(&mut self, place: usize, now: Moment) {
        let before = self.tracks[place].bar;
        let bar = if self.settling.is_some_and(|until| now.micros() < until) {
            Some(Bar::Settling)
        } else if self.windows.excuse(&self.tracks[place].part.id).is_some() {
            Some(Bar::Window)
        } else {
            self.root(place).map(Bar::Parent)
        };
        let follow = micros(self.rules.follow);
        let track = &mut self.tracks[place];
        track.bar = bar;
        match (before, bar) {
            (Some(was), None) => {
                let (looks, wait) = match was {
                    Bar::Parent(_) => (track.part.cadence.down_after.max(1), follow),
                    Bar::Settling | Bar::Window => (1, 0),
                };
                track.hold = Some(Hold { since: now.micros(), looks, until: now.micros() + wait });
                track.waits.clear();
                // What was excused does not count as unknown to anybody.
                track.well = Some(now.micros());
                if track.troubled() {
                    track.want();
                }
            }
            (None, Some(_)) => {
                // It went down because of what bars it, and was only seen earlier.
                let trouble = track.trouble.map_or(now.micros(), |(began, _)| began);
                track.flaps.excuse_since(trouble);
            }
            _ => {}
        }
    }

    fn gate(&mut self, place: usize, now: Moment) -> Gate {
        if self.tracks[place].bar.is_some() {
            return Gate::Barred;
        }
        let unmet = |hold: Hold| hold.looks > 0 || now.micros() < hold.until;
        let held = self.tracks[place].hold.is_some_and(unmet);
        // Asked in any case: the looks at the parents can be had meanwhile.
        let blame = self.blame(place, now);
        if held || blame != Blame::Itself {
            self.waiting = true;
            return Gate::Waiting;
        }
        self.tracks[place].waits.clear();
        Gate::Open
    }

    /// Begins an incident if there is one.
    fn begin(&mut self, place: usize, now: Moment, happenings: &mut Vec<Happening>) {
        let track = &self.tracks[place];
        let flaps = track.flaps.flaps(now, false);
        if !track.troubled() && !flaps {
            self.tracks[place].waits.clear();
            return;
        }
        let stumbles = !track.troubled();
        if stumbles && track.parents.iter().any(|parent| self.tracks[*parent].flaps.uneven()) {
            return;
        }
        if self.gate(place, now) != Gate::Open {
            return;
        }
        self.last_incident += 1;
        let incident = self.incident(place, now, flaps);
        let track = &mut self.tracks[place];
        track.hold = None;
        (track.raised, track.told) = (now.micros(), now.micros());
        happenings.push(news(if flaps { News::Flapping } else { News::Raised }, &incident));
        track.incident = Some(incident);
    }

    fn incident(&self, place: usize, now: Moment, flaps: bool) -> Incident {
        let track = &self.tracks[place];
        let (trouble, began_at) = track.trouble.unwrap_or((now.micros(), now.at));
        let cause = crate::cause::find(&track.part, began_at, &self.releases);
        let affected = |other: &&super::track::Track| other.troubled() && other.bar == Some(Bar::Parent(place));
        Incident {
            id: self.last_incident,
            part: track.part.id.clone(),
            title: track.part.title.clone(),
            importance: track.part.importance,
            state: if track.state == State::Fail { State::Fail } else { State::Warn },
            began_at,
            detected_at: now.at,
            ended_at: None,
            detect: duration(now.micros() - track.well.unwrap_or(trouble)),
            resolve: None,
            flaps,
            flapped: u32::from(flaps),
            affected: self.tracks.iter().filter(affected).map(|other| other.part.id.clone()).collect(),
            deployment: cause.as_ref().map(|cause| cause.deployment),
            cause: cause.map(|cause| cause.words),
            words: words(track),
            told: 1,
            reminders: 0,
            told_at: now.at,
        }
    }

    /// It no longer goes up and down: it is over, or down for good.
    fn settle_down(&mut self, place: usize, now: Moment, happenings: &mut Vec<Happening>) {
        if self.tracks[place].troubled() {
            self.tell(place, now, News::Stable, happenings);
        } else {
            self.end(place, now, News::Stable, happenings);
        }
    }

    fn tell(&mut self, place: usize, now: Moment, what: News, happenings: &mut Vec<Happening>) {
        let track = &mut self.tracks[place];
        let (state, words) = (track.state, words(track));
        let Some(incident) = track.incident.as_mut() else { return };
        if matches!(state, State::Warn | State::Fail) {
            incident.state = state;
            incident.words = words;
        }
        match what {
            News::Flapping => {
                incident.flaps = true;
                incident.flapped += 1;
            }
            News::Stable => incident.flaps = false,
            News::Reminded => incident.reminders += 1,
            _ => {}
        }
        incident.told += 1;
        incident.told_at = now.at;
        track.told = now.micros();
        happenings.push(news(what, incident));
    }

    fn end(&mut self, place: usize, now: Moment, what: News, happenings: &mut Vec<Happening>) {
        let track = &mut self.tracks[place];
        let Some(mut incident) = track.incident.take() else { return };
        incident.ended_at = Some(now.at);
        incident.resolve = Some(duration(now.micros() - track.raised));
        incident.flaps = false;
        incident.told += 1;
        incident.told_at = now.at;
        happenings.push(news(what, &incident));
    }

    fn reminder_is_due(&self, place: usize, now: Moment) -> bool {
        let track = &self.tracks[place];
        track.state == State::Fail
            && track.part.importance == Importance::Critical
            && track.bar.is_none()
            && now.micros() - track.told >= micros(self.rules.remind_every)
    }

    /// Adds to the part's incident who fails because of it.
    fn affect(&mut self, place: usize, happenings: &mut Vec<Happening>) {
        let blamed: Vec<_> = self
            .tracks
            .iter()
            .filter(|other| other.troubled() && other.incident.is_none() && other.bar == Some(Bar::Parent(place)))
            .map(|other| other.part.id.clone())
            .collect();
        let Some(incident) = self.tracks[place].incident.as_mut() else { return };
        let before = incident.affected.len();
        for part in blamed {
            if !incident.affected.contains(&part) {
                incident.affected.push(part);
            }
        }
        if incident.affected.len() > before {
            happenings.push(news(News::Affected, incident));
        }
    }
}

/// What was seen last, in words; a part that is well again just now says nothing.
fn words(track: &super::track::Track) -> String {
    track.last.as_ref().map(|last| last.reading.words.clone()).unwrap_or_default()
}

pub(super) fn news(news: News, incident: &Incident) -> Happening {
    Happening::Incident { news, incident: Box::new(incident.clone()) }
}

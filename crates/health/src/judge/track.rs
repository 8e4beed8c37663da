//! One part: what was seen of it, and what is believed.
//!
//! A part is down after so many failures in a row and well after so many successes; until then what is believed stays. Time is
//! given to a state only when there is no doubt about it: the look that ends a doubt decides about all of the doubt's time.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::flap::Flaps;
use super::happening::{Incident, Sample};
use super::memory::PartMemory;
use super::moment::{Moment, duration, micros};
use super::rules::Rules;
use crate::board::State;
use crate::part::Part;
use crate::reading::{Observation, Verdict};

/// A part, as the judge knows it.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) part: Part,
    /// The places of its parents.
    pub(super) parents: Vec<usize>,
    pub(super) state: State,
    pub(super) since: DateTime<Utc>,
    pub(super) last: Option<Observation>,
    /// When the last look began and ended.
    pub(super) looked: Option<(i64, i64)>,
    /// The first look of the present trouble: when it began, and its time.
    pub(super) trouble: Option<(i64, DateTime<Utc>)>,
    /// When the first look of the present row of failures began.
    pub(super) failing: Option<i64>,
    /// When the last look that was well ended.
    pub(super) well: Option<i64>,
    pub(super) flaps: Flaps,
    pub(super) incident: Option<Incident>,
    /// When the incident was raised and when it was told last.
    pub(super) raised: i64,
    pub(super) told: i64,
    /// Since when it only warns, although it was told to be down.
    pub(super) eased: Option<i64>,
    /// Why nothing is raised for it.
    pub(super) bar: Option<Bar>,
    /// What has to be seen before it is raised, after a bar fell.
    pub(super) hold: Option<Hold>,
    /// The parents whose looks are waited for, and until when.
    pub(super) waits: BTreeMap<usize, i64>,
    /// Whether somebody wants it looked at.
    pub(super) wanted: Wanted,
    in_a_row: InARow,
    /// Time that no state was given yet.
    undecided: i64,
    doubt: bool,
}

/// Why nothing is raised for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bar {
    /// A cold start.
    Settling,
    /// Maintenance, or a release.
    Window,
    /// A part that it stands on is to blame.
    Parent(usize),
}

/// Whether a part is to be looked at out of turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    No,
    /// Nobody was told yet.
    Now,
    /// It was passed on; the look has not come yet.
    PassedOn,
}

/// After a bar fell, a part is raised only for what is seen from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    /// Looks count that began since.
    pub(super) since: i64,
    /// So many have to fail.
    pub(super) looks: u32,
    /// Not before.
    pub(super) until: i64,
}

#[derive(Debug, Default)]
struct InARow {
    pass: u32,
    not_failed: u32,
    troubled: u32,
    failed: u32,
}

impl Track {
    pub(super) fn new(part: Part, rules: &Rules, now: Moment) -> Self {
        Self {
            part,
            parents: Vec::new(),
            state: State::Unknown,
            since: now.at,
            last: None,
            looked: None,
            trouble: None,
            failing: None,
            well: None,
            flaps: Flaps::new(rules.flap),
            incident: None,
            eased: None,
            raised: now.micros(),
            told: now.micros(),
            bar: None,
            hold: None,
            waits: BTreeMap::new(),
            wanted: Wanted::No,
            in_a_row: InARow::default(),
            undecided: 0,
            doubt: false,
        }
    }

    /// As it stood before a restart.
    pub(super) fn recall(&mut self, now: Moment, memory: &PartMemory) {
        self.state = memory.state;
        self.since = memory.since;
        self.flaps.recall(now, &memory.changes);
        if self.troubled() {
            self.trouble = Some((now.micros(), memory.since));
        }
    }

    /// For after the next restart.
    pub(super) fn memory(&self) -> PartMemory {
        PartMemory { part: self.part.id.clone(), state: self.state, since: self.since, changes: self.flaps.changes() }
    }

    /// Whether it is believed not to be well.
    pub(super) fn troubled(&self) -> bool {
        matches!(self.state, State::Warn | State::Fail)
    }

    /// When what is believed of it began to show.
    pub(super) fn onset(&self) -> Option<i64> {
        let trouble = self.trouble.map(|(began, _)| began);
        if self.state == State::Fail { self.failing.or(trouble) } else { trouble }
    }

    /// Whether others may fail because of it.
    pub(super) fn at_fault(&self) -> bool {
        self.state == State::Fail || self.incident.as_ref().is_some_and(|incident| incident.flaps)
    }

    /// Whether the last look saw it down.
    pub(super) fn seen_down(&self) -> bool {
        self.last.as_ref().is_some_and(|last| last.reading.verdict == Verdict::Fail)
    }

    /// Takes a look in. Gives it for the history, and what was believed before if that changed.
    pub(super) fn look(&mut self, now: Moment, seen: &Observation) -> (Sample, Option<State>) {
        let verdict = seen.reading.verdict;
        let ended = now.micros();
        let began = ended - seen.latency.map_or(0, micros);
        let gap = self.looked.map_or(0, |(_, before)| (ended - before).clamp(0, self.longest_gap()));
        let before = self.state;
        self.count(verdict);
        if verdict == Verdict::Pass || verdict == Verdict::NotConfigured {
            self.well = Some(ended);
        } else if self.trouble.is_none() {
            self.trouble = Some((began, seen.at));
        }
        if self.in_a_row.failed == 1 {
            self.failing = Some(began);
        }
        self.state = self.believed(verdict);
        self.looked = Some((began, ended));
        self.last = Some(seen.clone());
        self.wanted = Wanted::No;
        if let Some(hold) = &mut self.hold {
            if verdict == Verdict::Pass {
                hold.looks = hold.looks.max(1);
            } else if began >= hold.since {
                hold.looks = hold.looks.saturating_sub(1);
            }
        }
        if state_of(verdict) == self.state && !self.troubled() {
            self.trouble = None;
        }
        let (state, covers) = self.attribute(before, gap, state_of(verdict));
        let changed = (self.state != before).then_some(before);
        if changed.is_some() {
            self.since = now.at;
        }
        let sample = Sample {
            part: self.part.id.clone(),
            at: seen.at,
            latency: seen.latency,
            verdict,
            state,
            covers: duration(covers),
        };
        (sample, changed)
    }

    fn count(&mut self, verdict: Verdict) {
        let row = &mut self.in_a_row;
        let next = |holds: bool, count: u32| if holds { count.saturating_add(1) } else { 0 };
        row.pass = next(verdict == Verdict::Pass, row.pass);
        row.not_failed = next(verdict != Verdict::Fail, row.not_failed);
        row.troubled = next(matches!(verdict, Verdict::Warn | Verdict::Fail), row.troubled);
        row.failed = next(verdict == Verdict::Fail, row.failed);
    }

    fn believed(&self, verdict: Verdict) -> State {
        let (row, cadence) = (&self.in_a_row, &self.part.cadence);
        let (down_after, up_after) = (cadence.down_after.max(1), cadence.up_after.max(1));
        if verdict == Verdict::NotConfigured {
            return State::NotConfigured;
        }
        if row.failed >= down_after {
            return State::Fail;
        }
        match self.state {
            State::Fail | State::Warn if row.pass >= up_after => State::Pass,
            State::Fail if row.not_failed >= up_after => State::Warn,
            State::Fail | State::Warn => self.state,
            State::Pass | State::Unknown | State::NotConfigured => {
                if row.troubled >= down_after {
                    State::Warn
                } else if verdict == Verdict::Pass {
                    State::Pass
                } else {
                    self.state
                }
            }
        }
    }

    /// Which state the time since the last look is given to, and how much time.
    fn attribute(&mut self, before: State, gap: i64, seen: State) -> (State, i64) {
        let doubted = std::mem::replace(&mut self.doubt, seen != self.state);
        if !doubted {
            // Up to this look all was as believed, whatever this one saw; before the first there was no belief.
            let state = if before == State::Unknown { self.state } else { before };
            return (state, gap);
        }
        self.undecided += gap;
        if self.doubt {
            return (self.state, 0);
        }
        (self.state, std::mem::take(&mut self.undecided))
    }

    /// What lies further apart was not observed in between.
    fn longest_gap(&self) -> i64 {
        micros(self.part.cadence.interval * 2 + self.part.cadence.timeout)
    }

    /// Asks for a look, unless one is on its way.
    pub(super) fn want(&mut self) {
        if self.wanted == Wanted::No {
            self.wanted = Wanted::Now;
        }
    }

    /// From its last look to its next, before jitter.
    pub(super) fn pace(&self, rules: &Rules) -> Duration {
        let interval = self.part.cadence.interval;
        let held = self.hold.is_some_and(|hold| hold.looks > 0) && self.troubled();
        if self.doubt || held {
            interval.min(rules.confirm_every)
        } else if self.state == State::Fail {
            interval.min(rules.down_every)
        } else {
            interval
        }
    }
}

/// What a verdict would be believed as.
pub(super) fn state_of(verdict: Verdict) -> State {
    match verdict {
        Verdict::Pass => State::Pass,
        Verdict::Warn => State::Warn,
        Verdict::Fail => State::Fail,
        Verdict::NotConfigured => State::NotConfigured,
    }
}

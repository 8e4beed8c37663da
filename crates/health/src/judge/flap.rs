//! Whether a part goes up and down so often that single changes are no news.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::moment::{Moment, micros};
use super::rules::FlapRules;
use crate::board::State;

/// What has to be remembered of a part for it.
#[derive(Debug, Clone)]
pub(super) struct Flaps {
    rules: FlapRules,
    /// When what is believed changed, by both clocks; oldest first.
    changes: VecDeque<(i64, DateTime<Utc>)>,
    /// For each of the last looks, whether it saw something else than the one before.
    flips: VecDeque<bool>,
    seen: Option<State>,
}

impl Flaps {
    pub(super) fn new(rules: FlapRules) -> Self {
        Self { rules, changes: VecDeque::new(), flips: VecDeque::new(), seen: None }
    }

    /// As remembered from before a restart.
    pub(super) fn recall(&mut self, now: Moment, changes: &[DateTime<Utc>]) {
        self.changes = changes.iter().map(|at| (now.micros_at(*at, self.rules.window), *at)).collect();
        self.forget(now);
    }

    /// What is believed changed.
    pub(super) fn changed(&mut self, now: Moment) {
        self.changes.push_back((now.micros(), now.at));
        self.forget(now);
    }

    /// A look saw this.
    pub(super) fn saw(&mut self, seen: State) {
        self.flips.push_back(self.seen.is_some_and(|before| before != seen));
        self.seen = Some(seen);
        while self.flips.len() > self.rules.looks {
            self.flips.pop_front();
        }
    }

    /// What changed since then was another's doing.
    pub(super) fn excuse_since(&mut self, since: i64) {
        self.changes.retain(|(at, _)| *at < since);
        self.flips.clear();
    }

    fn forget(&mut self, now: Moment) {
        let old = now.micros() - micros(self.rules.window);
        while self.changes.front().is_some_and(|(at, _)| *at <= old) {
            self.changes.pop_front();
        }
        // A bound that no rule reaches: what flaps every second for a whole window.
        while self.changes.len() > 64 {
            self.changes.pop_front();
        }
    }

    fn counted(&self, now: Moment) -> (usize, usize) {
        let old = now.micros() - micros(self.rules.window);
        let changes = self.changes.iter().filter(|(at, _)| *at > old).count();
        (changes, self.flips.iter().filter(|flip| **flip).count())
    }

    /// Whether it flaps, given whether it did.
    pub(super) fn flaps(&self, now: Moment, before: bool) -> bool {
        let (changes, flips) = self.counted(now);
        if before {
            changes > self.rules.end_changes || flips > self.rules.end_flips
        } else {
            changes >= self.rules.begin_changes || flips >= self.rules.begin_flips
        }
    }

    /// Whether its looks have been so uneven that those of its children say nothing.
    pub(super) fn uneven(&self) -> bool {
        self.flips.iter().filter(|flip| **flip).count() > self.rules.end_flips
    }

    /// For after a restart.
    pub(super) fn changes(&self) -> Vec<DateTime<Utc>> {
        self.changes.iter().map(|(_, at)| *at).collect()
    }
}

//! Maintenance: what is in it raises no alert.
//!
//! When a window begins is told by the wall clock, since people announce it by theirs. Once it runs, how long it still lasts
//! is counted by the other clock: a wall clock that is put forward does not end it early.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moment::{Moment, micros};
use crate::part::PartId;

/// An announced maintenance, or a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its number.
    pub id: i64,
    /// The parts in it; empty means all.
    pub parts: Vec<PartId>,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when, at the latest.
    pub until: DateTime<Utc>,
    /// What for.
    pub reason: String,
    /// Who announced it; `None` for releases, which open theirs by themselves.
    pub by: Option<String>,
    /// The release that opened it.
    pub deployment: Option<i64>,
}

impl Window {
    /// Whether the part is in it.
    #[must_use]
    pub fn touches(&self, part: &PartId) -> bool {
        self.parts.is_empty() || self.parts.contains(part)
    }
}

/// The windows that are known, running and to come.
#[derive(Debug, Default)]
pub(super) struct Windows(Vec<Known>);

#[derive(Debug)]
struct Known {
    window: Window,
    /// Once it runs: when it ends.
    ends: Option<i64>,
}

impl Windows {
    pub(super) fn put(&mut self, now: Moment, window: Window) {
        match self.0.iter_mut().find(|known| known.window.id == window.id) {
            Some(known) if known.window == window => {}
            Some(known) => {
                known.ends = known.ends.map(|_| end_of(&window, now));
                known.window = window;
            }
            None => self.0.push(Known { window, ends: None }),
        }
    }

    /// Takes one away; gives it if it ran.
    pub(super) fn remove(&mut self, id: i64) -> Option<Window> {
        let index = self.0.iter().position(|known| known.window.id == id)?;
        let known = self.0.remove(index);
        known.ends.map(|_| known.window)
    }

    /// Those that are over only if somebody closed them. One whose time is up by the wall clock ends by the other one: the
    /// wall clock may have been put forward.
    pub(super) fn closable(&self, now: Moment) -> Vec<i64> {
        self.0
            .iter()
            .map(|known| &known.window)
            .filter(|window| now.at < window.until)
            .map(|window| window.id)
            .collect()
    }

    /// Begins and ends what is due; gives what began and what ended.
    pub(super) fn turn(&mut self, now: Moment) -> (Vec<Window>, Vec<Window>) {
        let mut began = Vec::new();
        for known in &mut self.0 {
            if known.ends.is_none() && known.window.from <= now.at && now.at < known.window.until {
                known.ends = Some(end_of(&known.window, now));
                began.push(known.window.clone());
            }
        }
        let mut ended = Vec::new();
        self.0.retain(|known| {
            let over = match known.ends {
                Some(ends) => ends <= now.micros(),
                None => known.window.until <= now.at,
            };
            if over && known.ends.is_some() {
                ended.push(known.window.clone());
            }
            !over
        });
        (began, ended)
    }

    /// Why the part is excused, if it is.
    pub(super) fn excuse(&self, part: &PartId) -> Option<&str> {
        let running = |known: &&Known| known.ends.is_some() && known.window.touches(part);
        self.0.iter().find(running).map(|known| known.window.reason.as_str())
    }
}

fn end_of(window: &Window, now: Moment) -> i64 {
    now.micros() + micros((window.until - now.at).to_std().unwrap_or_default())
}

//! The figures by which is judged, in one place.

use std::time::Duration;

/// The figures; each part's own thresholds stand in its [`crate::part::Cadence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// From look to look while what was seen is not believed yet.
    pub confirm_every: Duration,
    /// From look to look at what is down, at most: its end is to be noticed although it is seldom looked at otherwise.
    pub down_every: Duration,
    /// How much longer than a parent's own timeout its look is waited for before a child is blamed.
    pub parent_patience: Duration,
    /// How long the children of what was down have to follow once it is well again; and how long what was down may warn
    /// before that is told.
    pub follow: Duration,
    /// From one reminder of a critical incident to the next.
    pub remind_every: Duration,
    /// How long nothing is raised after a cold start.
    pub settle: Duration,
    /// A start after so long an absence is a cold one: the whole stack was away.
    pub cold_after: Duration,
    /// When single changes are no news any more.
    pub flap: FlapRules,
}

/// When a part flaps. As in Nagios and Icinga, changes are counted over a window and it takes fewer to go on than to begin.
///
/// Two things count, since looks are not evenly spaced here. *Changes* of what is believed, over some time: it went down, it
/// came back, again and again. And *flips* from one look to the next, over some looks: it fails so irregularly that no
/// threshold is ever reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlapRules {
    /// Over how long changes are counted.
    pub window: Duration,
    /// So many changes begin it: going down for the fourth time is the seventh.
    pub begin_changes: usize,
    /// So many or fewer end it.
    pub end_changes: usize,
    /// Over how many looks flips are counted.
    pub looks: usize,
    /// So many flips begin it.
    pub begin_flips: usize,
    /// So many or fewer end it.
    pub end_flips: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            confirm_every: Duration::from_secs(1),
            down_every: Duration::from_secs(30),
            parent_patience: Duration::from_secs(2),
            follow: Duration::from_secs(30),
            remind_every: Duration::from_hours(4),
            settle: Duration::from_mins(2),
            cold_after: Duration::from_mins(1),
            flap: FlapRules::default(),
        }
    }
}

impl Default for FlapRules {
    fn default() -> Self {
        Self {
            window: Duration::from_mins(20),
            begin_changes: 7,
            end_changes: 2,
            looks: 20,
            begin_flips: 10,
            end_flips: 5,
        }
    }
}

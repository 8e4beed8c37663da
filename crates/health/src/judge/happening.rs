//! What the judge found: what is written down, and what people are told of.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::board::State;
use crate::judge::memory::PartMemory;
use crate::judge::windows::Window;
use crate::part::{Importance, PartId};
use crate::reading::Verdict;

/// What one look came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// For the history.
    pub sample: Sample,
    /// What changed by it, in order; mostly nothing.
    pub happenings: Vec<Happening>,
}

/// One look, as the history keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Of what.
    pub part: PartId,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// How long the part took to answer, where that says something.
    pub latency: Option<Duration>,
    /// What was seen.
    pub verdict: Verdict,
    /// How the part stood during `covers`.
    pub state: State,
    /// The time that this look decides about, up to now. While it is in doubt how the part stands it is nothing; the look
    /// that ends the doubt has it all.
    pub covers: Duration,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// What is believed of a part changed.
    Changed {
        /// What was believed.
        from: State,
        /// What is believed, and what has to outlive a restart.
        memory: PartMemory,
    },
    /// An incident began, changed or ended; as it is now.
    Incident {
        /// What is new about it.
        news: News,
        /// As it is now, as a whole.
        incident: Box<Incident>,
    },
    /// Maintenance began.
    WindowBegan(Window),
    /// Maintenance is over.
    WindowEnded(Window),
}

/// What is new about an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It began. Told.
    Raised,
    /// What was a warning is a failure now. Told.
    Worsened,
    /// What was a failure is a warning now. Told.
    Eased,
    /// The part goes up and down: single changes are not told from here on. Told; may be the first of an incident.
    Flapping,
    /// It no longer does: it is well, and the incident is over, or it is down for good. Told.
    Stable,
    /// It still is. Told.
    Reminded,
    /// Another part failed because of it. Not told.
    Affected,
    /// A probable cause was found after it was raised. Not told.
    Explained,
    /// It is over. Told.
    Resolved,
}

/// Something that is, or was, wrong with a part, for which nothing else is to blame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// Its number; grows.
    pub id: i64,
    /// The part.
    pub part: PartId,
    /// The part, for people.
    pub title: String,
    /// Whether the platform can do its work without it.
    pub importance: Importance,
    /// How bad it is: [`State::Warn`] or [`State::Fail`].
    pub state: State,
    /// When the first look failed.
    pub began_at: DateTime<Utc>,
    /// When it was raised.
    pub detected_at: DateTime<Utc>,
    /// When it was over.
    pub ended_at: Option<DateTime<Utc>>,
    /// From the last look that was well to raised; what an announced maintenance or a cold start excused is left out.
    pub detect: Duration,
    /// From raised to over.
    pub resolve: Option<Duration>,
    /// Whether single changes are no news just now.
    pub flaps: bool,
    /// How often it began to go up and down.
    pub flapped: u32,
    /// Parts that failed because of it.
    pub affected: Vec<PartId>,
    /// What probably caused it and what to do.
    pub cause: Option<String>,
    /// The release after which it began.
    pub deployment: Option<i64>,
    /// What was seen, in words; for admins.
    pub words: String,
    /// How often people were told of it, the first time included.
    pub told: u32,
    /// How often they were reminded.
    pub reminders: u32,
    /// When they were told last.
    pub told_at: DateTime<Utc>,
}

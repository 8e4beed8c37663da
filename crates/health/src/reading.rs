//! What one look at a part told.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::part::PartId;

/// What is to be thought of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusVerdict)]
pub enum Verdict {
    /// Well.
    Pass,
    /// It works, and somebody should look at it before it does not.
    Warn,
    /// It does not work.
    Fail,
    /// There is no such thing here (no backup is set up, no key for Claude): never a number, never an alarm.
    NotConfigured,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusUnit)]
pub enum Unit {
    /// So many of something.
    Count,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Bytes.
    Bytes,
    /// From 0 to 1.
    Share,
}

/// A number worth seeing beside the state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusFigure)]
pub struct Figure {
    /// What it is, in words: "waiting jobs".
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: Unit,
}

/// What a look told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What is to be thought of it.
    pub verdict: Verdict,
    /// Why, in words, with values; for admins alone. Holds no secret. Empty where all is well and nothing is to be said.
    pub words: String,
    /// Numbers worth seeing.
    pub figures: Vec<Figure>,
}

impl Reading {
    /// All is well.
    #[must_use]
    pub fn pass() -> Self {
        Self { verdict: Verdict::Pass, words: String::new(), figures: Vec::new() }
    }

    /// It works, but.
    #[must_use]
    pub fn warn(words: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, words: words.into(), figures: Vec::new() }
    }

    /// It does not work.
    #[must_use]
    pub fn fail(words: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, words: words.into(), figures: Vec::new() }
    }

    /// There is no such thing here.
    #[must_use]
    pub fn not_configured(words: impl Into<String>) -> Self {
        Self { verdict: Verdict::NotConfigured, words: words.into(), figures: Vec::new() }
    }

    /// The same with one figure more.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64, unit: Unit) -> Self {
        self.figures.push(Figure { name: name.to_owned(), value, unit });
        self
    }
}

/// A reading, of what and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Of what.
    pub part: PartId,
    /// When the look ended.
    pub at: DateTime<Utc>,
    /// How long the part took to answer, where that says something.
    pub latency: Option<Duration>,
    /// What it told.
    pub reading: Reading,
}

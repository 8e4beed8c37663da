//! What is watched, and what stands on what.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Names a part: small letters, digits and `-`, at most 40 characters. The same for as long as the part is watched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = StatusPartId, value_type = String)]
pub struct PartId(String);

impl PartId {
    /// The id, if it is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let letters = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
        (!text.is_empty() && text.len() <= 40 && text.bytes().all(letters)).then(|| Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether the platform can do its work without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusImportance)]
pub enum Importance {
    /// Down, the platform is down: `/health` answers 503.
    Critical,
    /// Down, the platform is worse: `/health` warns.
    Optional,
}

/// How often a part is looked at and how much it takes to believe what is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    /// From one look to the next, before jitter. After a first failure it is one second until the threshold.
    pub interval: Duration,
    /// A look that has not ended by then has failed, whatever the part is doing.
    pub timeout: Duration,
    /// Failures in a row that make it down.
    pub down_after: u32,
    /// Successes in a row that make it well again.
    pub up_after: u32,
}

/// One thing that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Names it.
    pub id: PartId,
    /// For people; tells no address.
    pub title: String,
    /// Whether it matters to the whole.
    pub importance: Importance,
    /// What it stands on: while one of these is down, this one's failing is no news.
    pub parents: Vec<PartId>,
    /// How it is looked at.
    pub cadence: Cadence,
    /// The service a release of which excuses it ("gateway"), if one does.
    pub service: Option<&'static str>,
}

//! What the judge has to know again after a restart.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::board::State;
use crate::judge::happening::Incident;
use crate::part::PartId;

/// What is known from before; the default is a first start on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// When somebody judged here last (the newest picture's time).
    pub alive_at: Option<DateTime<Utc>>,
    /// How the parts stood.
    pub parts: Vec<PartMemory>,
    /// Incidents that were not over.
    pub incidents: Vec<Incident>,
    /// The greatest number that an incident was ever given; 0 before the first.
    pub last_incident: i64,
}

/// How a part stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartMemory {
    /// Which.
    pub part: PartId,
    /// How it stood.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it last changed, oldest first, as far as it counts for flapping.
    pub changes: Vec<DateTime<Utc>>,
}

//! What admins ask for, and what comes of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::part::PartId;

/// Maintenance that is announced: what is in it raises no alert.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StatusWindowOrder)]
pub struct WindowOrder {
    /// The parts in it; empty or left out means all.
    #[serde(default)]
    pub parts: Vec<PartId>,
    /// From when; left out means now.
    pub from: Option<DateTime<Utc>>,
    /// Until when; at most 31 days after `from`.
    pub until: DateTime<Utc>,
    /// What for; everybody may read it.
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
}

/// What came of a test of the alert channels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusAlertTest)]
pub struct AlertTestView {
    /// In every copy of the test message.
    pub event: String,
    /// What came of it, by channel.
    pub outcomes: Vec<ChannelOutcome>,
}

/// What came of a test of one channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StatusChannelOutcome)]
pub struct ChannelOutcome {
    /// "slack", "mail".
    pub channel: String,
    /// The other side has said yes.
    pub delivered: bool,
    /// What came back and, where it was not delivered, what to do.
    pub words: String,
    /// How long it took.
    pub took_ms: f64,
}

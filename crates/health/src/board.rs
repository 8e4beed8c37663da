//! How everything stands now: one picture, replaced as a whole, that readers take without waiting for anybody.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::part::{Importance, PartId};
use crate::reading::Observation;

/// How a part stands, after thresholds: what is believed rather than what was seen last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StatusState)]
pub enum State {
    /// Not looked at yet.
    Unknown,
    /// Well.
    Pass,
    /// It works, and somebody should look at it.
    Warn,
    /// Down.
    Fail,
    /// There is no such thing here.
    NotConfigured,
}

/// How one part stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub part: PartId,
    /// For people.
    pub title: String,
    /// Whether it matters to the whole.
    pub importance: Importance,
    /// What it stands on.
    pub parents: Vec<PartId>,
    /// From one look to the next, in seconds.
    pub interval_s: f64,
    /// How it stands.
    pub state: State,
    /// Since when it stands so.
    pub since: DateTime<Utc>,
    /// It goes up and down so often that single changes are no news.
    pub flapping: bool,
    /// While it is down: the part that is to blame, at the end of the chain.
    pub suppressed_by: Option<PartId>,
    /// Why it is not to be worried about now: a release of it runs, or maintenance was announced.
    pub excused_by: Option<String>,
    /// The last look.
    pub last: Option<Observation>,
}

/// Everything, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Each part, in the order in which they are shown.
    pub parts: Vec<Standing>,
    /// Until then a cold start is excused: nothing is raised.
    pub settling_until: Option<DateTime<Utc>>,
}

/// Holds the newest picture.
#[derive(Debug, Clone)]
pub struct Board(Arc<watch::Sender<Arc<Picture>>>);

impl Board {
    /// With a first picture.
    #[must_use]
    pub fn new(first: Picture) -> Self {
        Self(Arc::new(watch::Sender::new(Arc::new(first))))
    }

    /// The newest picture; never waits.
    #[must_use]
    pub fn now(&self) -> Arc<Picture> {
        self.0.borrow().clone()
    }

    /// Replaces it.
    pub fn show(&self, picture: Picture) {
        self.0.send_replace(Arc::new(picture));
    }

    /// Tells each new picture.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Arc<Picture>> {
        self.0.subscribe()
    }
}

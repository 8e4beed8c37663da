//! When each part is looked at, and what comes of it.
//!
//! ```text
//!  looker (one task a part) --Observation--> engine (one task: Judge) --Picture--> Board
//!     ^      ^                                  |        |
//!     |      +------- pace, "look now" ---------+        +--Batch--> Keeper (one write at a time, beside)
//!     |                                                                |
//!   probe                                            alerts' outbox ---+--> dispatcher --> Slack, mail
//! ```
//!
//! Of several copies over one state folder the one that holds the lock does this ([`leading`]); the others show what it has
//! kept ([`following`]) and take over within a second of its end.
//!
//! * [`look`]: one look, with its time limit. [`looker`]: when the next one is.
//! * [`engine`]: what was seen is judged, shown, written, told.
//! * [`deployments`]: what releases mean here: the timeline, windows, causes.

mod deployments;
mod engine;
mod following;
mod leading;
mod look;
mod looker;
mod writing;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chassis::clock::{SharedClock, SharedMonotonic};
use chassis::entropy::SharedEntropy;
use notify::Channel;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::board::Board;
use crate::judge::{Moment, Rules};
use crate::keep::Keeper;
use crate::lock;
use crate::outward::Outward;
use crate::probes::Watched;
use crate::probes::certificate::Validity;
use crate::releases::Known;

/// How often a copy that does not lead tries to.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// Both clocks.
#[derive(Debug, Clone)]
pub struct Time {
    /// What time it is.
    pub clock: SharedClock,
    /// How much time went by.
    pub monotonic: SharedMonotonic,
}

impl Time {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment::now(&*self.clock, &*self.monotonic)
    }
}

/// What is watched, and by what.
#[derive(Clone)]
pub struct Watch {
    /// The folder that the copies share.
    pub state_dir: PathBuf,
    /// What is watched.
    pub watched: Vec<Watched>,
    /// By which figures is judged.
    pub rules: Rules,
    /// Where it is kept.
    pub keeper: Keeper,
    /// Where it is shown.
    pub board: Board,
    /// The ways to people.
    pub channels: Vec<Arc<dyn Channel>>,
    /// Where people open the platform.
    pub public_url: Option<Url>,
    /// What is known of releases.
    pub known: Known,
    /// Tells of each new certificate.
    pub renewals: watch::Receiver<Option<Validity>>,
    /// The watcher outside.
    pub outward: Option<Outward>,
    /// Time.
    pub time: Time,
    /// Randomness.
    pub entropy: SharedEntropy,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<_> = self.watched.iter().map(|watched| watched.part.id.as_str()).collect();
        formatter
            .debug_struct("Watch")
            .field("state_dir", &self.state_dir)
            .field("parts", &parts)
            .finish_non_exhaustive()
    }
}

impl Watch {
    /// Follows until it can lead, then leads, until told to stop.
    ///
    /// # Errors
    /// What is kept cannot be read when it is to lead.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        let following = tokio::spawn(following::follow(self.keeper.clone(), self.board.clone()));
        let _aborted = AbortOnDrop(following.abort_handle());
        loop {
            match lock::take(&self.state_dir) {
                Ok(Some(held)) => {
                    following.abort();
                    tracing::info!("this copy checks and alerts");
                    let outcome = leading::lead(self, stop).await;
                    drop(held);
                    return outcome;
                }
                Ok(None) => {}
                Err(error) => tracing::error!("whether another copy checks cannot be told: {error:#}"),
            }
            tokio::select! {
                () = tokio::time::sleep(TRY_EVERY) => {}
                () = stop.cancelled() => return Ok(()),
            }
        }
    }
}

/// Ends a task that nobody waits for any more.
#[derive(Debug)]
struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

//! The names of everything on Redis, in one place.

use domain::ids::JobId;
use domain::job::{JobClass, Priority};

/// All names begin with the same prefix, so that several platforms can share one Redis.
#[derive(Debug, Clone)]
pub struct Keys {
    prefix: String,
}

/// The consumer group of all job streams.
pub(crate) const GROUP: &str = "workers";

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    /// The stream of a class and priority.
    #[must_use]
    pub fn jobs(&self, class: JobClass, priority: Priority) -> String {
        format!("{}jobs:{class}:p{}", self.prefix, priority.rank())
    }

    /// The progress stream of a job.
    #[must_use]
    pub fn progress(&self, job: JobId) -> String {
        format!("{}progress:{job}", self.prefix)
    }

    /// The channel that carries every event to every gateway.
    #[must_use]
    pub fn events(&self) -> String {
        format!("{}events", self.prefix)
    }

    /// The channel that carries wishes to cancel to every worker.
    #[must_use]
    pub fn cancels(&self) -> String {
        format!("{}cancels", self.prefix)
    }

    /// The epoch.
    #[must_use]
    pub fn epoch(&self) -> String {
        format!("{}epoch", self.prefix)
    }
}

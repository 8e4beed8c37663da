//! What the deployer tells on its private port: which release is live, in which containers, and what is under way. The one
//! service-to-service read of the platform.
//!
//! Every copy of this service follows it, because the names of containers are in it. What was told last is kept in the
//! state folder: a service that starts while the deployer is away still knows where the others are.

mod follow;
mod told;

use std::sync::Arc;

use tokio::sync::watch;

pub use follow::{Follower, follow};
pub use told::{DeployerState, Live, LiveService, Pin, Release, ReleaseKind, ReleaseState, Running};

/// What is known of releases; clones see the same.
#[derive(Debug, Clone)]
pub struct Known(watch::Receiver<Seen>);

/// What was seen last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// What the deployer told last, now or at some time before; `None` when it never did.
    pub state: Option<Arc<DeployerState>>,
    /// Whether that is what it tells now.
    pub is_current: bool,
}

impl Known {
    /// Where there is no deployer.
    #[must_use]
    pub fn nothing() -> Self {
        let (_, known) = watch::channel(Seen::default());
        Self(known)
    }

    /// By what a test or the follower tells.
    #[must_use]
    pub fn told(known: watch::Receiver<Seen>) -> Self {
        Self(known)
    }

    /// What was seen last.
    #[must_use]
    pub fn now(&self) -> Seen {
        self.0.borrow().clone()
    }

    /// The container that a release gave a service, by its name.
    #[must_use]
    pub fn container(&self, service: &str) -> Option<String> {
        let seen = self.0.borrow();
        let live = seen.state.as_ref()?.live.as_ref()?;
        live.services.get(service)?.container.clone()
    }

    /// Ends when something new was seen; never, once nobody tells any more.
    pub async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

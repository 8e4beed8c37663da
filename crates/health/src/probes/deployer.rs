//! The deployer: whether it is ready, and whether a release needs a person.

use async_trait::async_trait;

use super::place::Place;
use super::service::judge;
use super::{Probe, beginning};
use crate::reading::{Reading, Verdict};
use crate::releases::{DeployerState, Known};

/// The deployer.
#[derive(Debug)]
pub struct Deployer {
    place: Place,
    known: Known,
}

impl Deployer {
    /// At its private port, with what it tells of releases.
    #[must_use]
    pub fn at(place: Place, known: Known) -> Self {
        Self { place, known }
    }
}

#[async_trait]
impl Probe for Deployer {
    async fn look(&self) -> Reading {
        let ready = self.place.ask("/readyz", judge).await;
        let told = self.known.now().state;
        match (ready.verdict, told.as_deref().and_then(needs_a_person)) {
            (Verdict::Pass, Some(words)) => Reading::warn(words),
            _ => ready,
        }
    }
}

fn needs_a_person(state: &DeployerState) -> Option<String> {
    if let Some(stuck) = &state.stuck {
        let why = stuck.reason.as_deref().map(beginning).unwrap_or_default();
        return Some(format!("deployment #{} is stuck: {why}", stuck.id));
    }
    state.paused.then(|| "the maintenance page is up".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::releases::Running;

    #[test]
    fn what_is_stuck_comes_before_what_is_paused() {
        let stuck = Some(Running { id: 5, reason: Some("nginx says no".into()) });
        let state = DeployerState { stuck, paused: true, ..DeployerState::default() };
        assert_eq!(needs_a_person(&state).unwrap(), "deployment #5 is stuck: nginx says no");
        let paused = DeployerState { paused: true, ..DeployerState::default() };
        assert!(needs_a_person(&paused).unwrap().contains("maintenance"));
        assert_eq!(needs_a_person(&DeployerState::default()), None);
    }
}

//! Before going back by hand: is it kept, can it read the database, which jobs would wait.

use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};

use super::{At, Taking, Trouble, done};
use crate::engine::Engine;
use crate::journal::Record;
use crate::ports::Log as _;
use crate::release::{DeploymentId, Service};
use crate::view::{Action, ServiceChange};

/// So long what the order found out is as good as asking again.
const JUST_ASKED: TimeDelta = TimeDelta::seconds(10);

/// What was found out about going back to a release, and when.
#[derive(Debug, Clone)]
pub(crate) struct GoingBack {
    pub(crate) at: DateTime<Utc>,
    pub(crate) refusal: Option<String>,
    pub(crate) stranded_jobs: Vec<String>,
}

impl Engine {
    pub(super) async fn preflight_rollback(&self, at: &mut At<'_>) -> Taking {
        let Some(target) = self.record(at.record.target)? else {
            return Err(Trouble::Refused("the release to go back to is not in the journal any more".to_owned()));
        };
        // Whoever ordered it asked the same a moment ago, and people wait.
        let GoingBack { refusal, stranded_jobs: stranded, .. } = match self.known_of_going_back(target.id, JUST_ASKED) {
            Some(known) => known,
            None => self.ask_going_back(&target).await?,
        };
        if let Some(why) = refusal.filter(|_| !at.record.forced) {
            return Err(Trouble::Refused(why));
        }
        for line in &stranded {
            at.log.line(&format!("waits until a worker knows it: {line}"));
        }
        let base = at.base.as_ref().map(|base| base.work.manifest.clone()).unwrap_or_default();
        let work = &mut at.record.work;
        work.stranded_jobs = stranded;
        work.manifest = target.work.manifest.clone();
        work.manifest.leave_alone_what_came_later(&base);
        work.rendered.clone_from(&target.work.rendered);
        work.checkout.clone_from(&target.work.checkout);
        work.changes = Service::ROLLED
            .into_iter()
            .filter_map(|service| {
                let to = target.work.manifest.pieces.get(&service)?.revision.clone();
                let from = base.pieces.get(&service).map(|piece| piece.revision.clone());
                let action = if from.as_ref() == Some(&to) { Action::Unchanged } else { Action::Roll };
                Some(ServiceChange { service, from, to, action })
            })
            .collect();
        done(format!("back to #{}", target.id))
    }

    /// Asks whether the release can read the database as it is, and which jobs would wait.
    pub(crate) async fn ask_going_back(&self, target: &Record) -> anyhow::Result<GoingBack> {
        let at = self.now();
        let can_run = async {
            match target.work.manifest.pieces.get(&Service::Gateway) {
                Some(gateway) => Ok(self.ports.migrator.can_run(gateway).await?.err()),
                None => anyhow::Ok(None),
            }
        };
        let (refusal, stranded_jobs) = tokio::try_join!(can_run, self.stranded(target))?;
        let asked = GoingBack { at, refusal, stranded_jobs };
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(target.id, asked.clone());
        Ok(asked)
    }

    /// Whatever was found out may not be so any more.
    pub(crate) fn forget_going_back(&self, target: DeploymentId) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).remove(&target);
    }

    /// What was found out within this time.
    pub(crate) fn known_of_going_back(&self, target: DeploymentId, within: TimeDelta) -> Option<GoingBack> {
        let known = self.asked.lock().unwrap_or_else(PoisonError::into_inner).get(&target).cloned();
        known.filter(|known| self.now() - known.at < within)
    }

    /// Jobs that wait for an agent version which the release's worker does not have.
    async fn stranded(&self, release: &Record) -> anyhow::Result<Vec<String>> {
        let pieces = &release.work.manifest.pieces;
        match (pieces.get(&Service::Gateway), pieces.get(&Service::Worker)) {
            (Some(gateway), Some(worker)) => self.ports.migrator.stranded_jobs(gateway, worker).await,
            _ => Ok(Vec::new()),
        }
    }
}
